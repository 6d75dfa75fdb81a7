package dev.storemesh.ops.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.storemesh.ops.api.ScriptedNode.Told;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiClientTest {
    private static final String BUSY = "{\"code\":\"undecided\",\"detail\":\"The write may have been made.\"}";
    private static final Query WRITES = Query.of("catalogs", "demo", "writes");
    private static final ObjectNode BODY = JsonNodeFactory.instance.objectNode().put("reason", "test");

    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void asksABusyNodeAgainAfterTheTimeThatItNames() throws Exception {
        try (var node = new ScriptedNode(
                Told.json(503, BUSY).with("Retry-After", "2"),
                Told.json(429, BUSY).with("Retry-After", "3"),
                Told.json(200, "{\"version\":7}").with("Storemesh-Version", "7"))) {
            var answer = client(node).post(WRITES, BODY, "key-1");
            assertThat(answer.version()).hasValue(7);
            assertThat(answer.body().path("version").asLong()).isEqualTo(7);
            assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(3));
            assertThat(node.asked()).hasSize(3).allSatisfy(asked -> {
                assertThat(asked.header("Idempotency-key")).contains("key-1");
                assertThat(asked.body()).isEqualTo("{\"reason\":\"test\"}");
                assertThat(asked.header("Authorization")).contains("Bearer smt_1");
            });
        }
    }

    @Test
    void saysAtOnceThatAStoreDoesNotReachHq() {
        var away = "{\"status\":503,\"code\":\"hq_unreachable\",\"detail\":\"Only HQ does this.\"}";
        try (var node = new ScriptedNode(Told.json(503, away).with("Retry-After", "5"))) {
            assertThatThrownBy(() -> client(node).get(Query.of("stores"))).isInstanceOf(ApiException.Refusal.class);
            assertThat(node.asked()).hasSize(1);
            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void givesUpAfterABoundedNumberOfAttempts() {
        var script = Collections.nCopies(50, Told.json(503, BUSY).with("Retry-After", "86400"));
        try (var node = new ScriptedNode(script.toArray(Told[]::new))) {
            assertThatThrownBy(() -> client(node).get(Query.of("stores")))
                    .isInstanceOf(ApiException.NoAnswer.class)
                    .hasMessage("The write may have been made (503 undecided); gave up after 8 attempts");
            assertThat(node.asked()).hasSize(8);
            assertThat(pauses).hasSize(7).containsOnly(Duration.ofSeconds(15));
        }
    }

    @Test
    void sendsALostWriteAgainUnderItsKey() throws Exception {
        try (var node = new ScriptedNode(Told.hangUp(), Told.json(200, "{\"version\":8,\"replayed\":true}"))) {
            assertThat(client(node)
                            .post(WRITES, BODY, "key-2")
                            .body()
                            .path("replayed")
                            .asBoolean())
                    .isTrue();
            assertThat(node.asked())
                    .extracting(asked -> asked.header("Idempotency-key").orElse(""))
                    .containsExactly("key-2", "key-2");
        }
    }

    @Test
    void neverRepeatsAPostWithoutACallersKeyWhoseFateIsUnknown() {
        try (var node = new ScriptedNode(Told.json(503, BUSY), Told.hangUp())) {
            assertThatThrownBy(() -> client(node).post(Query.of("tokens"), BODY))
                    .isInstanceOf(ApiException.Refusal.class);
            assertThatThrownBy(() -> client(node).post(Query.of("tokens"), BODY))
                    .isInstanceOf(ApiException.NoAnswer.class)
                    .hasMessageContaining("was lost");
            assertThat(node.asked()).hasSize(2);
            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void saysAProblemWithItsViolationsInOneSentence() {
        var problem = """
                {"title":"Unprocessable","status":422,"code":"violations","detail":"The write was refused.","violations":[
                 {"code":"wrong_value_type","object":"upc-1","attribute":"retail.item.tax","location":"store-1",
                  "message":"an integer is needed"},{"code":"unknown_type","object":"upc-2"}]}""";
        try (var node = new ScriptedNode(Told.json(422, problem))) {
            assertThatThrownBy(() -> client(node).post(WRITES, BODY, "key-3"))
                    .isInstanceOf(ApiException.Refusal.class)
                    .hasMessage("The write was refused (422 violations): upc-1 retail.item.tax at store-1:"
                            + " an integer is needed (wrong_value_type); upc-2: unknown_type");
        }
    }

    @Test
    void namesFieldLimitAndConflicts() {
        var tooLarge = "{\"title\":\"Too large\",\"code\":\"too_large\",\"limit\":1048576,\"field\":\"/operations\"}";
        var conflicted = """
                {"code":"conflicted","detail":"The price changed since.","conflicts":[{"object":"upc-1",
                 "attribute":"retail.item.price","base":1,"requested":2,"current":3}]}""";
        try (var node = new ScriptedNode(Told.json(413, tooLarge), Told.json(409, conflicted))) {
            assertThatThrownBy(() -> client(node).post(WRITES, BODY, "key-4"))
                    .hasMessage("Too large (413 too_large, field /operations, limit 1048576)");
            assertThatThrownBy(() -> client(node).post(WRITES, BODY, "key-4"))
                    .hasMessage("The price changed since (409 conflicted, conflicts: upc-1 retail.item.price: was 1,"
                            + " requested 2, now 3)");
        }
    }

    @Test
    void tellsAStrangerFromANode() {
        try (var stranger = new ScriptedNode(
                new Told(200, "text/html", "<html>", Map.of()),
                new Told(404, "", "", Map.of()),
                Told.json(200, "{\"a\":1,\"a\":2}"))) {
            for (var i = 0; i < 3; i++) {
                assertThatThrownBy(() -> client(stranger).get(Query.of("stores")))
                        .isInstanceOf(ApiException.NoAnswer.class)
                        .hasMessageContaining("is it a Storemesh node?");
            }
        }
    }

    @Test
    void takesNoBodyForAnAnswerOnlyWhereThereIsNone() throws Exception {
        try (var node = new ScriptedNode(new Told(204, "", "", Map.of()))) {
            assertThat(client(node).delete(Query.of("tokens", "a/b c")).status())
                    .isEqualTo(204);
            assertThat(node.asked().getFirst().target()).isEqualTo("/api/v1/tokens/a%2Fb%20c");
            assertThat(node.asked().getFirst().method()).isEqualTo("DELETE");
        }
    }

    @Test
    void carriesItsTokenToNoOtherAddress() {
        try (var other = new ScriptedNode();
                var node =
                        new ScriptedNode(new Told(307, "", "", Map.of("Location", other.url() + "/api/v1/stores")))) {
            assertThatThrownBy(() -> client(node).get(Query.of("stores"))).isInstanceOf(ApiException.NoAnswer.class);
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var client = client("http://127.0.0.1:" + port, Optional.empty());
        assertThatThrownBy(() -> client.get(Query.of("stores")))
                .isInstanceOf(ApiException.NoAnswer.class)
                .hasMessage(
                        "No node answers at http://127.0.0.1:" + port + ": is it running, and is the address right?");
    }

    @Test
    void trustsAPrivateAuthorityWhenToldTo(@TempDir Path folder) throws Exception {
        var keys = folder.resolve("keys.p12");
        var pem = folder.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                keys.toString(),
                "-dname",
                "CN=node",
                "-ext",
                "san=ip:127.0.0.1");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "node",
                "-storepass",
                "changeit",
                "-keystore",
                keys.toString(),
                "-file",
                pem.toString());
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serving(keys)));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
            exchange.close();
        });
        server.start();
        try {
            var url = "https://127.0.0.1:" + server.getAddress().getPort();
            assertThat(client(url, Optional.of(pem)).get(Query.of("stores")).status())
                    .isEqualTo(200);
            assertThatThrownBy(() -> client(url, Optional.empty()).get(Query.of("stores")))
                    .isInstanceOf(ApiException.NoAnswer.class);
            assertThat(pauses)
                    .as("a certificate does not get better by asking again")
                    .isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysWhatIsWrongWithATrustFile(@TempDir Path folder) throws Exception {
        var empty = Files.writeString(folder.resolve("empty.pem"), "");
        assertThatThrownBy(() -> client("https://hq", Optional.of(empty))).hasMessageContaining("holds no certificate");
        assertThatThrownBy(() -> client("https://hq", Optional.of(folder.resolve("none.pem"))))
                .hasMessageContaining("cannot be read");
    }

    private ApiClient client(ScriptedNode node) {
        return client(node.url(), Optional.empty());
    }

    private ApiClient client(String url, Optional<Path> trust) {
        return new ApiClient(Endpoint.of(url, Optional.of("smt_1"), false, trust), pauses::add, Duration.ofSeconds(20));
    }

    private static SSLContext serving(Path keys) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
