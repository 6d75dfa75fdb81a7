package dev.storemesh.node.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.http.HttpServer;
import dev.storemesh.http.HttpSettings;
import dev.storemesh.http.route.HqPort.Passed;
import dev.storemesh.http.tls.PemTls;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.node.site.TestAuthority;
import dev.storemesh.protocol.access.SitePort.LinkState;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way to an HQ that a real socket stands for, and what can be told of a request that did not come back.
class HqPassageTest {
    private static final ActorTestKit KIT = ActorTestKit.create("hq-passage", ConfigFactory.load());
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES = 1_024;
    private static final LinkSettings SETTINGS = new LinkSettings(
            Optional.empty(),
            Optional.empty(),
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            1_000,
            100,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofDays(30),
            64,
            LinkSettings.Followed.ALL,
            Duration.ofMinutes(10));

    @TempDir
    Path folder;

    private final ServerSocket hq = listening();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicReference<LinkState> state = new AtomicReference<>(LinkState.REACHABLE);

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        hq.close();
        threads.shutdownNow();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + hq.getLocalPort());
    }

    private HqPassage to(URI uri) {
        return to(uri, Optional.empty());
    }

    private HqPassage to(URI uri, Optional<SSLContext> trust) {
        try {
            return HqPassage.of(KIT.system(), () -> uri, SETTINGS, trust, state::get, SOON);
        } catch (StartFailure e) {
            throw new AssertionError(e);
        }
    }

    private Passed pass(HttpRequest request) {
        return pass(to(uri()), request);
    }

    private static Passed pass(HqPassage passage, HttpRequest request) {
        return passage.pass(request, Optional.of(SOON)).toCompletableFuture().join();
    }

    /// What HQ does with its first connection.
    @FunctionalInterface
    private interface Script<T> {
        T run(Socket socket, InputStream in) throws IOException;
    }

    private <T> CompletableFuture<T> does(Script<T> script) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (var socket = hq.accept()) {
                        return script.run(socket, socket.getInputStream());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                threads);
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("ended in " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static HttpRequest post(String target) {
        return HttpRequest.POST(target).withEntity(ContentTypes.APPLICATION_JSON, "{}");
    }

    @Test
    void aRequestAndItsAnswerPassAndTheirConnectionEndsWithThem() throws Exception {
        var ended = does((socket, in) -> {
            var head = head(in);
            assertThat(in.readNBytes(2)).isEqualTo("{}".getBytes(StandardCharsets.US_ASCII));
            write(
                    socket,
                    "HTTP/1.1 201 Created\r\nStoremesh-Version: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
            write(socket, "1\r\nc\r\n0\r\n\r\n");
            assertThat(in.read()).isEqualTo(-1); // the passage ends the connection
            return head;
        });
        var passed = pass(to(URI.create(uri() + "/hq/")), post("/api/v1/x%2Fy?q=%C3%A9"));
        assertThat(passed).isInstanceOf(Passed.Answered.class);
        var response = ((Passed.Answered) passed).response();
        assertThat(response.status().intValue()).isEqualTo(201);
        assertThat(response.getHeader("Storemesh-Version").orElseThrow().value())
                .isEqualTo("7");
        assertThat(text(response)).isEqualTo("abc");
        assertThat(ended.get(SOON.toSeconds(), TimeUnit.SECONDS))
                .startsWith("POST /hq/api/v1/x%2Fy?q=%C3%A9 HTTP/1.1\r\n")
                .contains("Host: 127.0.0.1:" + hq.getLocalPort() + "\r\n")
                .doesNotContain("User-Agent");
    }

    private static String text(HttpResponse response) {
        return response.entity()
                .toStrict(SOON.toMillis(), KIT.system())
                .toCompletableFuture()
                .join()
                .getData()
                .utf8String();
    }

    @Test
    void nothingIsSentToWhoIsNotThere() throws IOException {
        hq.close();
        assertThat(pass(post("/x"))).isInstanceOf(Passed.NotSent.class);
    }

    @Test
    void whoGotItAndLeftMayHaveDoneIt() {
        var left = does((socket, in) -> head(in));
        assertThat(pass(post("/x"))).isInstanceOf(Passed.Unanswered.class);
        assertThat(left.join()).startsWith("POST /x");
    }

    @Test
    void whoGotItAndKeepsSilentMayHaveDoneIt() throws Exception {
        var ended = does((socket, in) -> {
            head(in);
            try {
                return in.readAllBytes().length; // until the passage gives up
            } catch (SocketException reset) {
                return 2;
            }
        });
        var passed = to(uri()).pass(post("/x"), Optional.of(Duration.ofMillis(300)));
        assertThat(passed.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(Passed.Unanswered.class);
        assertThat(ended.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void whoAsksForTheHeadGetsNoBody() {
        var unused = does((socket, in) -> {
            var head = head(in);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n");
            return head;
        });
        var passed = (Passed.Answered) pass(HttpRequest.HEAD("/x"));
        assertThat(passed.response().entity().getContentLengthOption()).hasValue(100);
        assertThat(text(passed.response())).isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffFails() {
        var unused = does((socket, in) -> {
            head(in);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            return true;
        });
        var passed = (Passed.Answered) pass(HttpRequest.GET("/x"));
        assertThatThrownBy(() -> text(passed.response())).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void aBodyIsSentAsFastAsHqReadsIt() throws Exception {
        var goOn = new CompletableFuture<Void>();
        var read = does((socket, in) -> {
            head(in);
            goOn.join();
            var length = 0L;
            for (var left = PIECES * (long) PIECE_BYTES; left > 0; ) {
                var some = in.readNBytes((int) Math.min(left, 1 << 20)).length;
                left -= some;
                length += some;
            }
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return length;
        });
        var sent = new AtomicLong();
        var piece = ByteString.fromArray(new byte[PIECE_BYTES]);
        var body = Source.range(1, PIECES).map(number -> {
            sent.addAndGet(PIECE_BYTES);
            return piece;
        });
        var passed = to(uri())
                .pass(
                        HttpRequest.POST("/x")
                                .withEntity(HttpEntities.create(
                                        ContentTypes.APPLICATION_OCTET_STREAM, PIECES * (long) PIECE_BYTES, body)),
                        Optional.empty());
        for (var before = -1L; before != sent.get() || before == 0; ) { // until it stands still
            before = sent.get();
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS))
                    .join();
        }
        assertThat(sent).hasValueLessThan(PIECES * (long) PIECE_BYTES / 2);
        goOn.complete(null);
        assertThat(passed.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(Passed.Answered.class);
        assertThat(read.join()).isEqualTo(PIECES * (long) PIECE_BYTES);
    }

    @Test
    void nothingIsSentToWhomNobodyVouchesFor() throws Exception {
        var signed = TestAuthority.make(folder, "authority").sign("hq");
        var certificate = Files.writeString(folder.resolve("hq.pem"), signed.certificate());
        var key = Files.writeString(folder.resolve("hq.key"), signed.key());
        var authority = Files.writeString(folder.resolve("ca.pem"), signed.authority());
        var asked = new AtomicLong();
        var server = HttpServer.start(
                        KIT.system(),
                        new HttpSettings("127.0.0.1", 0, false),
                        Optional.of(PemTls.of(certificate, key)),
                        request -> {
                            asked.incrementAndGet();
                            request.discardEntityBytes(
                                    SystemMaterializer.get(KIT.system()).materializer());
                            return CompletableFuture.completedStage(HttpResponse.create());
                        })
                .toCompletableFuture()
                .join();
        var uri = URI.create(server.url());
        assertThat(pass(to(uri), post("/x"))).isInstanceOf(Passed.NotSent.class);
        assertThat(asked).hasValue(0);
        assertThat(pass(to(uri, Optional.of(PemTls.trusting(authority))), post("/x")))
                .isInstanceOf(Passed.Answered.class);
        assertThat(asked).hasValue(1);
        server.stop(Duration.ofMillis(100));
    }

    @Test
    void noTokenTravelsInTheClearBeyondThisMachine() {
        assertThatThrownBy(() -> HqPassage.of(
                        KIT.system(),
                        () -> URI.create("http://192.0.2.1:8080"),
                        SETTINGS,
                        Optional.empty(),
                        state::get,
                        SOON))
                .isInstanceOf(StartFailure.class);
    }

    @Test
    void hqIsOutOfReachWhenTheLinkSaysSo() {
        assertThat(to(uri()).isReachable()).isTrue();
        state.set(LinkState.UNREACHABLE);
        assertThat(to(uri()).isReachable()).isFalse();
    }
}
