package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Nodes that find each other by a directory, over one database.
@Timeout(180)
@Isolated("reads the log of the process")
class BootstrapTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SRV = "_contact._tcp.hq.test";

    @TempDir
    Path folder = Path.of("");

    private final SharedSite site = new SharedSite();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final LogLines log = opened(new LogLines());

    private <T extends AutoCloseable> T opened(T something) {
        synchronized (open) {
            open.add(something);
        }
        return something;
    }

    @BeforeEach
    void listen() {
        opened(http);
    }

    @AfterEach
    void close() throws Exception {
        for (var something : open.reversed()) {
            something.close();
        }
    }

    /// Of a node. All are on one host, whose name the JDK must find, too, without our name server.
    private record Ports(int node, int contact) {
        DnsServer.Place place() {
            return new DnsServer.Place("localhost", "127.0.0.1", contact);
        }

        static Ports free() {
            return new Ports(SharedSite.freePort(), SharedSite.freePort());
        }
    }

    private TestSite startByDns(Ports ports, int contactPoints, DnsServer dns) throws IOException {
        var home = Files.createDirectories(folder.resolve("node-" + ports.contact()));
        site.add(home, """
                storemesh.cluster { port = %d, bootstrap {
                  method = dns, service = hq.test, port = %d, contact-points = %d } }
                """.formatted(ports.node(), ports.contact(), contactPoints));
        Config pekko = ConfigFactory.parseMap(Map.of("pekko.io.dns.async-dns.nameservers", List.of(dns.address())));
        return opened(TestSite.start(home, Map.of(), pekko));
    }

    @Test
    void threeNodesThatStartAtOnceBecomeOneClusterAndAFourthJoinsIt() throws Exception {
        var dns = opened(new DnsServer());
        var ports = IntStream.range(0, 3).mapToObj(i -> Ports.free()).toList();
        dns.tell(SRV, ports.stream().map(Ports::place).toList());
        var nodes = new ArrayList<TestSite>();
        var together = new CyclicBarrier(3);
        try (var threads = Executors.newFixedThreadPool(3)) {
            var starting = new ArrayList<Future<TestSite>>();
            for (var own : ports) {
                starting.add(threads.submit(() -> {
                    together.await();
                    return startByDns(own, 3, dns);
                }));
            }
            for (var node : starting) {
                nodes.add(node.get(SOON.toSeconds(), TimeUnit.SECONDS));
            }
        }
        var members = Members.up(nodes.getFirst().system(), 3, SOON);
        assertThat(Members.up(nodes.get(1).system(), 3, SOON)).isEqualTo(members);
        assertThat(Members.up(nodes.get(2).system(), 3, SOON)).isEqualTo(members);

        var late = Ports.free();
        dns.tell(SRV, List.of(ports.get(2).place(), late.place())); // it need not know all
        var fourth = startByDns(late, 3, dns);
        assertThat(Members.up(fourth.system(), 4, SOON)).containsAll(members);
    }

    @Test
    void aNodeThatFindsTooFewOthersBeginsNoCluster() throws Exception {
        var dns = opened(new DnsServer());
        var first = Ports.free();
        var second = Ports.free();
        dns.tell(SRV, List.of(first.place()));
        try (var threads = Executors.newFixedThreadPool(1)) {
            var starting = threads.submit(() -> startByDns(first, 2, dns));
            var decisions = 8; // one a second, and the answer is the same for longer than the margin
            log.await(
                    "it says what it waits for",
                    decisions,
                    SOON,
                    line -> line.startsWith("Discovered [1] contact points, confirmed [1], which is less than"));
            assertThat(starting).isNotDone();
            assertThat(seedNodes(first)).contains("\"seedNodes\":[]");

            dns.tell(SRV, List.of(first.place(), second.place()));
            var other = startByDns(second, 2, dns);
            assertThat(Members.up(other.system(), 2, SOON))
                    .isEqualTo(Members.up(
                            starting.get(SOON.toSeconds(), TimeUnit.SECONDS).system(), 2, SOON));
        }
    }

    @Test
    void theContactPointTellsTheMembersAndNothingElse() throws Exception {
        var dns = opened(new DnsServer());
        var ports = List.of(Ports.free(), Ports.free());
        dns.tell(SRV, ports.stream().map(Ports::place).toList());
        try (var threads = Executors.newFixedThreadPool(1)) {
            var other = threads.submit(() -> startByDns(ports.get(1), 2, dns));
            var node = startByDns(ports.get(0), 2, dns);
            Members.up(node.system(), 2, SOON);
            assertThat(other.get(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }
        var contact = ports.getFirst().contact();
        assertThat(seedNodes(ports.getFirst()))
                .contains(":" + ports.get(0).node(), ":" + ports.get(1).node());
        for (var path : List.of("/", "/cluster/members", "/alive", "/ready", "/startup", "/bootstrap")) {
            assertThat(ask("GET", contact, path)).as(path).isEqualTo(404);
        }
        assertThat(ask("DELETE", contact, "/bootstrap/seed-nodes")).isEqualTo(405);
        Assertions.assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket("127.0.0.2", contact).close()); // only where it is told to
    }

    @Test
    void nothingListensWhereItIsOff() throws Exception {
        var home = Files.createDirectories(folder.resolve("seeds"));
        site.addFirst(home);
        opened(TestSite.start(home));
        Assertions.assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), 7626).close());
    }

    private String seedNodes(Ports ports) throws Exception {
        return http.send(request("GET", ports.contact(), "/bootstrap/seed-nodes"), BodyHandlers.ofString())
                .body();
    }

    private int ask(String method, int port, String path) throws Exception {
        return http.send(request(method, port, path), BodyHandlers.discarding()).statusCode();
    }

    private static HttpRequest request(String method, int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(SOON)
                .build();
    }
}
