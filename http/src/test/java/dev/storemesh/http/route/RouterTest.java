package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.http.HttpServer;
import dev.storemesh.http.HttpSettings;
import dev.storemesh.protocol.access.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.SystemMaterializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the router does for every endpoint, shown with endpoints of its own.
class RouterTest extends WithSystem {
    private static final int LIMIT = 1_000;
    private final List<String> undeclared = new ArrayList<>();

    private Router router(Endpoint... endpoints) {
        return new Router(
                List.of(endpoints),
                new Ports(),
                new RouterSettings(LIMIT, Duration.ofSeconds(10)),
                SystemMaterializer.get(SYSTEM).materializer(),
                (endpoint, status) -> undeclared.add(endpoint + " " + status));
    }

    private final Endpoint read = Endpoint.get(
                    "/api/v1/catalogs/{catalog}/things/{thing}", Admission.to(Permission.READ), RouterTest::echo)
            .taking("limit", "q");
    private final Endpoint write = Endpoint.post(
            "/api/v1/catalogs/{catalog}/things",
            Admission.to(Permission.WRITE),
            Endpoint.Body.REQUIRED,
            RouterTest::echo);
    private final Router router = router(read, write);

    private static CompletableFuture<Reply> echo(Call call) {
        var json = JsonNodeFactory.instance.objectNode();
        call.path().forEach(json::put);
        call.query().forEach(json::put);
        json.set("body", call.body());
        return CompletableFuture.completedFuture(Reply.json(200, json));
    }

    private static HttpRequest as(String token, HttpRequest request) {
        return request.addHeader(RawHeader.create("Authorization", "Bearer " + token));
    }

    private static HttpRequest post(String body) {
        return as("editor", HttpRequest.POST("/api/v1/catalogs/demo/things"))
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
    }

    private static HttpResponse send(Router router, HttpRequest request) {
        return router.apply(request).toCompletableFuture().join();
    }

    private static JsonNode body(HttpResponse response) {
        try {
            return new JsonMapper()
                    .readTree(response.entity()
                            .toStrict(5_000, SYSTEM)
                            .toCompletableFuture()
                            .join()
                            .getData()
                            .utf8String());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// `404 unknown_route`
    private static String outcome(HttpResponse response) {
        int status = response.status().intValue();
        if (status < 400) {
            return String.valueOf(status);
        }
        assertThat(response.entity().getContentType()).hasToString("application/problem+json");
        assertThat(body(response).path("status").asInt()).isEqualTo(status);
        assertThat(body(response).path("detail").asText()).isNotBlank();
        return status + " " + body(response).path("code").asText();
    }

    private String outcome(HttpRequest request) {
        return outcome(send(router, request));
    }

    @Test
    void decodesSegmentsAndParameters() {
        var answer =
                send(router, as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/a%2Fb%20%C3%A9?q=x+%26y")));
        assertThat(body(answer).path("thing").asText()).isEqualTo("a/b é");
        assertThat(body(answer).path("q").asText()).isEqualTo("x &y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/api/v1/catalogs/demo/things/",
                "/api/v1//catalogs/demo/things/x",
                "/api/v1/catalogs/demo/nothing/x",
                "/API/v1/catalogs/demo/things/x"
            })
    void otherPathsAreUnknown(String path) {
        assertThat(outcome(as("operator", HttpRequest.GET(path)))).isEqualTo("404 unknown_route");
    }

    @Test
    void pathsThatAreNotUtf8AreMalformed() {
        assertThat(outcome(as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/%ff"))))
                .isEqualTo("400 malformed_request");
        assertThat(outcome(as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/%00"))))
                .isEqualTo("400 malformed_request");
    }

    @Test
    void otherMethodsAreNotAllowed() {
        var answer = send(router, HttpRequest.DELETE("/api/v1/catalogs/demo/things/x"));
        assertThat(outcome(answer)).isEqualTo("405 method_not_allowed");
        assertThat(answer.getHeader("Allow").orElseThrow().value()).isEqualTo("GET, HEAD");
        assertThat(send(router, HttpRequest.GET("/api/v1/catalogs/demo/things"))
                        .getHeader("Allow")
                        .orElseThrow()
                        .value())
                .isEqualTo("POST");
    }

    @Test
    void headIsGet() {
        assertThat(outcome(as("reader", HttpRequest.HEAD("/api/v1/catalogs/demo/things/x"))))
                .isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Basic cmVhZGVyOnJlYWRlcg==",
                "Bearer stranger",
                "reader",
                "Bearer reader x"
            })
    void nobodyWithoutAValidTokenIsAnswered(String authorization) {
        var request = HttpRequest.GET("/api/v1/catalogs/demo/things/x");
        var answer = send(
                router,
                authorization.isEmpty()
                        ? request
                        : request.addHeader(RawHeader.create("Authorization", authorization)));
        assertThat(outcome(answer)).isEqualTo("401 unauthenticated");
        assertThat(answer.getHeader("WWW-Authenticate").orElseThrow().value()).isEqualTo("Bearer");
    }

    @Test
    void ofTwoTokensNeitherIsTaken() {
        var request = as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/x"));
        assertThat(outcome(request)).isEqualTo("200");
        assertThat(outcome(request.addHeader(RawHeader.create("Authorization", "Bearer editor"))))
                .isEqualTo("401 unauthenticated");
    }

    @Test
    void theSchemeMayBeWrittenInAnyCase() {
        assertThat(outcome(HttpRequest.GET("/api/v1/catalogs/demo/things/x")
                        .addHeader(RawHeader.create("authorization", "bEARER reader"))))
                .isEqualTo("200");
    }

    @Test
    void aRoleWithoutTheRightIsForbidden() {
        assertThat(outcome(as("reader", post("{}").removeHeader("Authorization"))))
                .isEqualTo("403 forbidden");
    }

    @Test
    void anotherMerchantsCatalogIsUnknown() {
        assertThat(outcome(as("reader", HttpRequest.GET("/api/v1/catalogs/other/things/x"))))
                .isEqualTo("404 unknown_catalog");
        assertThat(outcome(as("operator", HttpRequest.GET("/api/v1/catalogs/other/things/x"))))
                .isEqualTo("200");
    }

    @Test
    void anEndpointForEverybodyIsOnlyHealth() {
        assertThatThrownBy(() -> Endpoint.get("/api/v1/x", Admission.NOBODY_NEEDED, RouterTest::echo))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(outcome(send(
                        router(Endpoint.get("/health/x", Admission.NOBODY_NEEDED, RouterTest::echo)),
                        HttpRequest.GET("/health/x"))))
                .isEqualTo("200");
    }

    @Test
    void twoEndpointsForTheSamePathAreABug() {
        var same = Endpoint.get("/api/v1/catalogs/{c}/things/{t}", Admission.to(Permission.READ), RouterTest::echo);
        assertThatThrownBy(() -> router(read, same)).hasMessageContaining("there twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown=1", "limit=1&x=2", "Limit=1"})
    void unknownParametersAreRefused(String query) {
        var answer = send(router, as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/x?" + query)));
        assertThat(outcome(answer)).isEqualTo("400 unknown_parameter");
        assertThat(body(answer).path("field").asText()).isNotBlank();
        assertThat(body(answer).path("detail").asText()).contains("limit, q");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1&limit=2", "q=%ff"})
    void parametersThatCannotBeReadAreInvalid(String query) {
        assertThat(outcome(as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/x?" + query))))
                .isEqualTo("400 invalid_parameter");
    }

    @Test
    void aBodyMustBeJsonAndBeThere() {
        assertThat(outcome(post("{\"a\":1}"))).isEqualTo("200");
        assertThat(outcome(post("{\"a\":1,\"a\":1}"))).isEqualTo("400 malformed_json");
        assertThat(outcome(post(""))).isEqualTo("400 malformed_json");
        assertThat(outcome(post("{}").withEntity(HttpEntities.create("{}")))).isEqualTo("415 unsupported_media_type");
        assertThat(outcome(post("{}").addHeader(RawHeader.create("Content-Encoding", "gzip"))))
                .isEqualTo("415 unsupported_media_type");
        assertThat(outcome(post("{}").addHeader(RawHeader.create("Content-Encoding", "identity"))))
                .isEqualTo("200");
    }

    @Test
    void whereNoBodyBelongsThereIsNone() {
        var request = as("reader", HttpRequest.GET("/api/v1/catalogs/demo/things/x"));
        assertThat(outcome(request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, "{}"))))
                .isEqualTo("400 unexpected_body");
    }

    @Test
    void keysArePrintable() {
        assertThat(outcome(post("{}").addHeader(RawHeader.create("Idempotency-Key", "a".repeat(200)))))
                .isEqualTo("200");
        assertThat(outcome(post("{}").addHeader(RawHeader.create("Idempotency-Key", "a".repeat(201)))))
                .isEqualTo("400 invalid_parameter");
        assertThat(outcome(post("{}").addHeader(RawHeader.create("Idempotency-Key", "é"))))
                .isEqualTo("400 invalid_parameter");
    }

    @Test
    void ofTwoPersonsNeitherIsActedFor() {
        var twice = as("loyalty", HttpRequest.GET("/api/v1/catalogs/demo/things/x"))
                .addHeader(RawHeader.create("Storemesh-Acting-For", "ada"));
        assertThat(outcome(twice)).isEqualTo("200");
        assertThat(outcome(twice.addHeader(RawHeader.create("Storemesh-Acting-For", "ben"))))
                .isEqualTo("400 invalid_header");
    }

    @Test
    void tooLargeBodiesNameTheLimit() {
        var fits = "\"" + "a".repeat(LIMIT - 2) + "\"";
        assertThat(outcome(post(fits))).isEqualTo("200");
        var answer = send(router, post(fits + " "));
        assertThat(outcome(answer)).isEqualTo("413 too_large");
        assertThat(body(answer).path("limit").asInt()).isEqualTo(LIMIT);
    }

    @Test
    void tooLargeBodiesAreAnsweredOnARealConnectionAlsoWithoutALength() throws Exception {
        var server = HttpServer.start(SYSTEM, new HttpSettings("127.0.0.1", 0, false), Optional.empty(), router)
                .toCompletableFuture()
                .join();
        try (var client = HttpClient.newHttpClient()) {
            var large = ("\"" + "a".repeat(3_000_000) + "\"").getBytes(StandardCharsets.UTF_8);
            for (var publisher : List.of(
                    BodyPublishers.ofByteArray(large),
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
                for (var token : List.of("editor", "stranger")) {
                    var answer = client.send(
                            java.net.http.HttpRequest.newBuilder(
                                            URI.create(server.url() + "/api/v1/catalogs/demo/things"))
                                    .header("Authorization", "Bearer " + token)
                                    .header("Content-Type", "application/json")
                                    .timeout(Duration.ofSeconds(10))
                                    .POST(publisher)
                                    .build(),
                            BodyHandlers.ofString());
                    assertThat(answer.statusCode()).isEqualTo(token.equals("editor") ? 413 : 401);
                    assertThat(answer.body()).contains(token.equals("editor") ? "\"limit\":1000" : "unauthenticated");
                }
            }
        } finally {
            server.stop(Duration.ofMillis(200)).toCompletableFuture().join();
        }
    }

    /// What a server answers to bytes on a connection, until it ends.
    private String raw(Router served, String request) throws IOException {
        var server = HttpServer.start(SYSTEM, new HttpSettings("127.0.0.1", 0, false), Optional.empty(), served)
                .toCompletableFuture()
                .join();
        try (var socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            server.stop(Duration.ofMillis(200)).toCompletableFuture().join();
        }
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        var answer = raw(
                router,
                "HEAD /api/v1/catalogs/demo/things/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer reader\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Length: ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aRequestForNoPathIsUnknown() throws IOException {
        for (var line : List.of("OPTIONS * HTTP/1.1", "GET http://a HTTP/1.1")) {
            assertThat(raw(router, line + "\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .contains("unknown_route");
        }
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForLong() throws IOException {
        var impatient = new Router(
                List.of(write),
                new Ports(),
                new RouterSettings(LIMIT, Duration.ofMillis(200)),
                SystemMaterializer.get(SYSTEM).materializer());
        var answer = raw(
                impatient,
                "POST /api/v1/catalogs/demo/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer editor\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{");
        assertThat(answer).startsWith("HTTP/1.1 408").contains("request_timeout");
    }

    // What handlers do

    private String answering(CompletableFuture<Reply> answer) {
        return outcome(send(
                router(Endpoint.get("/api/v1/x", Admission.to(Permission.READ), call -> answer)),
                as("reader", HttpRequest.GET("/api/v1/x"))));
    }

    @Test
    void portsThatDoNotAnswerAre503AndSayWhatMayHaveHappened() {
        var endpoint = Endpoint.post(
                "/api/v1/x",
                Admission.to(Permission.WRITE),
                Endpoint.Body.OPTIONAL,
                call -> NoAnswerException.of(
                        CompletableFuture.<Reply>failedFuture(new IllegalStateException("shard away"))));
        var answer = send(router(endpoint), as("editor", HttpRequest.POST("/api/v1/x")));
        assertThat(outcome(answer)).isEqualTo("503 unavailable");
        assertThat(answer.getHeader("Retry-After")).isPresent();
        assertThat(body(answer).path("detail").asText())
                .contains("the write may have been made")
                .doesNotContain("shard");
        assertThat(answering(CompletableFuture.failedFuture(new TimeoutException("ask"))))
                .isEqualTo("503 unavailable");
    }

    @Test
    void handlersThatTakeTooLongAre503() {
        var endpoint = Endpoint.get("/api/v1/x", Admission.to(Permission.READ), call -> new CompletableFuture<>());
        var impatient = new Router(
                List.of(endpoint),
                new Ports(),
                new RouterSettings(LIMIT, Duration.ofSeconds(10), Duration.ofMillis(20)),
                SystemMaterializer.get(SYSTEM).materializer());
        assertThat(outcome(send(impatient, as("reader", HttpRequest.GET("/api/v1/x")))))
                .isEqualTo("503 unavailable");
    }

    @Test
    void requestsThatCannotBeTranslatedAre400() {
        var endpoint = Endpoint.get("/api/v1/x", Admission.to(Permission.READ), call -> {
            throw new IllegalArgumentException("version: -1 (expected: >= 0)");
        });
        var answer = send(router(endpoint), as("reader", HttpRequest.GET("/api/v1/x")));
        assertThat(outcome(answer)).isEqualTo("400 invalid_value");
        assertThat(body(answer).path("detail").asText()).isEqualTo("version: -1 (expected: >= 0)");
    }

    @Test
    void bugsAre500WithoutInternals() {
        var endpoint = Endpoint.get("/api/v1/x", Admission.to(Permission.READ), call -> {
            throw new IllegalStateException("secret of the house");
        });
        var answer = send(router(endpoint), as("reader", HttpRequest.GET("/api/v1/x")));
        assertThat(outcome(answer)).isEqualTo("500 internal_error");
        assertThat(body(answer).toString()).doesNotContain("secret");
        assertThat(answering(CompletableFuture.failedFuture(new IllegalArgumentException("translating the answer"))))
                .isEqualTo("500 internal_error");
    }

    @Test
    void anAnswerThatIsNotDeclaredIsSeen() {
        assertThat(answering(CompletableFuture.completedFuture(Reply.empty(202))))
                .isEqualTo("202");
        assertThat(undeclared).containsExactly("GET /api/v1/x 202");
    }

    @Test
    void anAuthenticationThatDoesNotAnswerIs503() {
        assertThat(outcome(as("unreachable", HttpRequest.GET("/api/v1/catalogs/demo/things/x"))))
                .isEqualTo("503 unavailable");
    }
}
