package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// HQ as two nodes over one database. Clients write through one of them, to catalogs that live at either; the
/// other one is lost in every way there is.
@Isolated("measures how long others are without an answer")
final class TwoNodesTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    /// Half as much again as is promised (10 s), since other tests' processes run beside these; the figure is
    /// printed.
    private static final Duration ELSEWHERE = Duration.ofSeconds(15);
    /// A client that asks again when it has no answer.
    private static final Duration IMPATIENT = Duration.ofSeconds(1);

    @TempDir
    Path folder = Path.of("");

    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<Writer> writers = IntStream.range(0, TwoNodes.CATALOGS)
            .mapToObj(i -> new Writer("w" + i))
            .toList();
    private Optional<TwoNodes> site = Optional.empty();

    @BeforeEach
    void prepare() throws IOException {
        site = Optional.of(new TwoNodes(folder));
    }

    @AfterEach
    void stop() {
        enough.set(true);
        site.ifPresent(TwoNodes::close);
    }

    private SiteProcess lost() {
        return site.orElseThrow().first();
    }

    private SiteProcess kept() {
        return site.orElseThrow().second();
    }

    /// Who has no certificate of the site gets no further than the handshake; nor does who speaks no TLS.
    private static void assertTurnsStrangersAway(int port) throws Exception {
        var anybody = SSLContext.getInstance("TLS");
        anybody.init(null, new TrustManager[] {new Trusting()}, null);
        try (var socket = anybody.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            assertThatThrownBy(() -> {
                        socket.getOutputStream().write(new byte[] {'A', 'K', 'K', 'A', 1});
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    /// Takes any certificate: what is looked at here is whether the other side takes ours.
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private Caller startBoth() throws Exception {
        return site.orElseThrow().start();
    }

    private List<Future<Boolean>> load(Caller caller, ExecutorService threads) {
        return IntStream.range(0, TwoNodes.CATALOGS)
                .mapToObj(i -> {
                    Callable<Boolean> writing = () -> {
                        writers.get(i).writeUntil(caller.within(IMPATIENT), TwoNodes.catalog(i), enough::get);
                        return true;
                    };
                    return threads.submit(writing);
                })
                .toList();
    }

    /// When every catalog has answered a write again after `moment`, how long the last of them took for that.
    private Duration answeredAgain(long moment) throws Exception {
        Eventually.see(
                "every catalog answers again",
                SOON,
                () -> writers.stream().map(Writer::lastAnswerNanos).toList(),
                all -> all.stream().allMatch(last -> last > moment));
        return Duration.ofNanos(System.nanoTime() - moment);
    }

    private void checkAll(Caller caller) throws Exception {
        for (var i = 0; i < TwoNodes.CATALOGS; i++) {
            var history = new History(TwoNodes.catalog(i));
            history.follow(caller);
            assertThat(history.versions())
                    .as("log of %s", TwoNodes.catalog(i))
                    .containsAllEntriesOf(writers.get(i).acknowledged());
        }
    }

    private static void join(List<Future<Boolean>> running) throws Exception {
        for (var load : running) {
            load.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /// Whichever node the link of a store talks to. This one's clock is wrong.
    private void tellTheSameOfAStore() throws Exception {
        var operator = kept().operator();
        var catalog = TwoNodes.catalog(0);
        var joinToken = operator.post("/stores", "{\"store\":\"store-1\",\"catalog\":\"" + catalog + "\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var link = operator.as(operator.as(joinToken)
                .post("/enrolments", "{\"node\":\"n\"}")
                .expect(200)
                .body()
                .path("credential")
                .asText());
        for (var heard : List.of(lost(), kept())) {
            var queued = heard.equals(lost()) ? 7 : 8;
            var report = "applied=1, queued=" + queued + ", link=reachable, node=1, clock=2026-03-01T12:00:00.000Z";
            link.at(heard.url())
                    .call("GET", "/catalogs/" + catalog, "", Map.of("Storemesh-Report", report))
                    .expect(200);
            for (var asked : List.of(lost(), kept())) {
                Eventually.see(
                        "the report is known",
                        SOON,
                        () -> operator.at(asked.url())
                                .get("/stores/store-1")
                                .expect(200)
                                .body(),
                        store -> store.path("queued").asInt() == queued
                                && store.path("clockAlarm").asBoolean());
            }
        }
        var logged = (lost().logText() + kept().logText()).split("store \\[store-1]: its clock is", -1).length - 1;
        assertThat(logged).isEqualTo(1);
    }

    @Test
    void losesNoAcknowledgedWriteWhenOneNodeIsKilledAndAnswersAtTheOther() throws Exception {
        try (var threads = Executors.newFixedThreadPool(TwoNodes.CATALOGS)) {
            try {
                var caller = startBoth();
                tellTheSameOfAStore();
                var running = load(caller, threads);
                answeredAgain(System.nanoTime());

                lost().kill();
                var killed = System.nanoTime();
                var quiet = answeredAgain(killed + IMPATIENT.toNanos()).plus(IMPATIENT);
                enough.set(true);
                join(running);
                System.out.printf("figures: killed, all catalogs answer again after %d ms%n", quiet.toMillis());
                checkAll(caller);
                assertThat(quiet).isLessThan(ELSEWHERE);

                lost().start(); // and it joins again
                checkAll(lost().operator());
                assertThat(kept().readiness()).isEqualTo(200);
            } finally {
                enough.set(true); // before the writers are waited for, whatever failed
            }
        }
    }

    @Test
    void losesNoAcknowledgedWriteWhenOneNodeFreezesAndFencesItWhenItWakes() throws Exception {
        try (var threads = Executors.newFixedThreadPool(TwoNodes.CATALOGS)) {
            try {
                var caller = startBoth();
                var running = load(caller, threads);
                answeredAgain(System.nanoTime());

                lost().freeze();
                var frozen = System.nanoTime();
                var quiet = answeredAgain(frozen + IMPATIENT.toNanos()).plus(IMPATIENT);
                System.out.printf("figures: frozen, all catalogs answer again after %d ms%n", quiet.toMillis());
                lost().thaw();
                assertThat(lost().awaitEnd()).as(lost().logTail()).isEqualTo(1); // it finds out that the site went on
                answeredAgain(System.nanoTime());
                enough.set(true);
                join(running);
                checkAll(caller);
                assertThat(quiet).isLessThan(ELSEWHERE);
            } finally {
                enough.set(true); // before the writers are waited for, whatever failed
            }
        }
    }

    /// And it works over mutual TLS, with nobody else let in.
    @Test
    void givesARepeatedWriteItsFirstAnswerAtAnyNode() throws Exception {
        site.orElseThrow().secure();
        var caller = startBoth();
        assertTurnsStrangersAway(site.orElseThrow().firstPort());
        var path = "/catalogs/" + TwoNodes.catalog(0) + "/writes";
        var first = lost().operator()
                .post(path, Writer.body("once"), Optional.of("once"))
                .expect(200);
        var again = caller.post(path, Writer.body("once"), Optional.of("once")).expect(200);
        assertThat(again.body().path("version")).isEqualTo(first.body().path("version"));
        assertThat(again.body().path("replayed").asBoolean()).isTrue();
    }

    /// Over mutual TLS, where nodes that part had to wait for each other.
    @Test
    void handsOverAndEndsInTimeWhenOneNodeIsToldToLeave() throws Exception {
        site.orElseThrow().secure();
        try (var threads = Executors.newFixedThreadPool(TwoNodes.CATALOGS)) {
            try {
                var caller = startBoth();
                var running = load(caller, threads);
                answeredAgain(System.nanoTime());

                var told = System.nanoTime();
                assertThat(lost().stop()).as(lost().logTail()).isZero();
                var left = System.nanoTime();
                var quiet = answeredAgain(left);
                enough.set(true);
                join(running);
                System.out.printf(
                        "figures: left after %d ms, all catalogs answer again %d ms later%n",
                        Duration.ofNanos(left - told).toMillis(), quiet.toMillis());
                checkAll(caller);
                assertThat(quiet).isLessThan(ELSEWHERE);
            } finally {
                enough.set(true); // before the writers are waited for, whatever failed
            }
        }
    }
}
