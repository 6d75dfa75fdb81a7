package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All of the API at a store's address, with real processes: what HQ does, it does there, too, while it is within
/// reach.
final class OneAddressTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";
    private static final String REQUESTS = "/change-requests";

    @TempDir
    Path folder = Path.of("");

    private SiteProcess hq;
    private SiteProcess store;
    private Caller operator = new Caller("", "");
    private Caller editor = operator;
    private Caller approver = operator;
    private Caller manager = operator;

    @BeforeEach
    void startBoth() throws Exception {
        hq = new SiteProcess(folder.resolve("hq"));
        store = new SiteProcess(folder.resolve("store-1"));
        hq.start();
        var atHq = hq.operator();
        atHq.put(CATALOG).expect(201);
        atHq.post(CATALOG + "/locations", "{\"id\":\"store-1\",\"kind\":\"store\"}")
                .expect(200);
        var joinToken = atHq.post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        store.start("--join", hq.url(), "--token", joinToken);
        operator = atHq.at(store.url());
        editor = operator.as(atHq.create("editor", "demo").token());
        approver = operator.as(atHq.create("approver", "demo").token());
        manager =
                operator.as(atHq.post("/tokens", "{\"name\":\"Mia\",\"role\":\"store_manager\",\"store\":\"store-1\"}")
                        .expect(201)
                        .body()
                        .path("token")
                        .asText());
    }

    @AfterEach
    void leaveNothingRunning() {
        store.close();
        hq.close();
    }

    @Test
    void everythingAnswersAtTheStoresAddressWhileHqIsThere() throws Exception {
        whatHqDoesWithItself();
        aTransaction();
        anImport();
        theStoresOwnRequests();
        refusals();
        hq.stop();
        withoutHq();
        hq.start();
        Eventually.see("HQ answers again", SOON, () -> operator.get("/stores"), reply -> reply.status() == 200);
        held(editor.post(CATALOG + "/transaction", "{}").expect(201).body());
    }

    /// Schema, stores and the command line.
    private void whatHqDoesWithItself() throws Exception {
        editor.post(
                        CATALOG + "/constraints",
                        "{\"name\":\"com.acme.shelves\",\"kind\":\"authority\",\"definition\":\"sys.enabled\","
                                + "\"authority\":\"store\"}")
                .expect(200);
        assertThat(operator.get("/stores/store-1")
                        .expect(200)
                        .body()
                        .path("enrolled")
                        .asBoolean())
                .isTrue();
        var listed = SiteProcess.run(SOON, "store", "list", "--url", store.url(), "--token", operator.token());
        assertThat(listed.exitCode()).as(listed.output()).isZero();
        assertThat(listed.output()).contains("store-1");
    }

    private void aTransaction() throws Exception {
        var opened = editor.post(
                        CATALOG + "/writes", "{\"operations\":[" + item("tea", 1000) + "],\"transaction\":\"open\"}")
                .expect(200)
                .body();
        var held = held(opened);
        editor.call("POST", CATALOG + "/writes", "{\"operations\":[" + item("milk", 1000) + "]}", held)
                .expect(200);
        editor.call("GET", CATALOG + "/objects/milk", "", held).expect(200);
        store.operator().get(CATALOG + "/objects/milk").expect(404);
        var version = editor.call("POST", CATALOG + "/transaction/commit", "", held)
                .expect(200)
                .version();
        Eventually.see("it came down", SOON, () -> store.operator().visible("demo"), seen -> seen >= version);
        store.operator().get(CATALOG + "/objects/milk").expect(200);
    }

    private static Map<String, String> held(JsonNode opened) {
        return Map.of("Storemesh-Lock", opened.path("lock").asText());
    }

    private void anImport() throws Exception {
        var lines = new StringBuilder();
        for (var i = 0; i < 5_000; i++) {
            lines.append("{\"object\":\"line-").append(i).append("\",\"type\":\"retail.item\",\"attributes\":[]}\n");
        }
        var request = HttpRequest.newBuilder(URI.create(store.url() + "/api/v1" + CATALOG + "/import"))
                .timeout(SOON)
                .header("Authorization", "Bearer " + editor.token())
                .header("Content-Type", "application/x-ndjson")
                .header("Idempotency-Key", "once")
                .POST(BodyPublishers.ofString(lines.toString()))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var imported = Reply.of(client.send(request, BodyHandlers.ofString()))
                    .expect(200)
                    .body();
            assertThat(imported.path("counts").path("created").asInt()).isEqualTo(5_000);
            assertThat(Reply.of(client.send(request, BodyHandlers.ofString()))
                            .expect(200)
                            .body()
                            .path("replayed")
                            .asBoolean())
                    .isTrue();
        }
    }

    /// Asked for, decided and heard of at one address; who waits hears it at once.
    private void theStoresOwnRequests() throws Exception {
        Eventually.see(
                "the manager is known, and the import came down",
                SOON,
                () -> manager.get(CATALOG + "/objects/line-4999"),
                reply -> reply.status() == 200);
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(price("tea", 2000), "wait=30");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        var listed = Eventually.see(
                "the approver sees it",
                SOON,
                () -> approver.get(REQUESTS + "?status=waiting"),
                reply -> reply.status() == 200
                        && !reply.body().path("changeRequests").isEmpty());
        var id = listed.body()
                .path("changeRequests")
                .path(0)
                .path("changeRequest")
                .asText();
        var version = approver.post(REQUESTS + "/" + id + "/approve", "{}")
                .expect(200)
                .version();
        var decided = waiting.join().expect(200).body();
        assertThat(decided.path("changeRequest").asText()).isEqualTo(id);
        assertThat(decided.path("status").asText()).isEqualTo("applied");
        assertThat(decided.path("version").asLong()).isEqualTo(version);

        var own = ask(disabled("milk"), "wait=20").expect(200).body();
        assertThat(own.path("status").asText()).isEqualTo("applied");
        manager.get(CATALOG + "/objects/milk?location=store-1").expect(404);

        var queued = ask(price("tea", 3000), "wait=1").expect(202).body();
        assertThat(queued.path("changeRequest").asText()).startsWith("cr-");
    }

    private Reply ask(String operation, String prefer) throws Exception {
        return manager.call(
                "POST", CATALOG + "/writes", "{\"operations\":[" + operation + "]}", Map.of("Prefer", prefer));
    }

    private void refusals() throws Exception {
        var made = store.operator();
        assertThat(code(made.get("/stores"))).isEqualTo("403 unknown_at_hq");
        assertThat(code(made.post(CATALOG + "/transaction", "{}"))).isEqualTo("403 unknown_at_hq");
        assertThat(code(manager.post(CATALOG + "/transaction", "{}"))).isEqualTo("403 forbidden");
        assertThat(code(made.as("smt_nobody").get(CATALOG))).isEqualTo("401 unauthenticated");
    }

    private void withoutHq() throws Exception {
        var away = operator.get("/stores");
        assertThat(code(away)).isEqualTo("503 hq_unreachable");
        assertThat(away.raw()).contains("nothing was done", "reads", "change requests");
        assertThat(code(editor.post(CATALOG + "/transaction", "{}"))).isEqualTo("409 hq_only");
        assertThat(code(editor.post(CATALOG + "/revert", "{\"to\":1}"))).isEqualTo("409 hq_only");
        assertThat(code(approver.post(REQUESTS + "/cr-x/approve", "{}"))).isEqualTo("503 hq_unreachable");
        manager.get(CATALOG + "/objects/tea").expect(200);
        ask(price("tea", 4000), "wait=1").expect(202);
    }

    private static String code(Reply reply) {
        return reply.status() + " " + reply.body().path("code").asText();
    }

    private static String item(String token, int cents) {
        return "{\"op\":\"put\",\"object\":\"" + token + "\",\"create\":true,\"type\":\"retail.item\",\"set\":["
                + "{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":" + cents + ",\"currency\":\"USD\"}}]}";
    }

    private static String price(String item, int cents) {
        return "{\"op\":\"put\",\"object\":\"" + item + "\",\"set\":[{\"attribute\":\"retail.item.price\","
                + "\"location\":\"store-1\",\"value\":{\"amount\":" + cents + ",\"currency\":\"USD\"}}]}";
    }

    private static String disabled(String item) {
        return "{\"op\":\"put\",\"object\":\"" + item + "\",\"set\":[{\"attribute\":\"sys.enabled\","
                + "\"location\":\"store-1\",\"value\":false}]}";
    }
}
