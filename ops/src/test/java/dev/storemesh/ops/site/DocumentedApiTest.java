package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.storemesh.http.openapi.Contract;
import dev.storemesh.http.openapi.Contract.Example;
import dev.storemesh.protocol.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The OpenAPI document against real processes: what it says can be sent is sent, and every answer is one it
/// describes, with no field more.
final class DocumentedApiTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder = Path.of("");

    private final Contract contract = Contract.load();
    private final List<SiteProcess> sites = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        sites.forEach(SiteProcess::close);
    }

    private SiteProcess site(String id) {
        var site = new SiteProcess(folder.resolve(id));
        sites.add(site);
        return site;
    }

    @Test
    void hqAnswersEveryDocumentedExampleAsDocumented() throws Exception {
        var hq = site("hq");
        hq.start();
        var kept = new HashMap<String, JsonNode>(
                Map.of("operator", TextNode.valueOf(hq.operator().token())));
        var sent = new TreeSet<String>();
        for (var example : contract.examples()) {
            var answer = send(hq, example, kept);
            assertThat(answer.statusCode())
                    .as("%s %s: %s", example.method(), example.name(), answer.body())
                    .isEqualTo(example.status());
            check(example.method(), example.template(), answer);
            if (isLines(answer)) {
                assertThat(answer.body().lines().map(Json::parse))
                        .allSatisfy(line ->
                                assertThat(line.fieldNames()).toIterable().contains("object", "type", "attributes"));
            } else if (!answer.body().isEmpty() && !isText(answer.headers())) {
                example.keepFrom(Json.parse(answer.body()), kept);
            }
            sent.add(example.method() + " " + example.template());
        }
        assertThat(sent).isEqualTo(contract.operations().keySet());
    }

    /// Events are, too.
    private static boolean isText(HttpHeaders headers) {
        return headers.firstValue("Content-Type")
                .filter(type -> type.startsWith("text/"))
                .isPresent();
    }

    private static boolean isEvents(HttpHeaders headers) {
        return headers.firstValue("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
    }

    /// Of a stream without end its first event is enough.
    private static final class FirstEvent implements BodySubscriber<String> {
        private final CompletableFuture<String> body = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<String> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            var unused = body.whenComplete((event, failure) -> subscription.cancel());
        }

        @Override
        public void onNext(List<ByteBuffer> some) {
            some.forEach(bytes -> text.append(StandardCharsets.UTF_8.decode(bytes)));
            if (text.indexOf("\n\n") > 0) {
                body.complete(text.toString());
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(text.toString());
        }
    }

    private static boolean isLines(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.contains("ndjson"))
                .isPresent();
    }

    /// What only a store answers.
    @Test
    void aStoreAnswersAsDocumented() throws Exception {
        var hq = site("hq");
        hq.start();
        var operator = hq.operator();
        operator.put("/catalogs/demo").expect(201);
        var joinToken = operator.post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site("store-1");
        store.start("--join", hq.url(), "--token", joinToken);
        var clerk = store.operator();
        Eventually.see(
                "the catalog came down",
                SOON,
                () -> clerk.get("/catalogs/demo"),
                reply -> reply.status() == 200 && reply.body().path("visible").asLong() >= 1);

        answers(store, clerk, "GET", "/health/ready", "/health/ready", "", 200);
        answers(store, clerk, "GET", "/api/v1/status", "/api/v1/status", "", 200);
        answers(store, clerk, "GET", "/api/v1/catalogs/{catalog}", "/api/v1/catalogs/demo", "", 200);
        answers(store, clerk, "GET", "/api/v1/catalogs/{catalog}", "/api/v1/catalogs/other", "", 404);
        // what is HQ's it is asked for, and it knows no token that a store made
        answers(store, clerk, "PUT", "/api/v1/catalogs/{catalog}", "/api/v1/catalogs/demo", "{}", 403);
        var types = "/api/v1/catalogs/{catalog}/types";
        answers(store, clerk, "GET", types, "/api/v1/catalogs/demo/types", "", 200);
        answers(store, clerk, "POST", types, "/api/v1/catalogs/demo/types", "{\"name\":\"com.acme.card\"}", 403);
        answers(store, clerk, "PUT", types + "/{name}", "/api/v1/catalogs/demo/types/com.acme.card", "{}", 403);
        var write = "{\"operations\":[{\"op\":\"put\",\"object\":\"#tea\",\"type\":\"retail.item\"}]}";
        var queued = answers(
                store, clerk, "POST", "/api/v1/catalogs/{catalog}/writes", "/api/v1/catalogs/demo/writes", write, 202);
        var id = queued.path("changeRequest").asText();
        answers(store, clerk, "GET", "/api/v1/change-requests", "/api/v1/change-requests?catalog=demo", "", 200);
        answers(
                store,
                clerk,
                "GET",
                "/api/v1/change-requests/{id}",
                "/api/v1/change-requests/" + id + "?catalog=demo",
                "",
                200);
        for (var decision : List.of("approve", "reject")) {
            answers(
                    store,
                    clerk,
                    "POST",
                    "/api/v1/change-requests/{id}/" + decision,
                    "/api/v1/change-requests/" + id + "/" + decision + "?catalog=demo",
                    "{}",
                    403);
        }
        var transaction = "/api/v1/catalogs/{catalog}/transaction";
        answers(store, clerk, "POST", transaction, "/api/v1/catalogs/demo/transaction", "{}", 403);
        answers(store, clerk, "DELETE", transaction, "/api/v1/catalogs/demo/transaction", "", 403);
        answers(store, clerk, "POST", transaction + "/commit", "/api/v1/catalogs/demo/transaction/commit", "", 403);
        var imported = "/api/v1/catalogs/{catalog}/import";
        var refused = exchange(
                HttpRequest.newBuilder(URI.create(store.url() + imported.replace("{catalog}", "demo")))
                        .header("Authorization", "Bearer " + clerk.token()),
                "POST",
                Optional.of("{}"),
                "application/x-ndjson");
        assertThat(refused.statusCode()).isEqualTo(403);
        check("POST", imported, refused);
        answers(store, clerk, "GET", "/api/v1/stores", "/api/v1/stores", "", 403);
        answers(store, clerk, "GET", "/api/v1/namespaces", "/api/v1/namespaces", "", 403);
        answers(
                store,
                clerk,
                "POST",
                "/api/v1/namespaces",
                "/api/v1/namespaces",
                "{\"namespace\":\"com.acme\",\"app\":\"com.acme.loyalty\"}",
                403);
        answers(
                store,
                clerk,
                "POST",
                "/api/v1/stores",
                "/api/v1/stores",
                "{\"store\":\"store-2\",\"catalog\":\"demo\"}",
                403);
        answers(
                store,
                clerk,
                "POST",
                "/api/v1/catalogs/{catalog}/writes",
                "/api/v1/catalogs/demo/writes",
                write.replace("retail.item", "retail.nothing"),
                422);
    }

    private JsonNode answers(
            SiteProcess site, Caller caller, String method, String template, String target, String body, int status)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(site.url() + target))
                .header("Authorization", "Bearer " + caller.token());
        var answer =
                exchange(request, method, body.isEmpty() ? Optional.empty() : Optional.of(body), "application/json");
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, target, answer.body())
                .isEqualTo(status);
        check(method, template, answer);
        return Json.parse(answer.body());
    }

    private static HttpResponse<String> send(SiteProcess site, Example example, Map<String, JsonNode> kept)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(site.url() + example.target(kept)));
        example.token(kept).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        example.headers(kept).forEach(request::header);
        return exchange(request, example.method(), example.text(kept), example.contentType());
    }

    private static HttpResponse<String> exchange(
            HttpRequest.Builder request, String method, Optional<String> body, String type) throws Exception {
        body.ifPresent(unused -> request.header("Content-Type", type));
        return HTTP.send(
                request.method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()))
                        .timeout(SOON)
                        .build(),
                info -> isEvents(info.headers())
                        ? new FirstEvent()
                        : BodyHandlers.ofString().apply(info));
    }

    private void check(String method, String template, HttpResponse<String> answer) {
        var headers = new HashMap<String, String>();
        answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        contract.check(method, template, answer.statusCode(), headers, answer.body());
    }
}
