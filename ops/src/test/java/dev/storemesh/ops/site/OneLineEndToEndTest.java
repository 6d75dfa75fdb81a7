package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One line through the whole system: what HQ knows both stores know, and what a store asks for while HQ is dead and
/// it dies itself is done once, everywhere, and can be looked behind.
final class OneLineEndToEndTest {
    private static final String CATALOG = "demo";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder = Path.of("");

    private final List<SiteProcess> sites = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        sites.forEach(SiteProcess::close);
    }

    @Test
    void aPriceQueuedAtAStoreOutlivesHqAndTheStoreAndIsAppliedOnceEverywhere() throws Exception {
        // three processes, two of them enrolled, one catalog imported at HQ
        var hq = site("hq");
        hq.start();
        var operator = hq.operator();
        operator.put("/catalogs/" + CATALOG).expect(201);
        var editor = operator.create("editor", CATALOG);
        var approver = operator.create("approver", CATALOG);
        var store1 = enrol("store-1", hq, operator);
        var store2 = enrol("store-2", hq, operator);
        importCatalog(editor);
        var imported = editor.visible(CATALOG);
        store1.awaitReady();
        store2.awaitReady();
        awaitVersion(store1, imported);
        awaitVersion(store2, imported);
        var clerk1 = store1.operator().create("editor", CATALOG);
        var clerk2 = store2.operator().create("editor", CATALOG);

        // the same content, object by object
        var objects = editor.objects(CATALOG, imported);
        assertThat(objects).hasSizeGreaterThan(300);
        assertThat(clerk1.objects(CATALOG, imported)).isEqualTo(objects);
        assertThat(clerk2.objects(CATALOG, imported)).isEqualTo(objects);

        // HQ dies; store-1 takes the change all the same, dies, and comes back with it
        var item = objects.values().stream()
                .filter(object -> price(object).isPresent())
                .findFirst()
                .orElseThrow();
        var token = item.path("object").asText();
        var oldPrice = price(item).orElseThrow();
        var newAmount = oldPrice.path("amount").asLong() + 117;
        hq.kill();
        var queued = clerk1.post(
                        "/catalogs/" + CATALOG + "/writes",
                        change(token, newAmount, oldPrice),
                        Optional.of("end-to-end"))
                .expect(202)
                .body();
        assertThat(queued.path("status").asText()).isEqualTo("queued");
        var request = queued.path("changeRequest").asText();
        store1.kill();
        store1.start();
        assertThat(status(clerk1, request)).isIn("queued", "sent");
        assertThat(clerk1.objects(CATALOG, imported)).isEqualTo(objects);

        // HQ comes back: the request arrives, once
        hq.start();
        var waiting = Eventually.see("the request is at HQ", SOON, () -> requests(approver), list -> !list.isEmpty());
        assertThat(waiting).hasSize(1);
        assertThat(waiting.getFirst().path("changeRequest").asText()).isEqualTo(request);
        assertThat(waiting.getFirst().path("store").asText()).isEqualTo("store-1");
        assertThat(waiting.getFirst().path("status").asText()).isEqualTo("waiting");
        assertThat(price(read(clerk2, token, ""))).contains(oldPrice);

        // approved: one version, which both stores show
        var approved = approver.post("/change-requests/" + request + "/approve?catalog=" + CATALOG, "{}")
                .expect(200)
                .body();
        assertThat(approved.path("status").asText()).isEqualTo("approved");
        var version = approved.path("version").asLong();
        assertThat(version).isGreaterThan(imported);
        awaitVersion(store1, version);
        awaitVersion(store2, version);
        for (var reader : List.of(editor, clerk1, clerk2)) {
            var now = read(reader, token, "");
            assertThat(price(now).orElseThrow().path("amount").asLong()).isEqualTo(newAmount);
            assertThat(now.path("version").asLong()).isEqualTo(version);
            assertThat(price(read(reader, token, "?version=" + imported))).contains(oldPrice);
            assertThat(price(read(reader, token, "?version=" + (version - 1)))).contains(oldPrice);
        }

        // and nothing else happened: one version recorded it, one decided it, in one chain
        assertThat(requests(approver)).hasSize(1);
        var log = editor.get("/catalogs/" + CATALOG + "/log?limit=1000&after=" + imported)
                .expect(200)
                .body();
        assertThat(StreamSupport.stream(log.path("entries").spliterator(), false)
                        .map(entry -> entry.path("version").asLong()))
                .containsExactly(imported + 1, version);
        var chain = chain(editor);
        assertThat(List.of(chain(clerk1), chain(clerk2))).containsOnly(chain);
        Eventually.see(
                "store-1 knows the decision",
                SOON,
                () -> status(clerk1, request),
                status -> status.equals("applied") || status.equals("approved"));

        // and all three stop when they are told to
        assertThat(store1.stop()).isZero();
        assertThat(store2.stop()).isZero();
        assertThat(hq.stop()).isZero();
    }

    private SiteProcess site(String id) {
        var site = new SiteProcess(folder.resolve(id));
        sites.add(site);
        return site;
    }

    /// Launches a store with a join token of its own; it is not ready yet.
    private SiteProcess enrol(String id, SiteProcess hq, Caller operator) throws Exception {
        var joinToken = operator.post("/stores", "{\"store\":\"" + id + "\",\"catalog\":\"" + CATALOG + "\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site(id);
        store.launch("--join", hq.url(), "--token", joinToken);
        return store;
    }

    /// CORE-POS's real files where they are, our own sample otherwise.
    private static void importCatalog(Caller editor) throws Exception {
        var data = Path.of(System.getProperty("storemesh.data", ""), "core-pos");
        var words = new ArrayList<>(List.of("import"));
        if (Files.isDirectory(data)) {
            words.addAll(List.of("core-pos", data.toString()));
        } else {
            System.out.println("no CORE-POS files in " + data + ": the sample is imported");
            words.add("sample");
        }
        words.addAll(List.of("--catalog", CATALOG, "--url", editor.url(), "--token", editor.token()));
        var ended = SiteProcess.run(Duration.ofMinutes(2), words.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    private static void awaitVersion(SiteProcess store, long version) throws Exception {
        try {
            var operator = store.operator();
            Eventually.see(
                    store.home().getFileName() + " holds version " + version,
                    SOON,
                    () -> operator.get("/catalogs/" + CATALOG),
                    reply -> reply.status() == 200
                            && reply.body().path("visible").asLong() >= version);
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "\n" + store.logTail(), late);
        }
    }

    private static JsonNode read(Caller caller, String token, String query) throws Exception {
        return caller.get("/catalogs/" + CATALOG + "/objects/" + token + query)
                .expect(200)
                .body();
    }

    private static String chain(Caller caller) throws Exception {
        return caller.get("/catalogs/" + CATALOG)
                .expect(200)
                .body()
                .path("chain")
                .asText();
    }

    private static List<JsonNode> requests(Caller caller) throws Exception {
        var page = caller.get("/change-requests?catalog=" + CATALOG).expect(200).body();
        return StreamSupport.stream(page.path("changeRequests").spliterator(), false)
                .toList();
    }

    private static String status(Caller caller, String request) throws Exception {
        return caller.get("/change-requests/" + request + "?catalog=" + CATALOG)
                .expect(200)
                .body()
                .path("status")
                .asText();
    }

    /// The global price.
    private static Optional<JsonNode> price(JsonNode object) {
        return StreamSupport.stream(object.path("attributes").spliterator(), false)
                .filter(row -> row.path("attribute").asText().equals("retail.item.price") && !row.has("location"))
                .map(row -> row.path("value"))
                .findFirst();
    }

    private static String change(String token, long amount, JsonNode oldPrice) {
        return "{\"operations\":[{\"op\":\"put\",\"object\":\"" + token
                + "\",\"set\":[{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":" + amount
                + ",\"currency\":\"" + oldPrice.path("currency").asText() + "\"}}]}],\"reason\":\"end to end\"}";
    }
}
