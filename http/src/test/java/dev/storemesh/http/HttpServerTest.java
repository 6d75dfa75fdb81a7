package dev.storemesh.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.typesafe.config.ConfigFactory;
import dev.storemesh.http.tls.PemTls;
import dev.storemesh.http.tls.TestCertificates;
import dev.storemesh.protocol.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real port, and clients that are not ours.
class HttpServerTest {
    private static final ActorSystem<Void> SYSTEM = ActorSystem.create(
            Behaviors.empty(),
            "http-server-test",
            ConfigFactory.parseString("""
                            pekko.loglevel = WARNING
                            pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                            pekko.daemonic = on
                            """).withFallback(ConfigFactory.load()));
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<HttpServer> started = new java.util.ArrayList<>();

    @AfterEach
    void stopServers() {
        started.forEach(server ->
                server.stop(Duration.ofMillis(100)).toCompletableFuture().join());
    }

    @AfterAll
    static void stopSystem() {
        SYSTEM.terminate();
        SYSTEM.getWhenTerminated().toCompletableFuture().join();
    }

    private HttpServer start(
            HttpSettings settings, Optional<PemTls> tls, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        var server = HttpServer.start(SYSTEM, settings, tls, handler)
                .toCompletableFuture()
                .join();
        started.add(server);
        return server;
    }

    private HttpServer start(Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        return start(new HttpSettings("127.0.0.1", 0, false), Optional.empty(), handler);
    }

    private static CompletionStage<HttpResponse> ok(HttpRequest request) {
        return CompletableFuture.completedFuture(HttpResponse.create().withEntity("hello"));
    }

    private static java.net.http.HttpRequest.Builder to(HttpServer server, String path) {
        return java.net.http.HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(SOON);
    }

    private static String raw(HttpServer server, String request) throws IOException {
        try (var socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aPortInUseIsOneSentence() {
        var server = start(HttpServerTest::ok);
        int port = server.address().getPort();
        assertThatThrownBy(
                        () -> start(new HttpSettings("127.0.0.1", port, false), Optional.empty(), HttpServerTest::ok))
                .hasCauseInstanceOf(CannotListenException.class)
                .hasMessageContaining("port " + port + " of 127.0.0.1 is in use by another program");
    }

    @Test
    void headersAreUtf8() throws IOException {
        var server = start(request -> CompletableFuture.completedFuture(HttpResponse.create()
                .withEntity(request.getHeader("Storemesh-Acting-For")
                        .map(HttpHeader::value)
                        .orElse("nobody"))));
        var head = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nStoremesh-Acting-For: ";
        var zoe = new String("Zoë 🍵".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(raw(server, head + zoe + "\r\n\r\n")).endsWith("\r\n\r\nZoë 🍵");
    }

    @Test
    void anAddressOfAnotherMachineIsOneSentence() {
        assertThatThrownBy(() -> start(new HttpSettings("192.0.2.1", 0, false), Optional.empty(), HttpServerTest::ok))
                .hasCauseInstanceOf(CannotListenException.class)
                .hasMessageContaining("cannot listen on port 0 of 192.0.2.1");
    }

    @Test
    void saysNothingOfWhatItRunsOn() throws Exception {
        var server = start(HttpServerTest::ok);
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(to(server, "/").build(), BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
    }

    @Test
    void whatIsNotHttpGetsAProblemToo() throws IOException {
        var server = start(HttpServerTest::ok);
        for (var request : List.of(
                "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "NONSENSE / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n")) {
            var answer = raw(server, request);
            assertThat(answer)
                    .contains("Content-Type: application/problem+json")
                    .contains("\"code\":");
            assertThat(problem(answer).path("status").asInt())
                    .isEqualTo(Integer.parseInt(answer.substring(9, 12)))
                    .isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void aHandlerThatFailsIsAProblemToo() throws IOException {
        var server = start(request -> {
            throw new IllegalStateException("secret of the house");
        });
        assertThat(raw(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 500")
                .contains("\"code\":\"internal_error\"")
                .doesNotContain("secret");
    }

    private static JsonNode problem(String answer) throws IOException {
        return new JsonMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void aStopLetsRequestsFinish() throws Exception {
        var arrived = new CompletableFuture<Void>();
        var release = new CompletableFuture<HttpResponse>();
        var server = start(request -> {
            if (request.getUri().path().equals("/first")) {
                return ok(request);
            }
            arrived.complete(null);
            return release;
        });
        try (var client = HttpClient.newHttpClient()) {
            // a connection that is only just made may not be known to be busy
            client.send(to(server, "/first").build(), BodyHandlers.ofString());
            var answer = client.sendAsync(to(server, "/").build(), BodyHandlers.ofString());
            arrived.join();
            var stopped = server.stop(SOON).toCompletableFuture();
            release.complete(HttpResponse.create().withEntity("finished"));
            assertThat(answer.join().body()).isEqualTo("finished");
            stopped.get(10, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void aStopTellsTheClientOfAKeptConnectionToGoElsewhereWithItsAnswer() throws Exception {
        var server = start(HttpServerTest::ok);
        var request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write(request);
            assertThat(socket.getInputStream().read()).isEqualTo('H'); // it is served, and stays open
            var stopped = server.stop(SOON).toCompletableFuture();
            socket.getOutputStream().write(request);
            var rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest.split("HTTP/1.1 200 OK", -1)).hasSize(2);
            assertThat(rest).contains("Connection: close");
            stopped.get(10, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void aStopCutsRequestsAtItsDeadlineWithAProblem() throws Exception {
        var arrived = new CompletableFuture<Void>();
        var server = start(request -> {
            arrived.complete(null);
            return new CompletableFuture<>();
        });
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.sendAsync(to(server, "/").build(), BodyHandlers.ofString());
            arrived.join();
            server.stop(Duration.ofSeconds(2)).toCompletableFuture().get(10, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(answer.join().statusCode()).isEqualTo(503);
            assertThat(answer.join().body()).contains("\"code\":\"stopping\"");
        }
    }

    @Test
    void tokensInTheClearAreRefusedFromAnotherAddressUnlessAllowed() throws Exception {
        var outside = otherAddress();
        Needs.that(outside.isPresent(), "a network address besides loopback");
        var address = outside.orElseThrow().getHostAddress();
        var strict = start(new HttpSettings(address, 0, false), Optional.empty(), HttpServerTest::ok);
        var lenient = start(new HttpSettings(address, 0, true), Optional.empty(), HttpServerTest::ok);
        try (var client = HttpClient.newHttpClient()) {
            var refused = client.send(
                    to(strict, "/").header("Authorization", "Bearer smt_x").build(), BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("\"code\":\"https_required\"");
            var allowed = client.send(
                    to(lenient, "/").header("Authorization", "Bearer smt_x").build(), BodyHandlers.ofString());
            assertThat(allowed.statusCode()).isEqualTo(200);
        }
    }

    private static Optional<InetAddress> otherAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof java.net.Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }

    @Test
    void servesTlsAndANewCertificateWithoutARestart(@TempDir Path folder) throws Exception {
        TestCertificates.write(folder, "first", "EC");
        var tls = PemTls.of(folder.resolve("chain.pem"), folder.resolve("key.pem"), Duration.ZERO);
        var server = start(new HttpSettings("127.0.0.1", 0, false), Optional.of(tls), HttpServerTest::ok);
        assertThat(server.url()).startsWith("https://");
        assertThat(subject(server, folder)).isEqualTo("CN=first");

        TestCertificates.write(folder, "second", "RSA");
        assertThat(subject(server, folder)).isEqualTo("CN=second");
    }

    @Test
    void aClientTrustsNobodyElse(@TempDir Path folder) throws Exception {
        TestCertificates.write(folder, "server", "EC");
        var tls = PemTls.of(folder.resolve("chain.pem"), folder.resolve("key.pem"), Duration.ZERO);
        var server = start(new HttpSettings("127.0.0.1", 0, false), Optional.of(tls), HttpServerTest::ok);
        var elsewhere = java.nio.file.Files.createDirectory(folder.resolve("elsewhere"));
        TestCertificates.write(elsewhere, "stranger", "EC");
        assertThatThrownBy(() -> subject(server, elsewhere)).isInstanceOf(SSLException.class);
    }

    private static String subject(HttpServer server, Path trusted) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder()
                .sslContext(PemTls.trusting(trusted.resolve("chain.pem")))
                .build()) {
            var answer = client.send(to(server, "/").build(), BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("hello");
            var certificate =
                    (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }
}
