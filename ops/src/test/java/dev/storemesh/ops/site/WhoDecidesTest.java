package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What becomes of a store's change requests, with real processes: by authority, by rules, by people.
@Isolated("measures when HQ has it")
final class WhoDecidesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";
    private static final String REQUESTS = "/change-requests";

    @TempDir
    Path folder = Path.of("");

    private SiteProcess hq;
    private SiteProcess store;

    @BeforeEach
    void startBoth() throws Exception {
        hq = new SiteProcess(folder.resolve("hq"));
        store = new SiteProcess(folder.resolve("store-1"));
        hq.start();
        hq.operator().put(CATALOG).expect(201);
        hq.operator()
                .post(CATALOG + "/locations", "{\"id\":\"store-1\",\"kind\":\"store\"}")
                .expect(200);
        hq.operator()
                .post(
                        CATALOG + "/constraints",
                        "{\"name\":\"com.acme.shelves\",\"kind\":\"authority\",\"definition\":\"sys.enabled\","
                                + "\"authority\":\"store\"}")
                .expect(200);
        hq.operator()
                .post(
                        CATALOG + "/decision-rules",
                        "{\"name\":\"com.acme.small_changes\",\"decision\":\"approve\",\"roles\":[\"store_manager\"],"
                                + "\"definitions\":[\"retail.item.price\"],\"withinPercent\":10}")
                .expect(200);
        hq.operator()
                .post(CATALOG + "/writes", operations(make("tea"), make("milk")))
                .expect(200);
    }

    @AfterEach
    void leaveNothingRunning() {
        store.close();
        hq.close();
    }

    private static String operations(String... operations) {
        return "{\"operations\":[" + String.join(",", operations) + "]}";
    }

    private static String make(String item) {
        return "{\"op\":\"put\",\"object\":\"" + item + "\",\"create\":true,\"type\":\"retail.item\",\"set\":["
                + "{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":1000,\"currency\":\"USD\"}}]}";
    }

    private static String price(String item, int cents) {
        return "{\"op\":\"put\",\"object\":\"" + item + "\",\"set\":[{\"attribute\":\"retail.item.price\","
                + "\"location\":\"store-1\",\"value\":{\"amount\":" + cents + ",\"currency\":\"USD\"}}]}";
    }

    private static String disabled(String item) {
        return "{\"op\":\"put\",\"object\":\"" + item + "\",\"set\":[{\"attribute\":\"sys.enabled\","
                + "\"location\":\"store-1\",\"value\":false}]}";
    }

    private Caller joined() throws Exception {
        var joinToken = hq.operator()
                .post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        store.start("--join", hq.url(), "--token", joinToken);
        var manager = hq.operator()
                .post("/tokens", "{\"name\":\"Mia\",\"role\":\"store_manager\",\"store\":\"store-1\"}")
                .expect(201)
                .body()
                .path("token")
                .asText();
        var atStore = new Caller(store.url(), manager);
        Eventually.see(
                "the manager is known and the catalog came down",
                SOON,
                () -> atStore.get(CATALOG + "/objects/milk"),
                reply -> reply.status() == 200);
        return atStore;
    }

    private static String ask(Caller caller, String... operations) throws Exception {
        return caller.post(CATALOG + "/writes", operations(operations))
                .expect(202)
                .body()
                .path("changeRequest")
                .asText();
    }

    private JsonNode becomes(Caller caller, String request, String status) throws Exception {
        return Eventually.see(
                        request + " is " + status,
                        SOON,
                        () -> caller.get(REQUESTS + "/" + request + "?catalog=demo"),
                        reply -> reply.body().path("status").asText().equals(status))
                .body();
    }

    @Test
    void whatIsTheStoresOwnAndWhatIsSmallNeedsNoPersonAndTheRestDoes() throws Exception {
        var manager = joined();
        var own = ask(manager, disabled("milk"));
        var small = ask(manager, price("milk", 1099));
        var large = ask(manager, price("tea", 2000));
        assertThat(becomes(manager, own, "applied").path("decidedBy").asText()).isEqualTo("store-1");
        assertThat(becomes(manager, small, "applied").path("decidedBy").asText())
                .isEqualTo("rule com.acme.small_changes");
        var waiting = becomes(hq.operator(), large, "waiting");
        assertThat(waiting.path("requesterRole").asText()).isEqualTo("store_manager");
        assertThat(waiting.path("values")
                        .path(0)
                        .path("requested")
                        .path("amount")
                        .asInt())
                .isEqualTo(2000);

        var decided = hq.operator()
                .post(
                        "/change-request-decisions",
                        "{\"decision\":\"approve\",\"catalog\":\"demo\",\"store\":\"store-1\","
                                + "\"definition\":\"retail.item.price\"}")
                .expect(200)
                .body();
        assertThat(decided.path("decided").asInt()).isEqualTo(1);
        becomes(manager, large, "applied");
        assertThat(manager.get(CATALOG + "/objects/tea?location=store-1")
                        .expect(200)
                        .body()
                        .path("attributes")
                        .toString())
                .contains("2000");
        manager.get(CATALOG + "/objects/milk").expect(404); // it is not there at this store
        hq.operator().get(CATALOG + "/objects/milk").expect(200);
    }

    private static Optional<JsonNode> row(JsonNode object) {
        return StreamSupport.stream(object.path("attributes").spliterator(), false)
                .filter(row -> row.path("attribute").asText().equals("sys.enabled"))
                .findFirst();
    }

    /// Whether the item is there at the store, as one object and in its view.
    private static boolean isThere(Caller manager) throws Exception {
        var one = manager.get(CATALOG + "/objects/milk?location=store-1");
        assertThat(one.status()).as(one.raw()).isIn(200, 404);
        return one.status() == 200;
    }

    @Test
    void aStoresOwnValueIsInEffectAtOnceWithHqAwayAndNeverFlickersBack() throws Exception {
        var manager = joined();
        var version = manager.visible("demo");
        hq.kill();
        var answer =
                manager.post(CATALOG + "/writes", operations(disabled("milk"))).expect(202);
        assertThat(answer.body().path("local").asLong()).isEqualTo(1);
        assertThat(answer.header("Storemesh-Local")).hasValue("1");
        assertThat(isThere(manager)).isFalse();
        var all = store.operator().get(CATALOG + "/objects/milk").expect(200);
        assertThat(all.header("Storemesh-Local")).hasValue("1");
        assertThat(all.version()).isEqualTo(version);
        assertThat(row(all.body()).orElseThrow().path("local").asLong()).isEqualTo(1);
        assertThat(manager.post(CATALOG + "/query", "{\"location\":\"store-1\",\"total\":true}")
                        .expect(200)
                        .body()
                        .path("total")
                        .asLong())
                .isEqualTo(1);

        store.kill();
        store.start(); // cut off
        assertThat(isThere(manager)).isFalse();
        var before = store.operator()
                .get(CATALOG + "/objects/milk?version=" + version + "&local=1")
                .expect(200)
                .body();
        assertThat(before).isEqualTo(all.body());
        assertThat(row(store.operator()
                        .get(CATALOG + "/objects/milk?version=" + version)
                        .expect(200)
                        .body()))
                .isEmpty(); // what HQ knew

        hq.start();
        var reads = 0;
        var seen = store.operator().get(CATALOG + "/objects/milk").expect(200);
        var deadline = System.nanoTime() + SOON.toNanos();
        while (row(seen.body()).orElseThrow().has("local")) {
            assertThat(isThere(manager))
                    .as("read %s, at version %s", ++reads, seen.version())
                    .isFalse();
            assertThat(System.nanoTime()).as("the time until HQ has it").isLessThan(deadline);
            seen = store.operator().get(CATALOG + "/objects/milk").expect(200);
        }
        assertThat(isThere(manager)).isFalse();
        assertThat(seen.version()).isGreaterThan(version);
        assertThat(seen.header("Storemesh-Local")).hasValue("1");
        assertThat(row(hq.operator().get(CATALOG + "/objects/milk").expect(200).body()))
                .isEqualTo(row(seen.body()));
        var told = store.operator()
                .get(CATALOG + "/changes?since=" + version + "&sinceLocal=1&type=retail.item")
                .expect(200)
                .body();
        assertThat(told.path("objects").path(0)).isEqualTo(seen.body());
    }

    @Test
    void requestsKeepTheirOrderAndAreTakenBackByTheirStore() throws Exception {
        var manager = joined();
        var first = ask(manager, price("tea", 2000), price("milk", 2000));
        var second = ask(manager, price("tea", 3000));
        assertThat(becomes(hq.operator(), second, "waiting")
                        .path("waitsFor")
                        .path(0)
                        .asText())
                .isEqualTo(first);
        hq.operator()
                .post(REQUESTS + "/" + second + "/approve?catalog=demo", "{}")
                .expect(409);
        manager.post(REQUESTS + "/" + first + "/withdraw", "{\"reason\":\"a slip\"}")
                .expect(202);
        becomes(hq.operator(), first, "withdrawn");
        assertThat(becomes(manager, second, "rejected").path("decisionReason").asText())
                .isEqualTo("falls with " + first);

        var mia = hq.operator()
                .post("/tokens", "{\"name\":\"Mia\",\"role\":\"approver\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("token")
                .asText();
        var third = ask(manager, price("tea", 4000));
        becomes(hq.operator(), third, "waiting");
        assertThat(new Caller(hq.url(), mia)
                        .post(REQUESTS + "/" + third + "/approve?catalog=demo", "{}")
                        .expect(403)
                        .body()
                        .path("code")
                        .asText())
                .isEqualTo("own_request");
    }
}
