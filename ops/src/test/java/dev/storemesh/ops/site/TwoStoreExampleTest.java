package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A retailer with two stores and every model of "Who decides" in one catalog: each store has its own record of
/// where an item stands, only HQ says where it comes from, prices are HQ's and stores ask for others, and what is
/// switched off is the store's with items and HQ's with departments.
///
/// The sites are shared and each test has items of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoStoreExampleTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/acme";
    private static final String REQUESTS = "/change-requests";
    private static final String SHELF = "com.acme.item.shelf";
    private static final String ORIGIN = "com.acme.item.origin";
    private static final String PRICE = "retail.item.price";
    private static final String ENABLED = "sys.enabled";
    private static final String GLOBAL = "";
    private static final Set<String> UNDECIDED = Set.of("queued", "sent", "waiting", "conflicted");

    private final List<SiteProcess> sites = new ArrayList<>();
    private SiteProcess hq;
    private Store one;
    private Store two;
    private Caller editor;
    private Caller approver;

    /// A store, its manager, and who sees all that it holds, other places' values, too.
    private record Store(String id, SiteProcess site, Caller manager, Caller all) {}

    @BeforeAll
    void aRetailerWithTwoStores(@TempDir Path folder) throws Exception {
        hq = site(folder.resolve("hq"));
        hq.start();
        var operator = hq.operator();
        operator.put(CATALOG).expect(201);
        schema(operator);
        write(operator, make("drinks", "retail.department"), make("snacks", "retail.department"))
                .expect(200);
        for (var item : List.of("tea", "milk", "salt", "rice", "soap", "corn")) {
            write(operator, make(item, "retail.item", set(SHELF, GLOBAL, "'A1'"), set(PRICE, GLOBAL, cents(1000))))
                    .expect(200);
        }
        var first = joining("store-1", folder);
        var second = joining("store-2", folder);
        one = joined("store-1", first);
        two = joined("store-2", second);
        editor = operator.create("editor", "acme");
        approver = operator.create("approver", "acme");
    }

    /// Who decides what, as data.
    private static void schema(Caller operator) throws Exception {
        for (var store : List.of("store-1", "store-2")) {
            made(operator, "/locations", "{'id':'" + store + "','kind':'store'}");
        }
        for (var attribute : List.of(SHELF, ORIGIN)) {
            made(
                    operator,
                    "/definitions",
                    "{'name':'" + attribute + "','type':'retail.item','valueType':'string','variesByLocation':true}");
        }
        made(operator, "/constraints", authority("com.acme.own_shelves", SHELF, "store"));
        made(
                operator,
                "/constraints",
                "{'name':'com.acme.one_origin','kind':'global_only','definition':'" + ORIGIN + "'}");
        made(
                operator,
                "/decision-rules",
                "{'name':'com.acme.origins_are_hqs','decision':'reject','definitions':['" + ORIGIN + "']}");
        made(
                operator,
                "/decision-rules",
                "{'name':'com.acme.small_price_changes','decision':'approve','definitions':['" + PRICE + "'],"
                        + "'roles':['store_manager'],'withinPercent':10}");
        made(operator, "/constraints", authority("com.acme.own_range", ENABLED, "store"));
        made(
                operator,
                "/constraints",
                "{'name':'com.acme.departments','kind':'authority','definition':'" + ENABLED
                        + "','type':'retail.department','authority':'hq'}");
    }

    private static String authority(String name, String definition, String who) {
        return "{'name':'" + name + "','kind':'authority','definition':'" + definition + "','authority':'" + who + "'}";
    }

    private static void made(Caller operator, String path, String body) throws Exception {
        operator.post(CATALOG + path, quoted(body)).expect(200);
    }

    private SiteProcess site(Path home) {
        var site = new SiteProcess(home);
        sites.add(site);
        return site;
    }

    private SiteProcess joining(String id, Path folder) throws Exception {
        var joinToken = hq.operator()
                .post("/stores", quoted("{'store':'" + id + "','catalog':'acme'}"))
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site(folder.resolve(id));
        Files.createDirectories(store.home());
        Files.writeString(store.home().resolve("storemesh.conf"), "storemesh.link.backoff-max = 500ms\n");
        store.launch("--join", hq.url(), "--token", joinToken);
        return store;
    }

    /// Once it holds the catalog and knows its manager.
    private Store joined(String id, SiteProcess site) throws Exception {
        site.awaitReady();
        var manager = hq.operator()
                .post("/tokens", quoted("{'name':'manager of " + id + "','role':'store_manager','store':'" + id + "'}"))
                .expect(201)
                .body()
                .path("token")
                .asText();
        var store = new Store(id, site, new Caller(site.url(), manager), site.operator());
        Eventually.see(
                id + " knows its manager and the catalog",
                SOON,
                () -> store.manager().get(CATALOG + "/objects/corn"),
                reply -> reply.status() == 200);
        return store;
    }

    @AfterAll
    void leaveNothingRunning() {
        sites.forEach(SiteProcess::close);
    }

    /// One record per store.
    @Test
    void whatEachStoreOwnsIsAtOnceItsOwnAndNeverTheOthers() throws Exception {
        var ofOne = ask(one, put("tea", set(SHELF, "store-1", "'B2'")));
        var ofTwo = ask(two, put("tea", set(SHELF, "store-2", "'C3'")));
        assertThat(values(one.manager(), "tea", SHELF, "store-1")).containsExactly("B2");
        assertThat(values(two.manager(), "tea", SHELF, "store-2")).containsExactly("C3");

        assertThat(becomes(one.manager(), ofOne, "applied").path("decidedBy").asText())
                .isEqualTo("store-1");
        assertThat(becomes(two.manager(), ofTwo, "applied").path("decidedBy").asText())
                .isEqualTo("store-2");
        converged();
        for (var caller : List.of(editor, one.all(), two.all())) {
            assertThat(values(caller, "tea", SHELF, "store-1")).containsExactly("B2");
            assertThat(values(caller, "tea", SHELF, "store-2")).containsExactly("C3");
            assertThat(values(caller, "milk", SHELF, "store-1")).containsExactly("A1");
        }
    }

    /// HQ only.
    @Test
    void whatIsOnlyHqsNoStoreSetsHereOrEverywhere() throws Exception {
        write(editor, put("milk", set(ORIGIN, GLOBAL, "'Norway'"))).expect(200);
        converged();
        var here = write(one.manager(), put("milk", set(ORIGIN, "store-1", "'Sweden'")))
                .expect(422);
        assertThat(here.body().path("violations").findValuesAsText("constraint"))
                .containsExactly("com.acme.one_origin");

        var everywhere = ask(two, put("milk", set(ORIGIN, GLOBAL, "'Sweden'")));
        assertThat(becomes(two.manager(), everywhere, "rejected")
                        .path("decidedBy")
                        .asText())
                .isEqualTo("rule com.acme.origins_are_hqs");
        converged();
        for (var caller : List.of(editor, one.all(), two.all())) {
            assertThat(values(caller, "milk", ORIGIN, "store-1")).containsExactly("Norway");
            assertThat(values(caller, "milk", ORIGIN, "store-2")).containsExactly("Norway");
        }
    }

    /// HQ, and stores that ask.
    @Test
    void aSmallPriceChangeIsApprovedByARuleAndALargeOneByNobodyButAPerson() throws Exception {
        var small = ask(one, put("salt", set(PRICE, "store-1", cents(1100))));
        var large = ask(one, put("rice", set(PRICE, "store-1", cents(1101))));
        assertThat(becomes(one.manager(), small, "applied").path("decidedBy").asText())
                .isEqualTo("rule com.acme.small_price_changes");
        assertThat(values(one.manager(), "salt", PRICE, "store-1")).containsExactly("1100");

        becomes(editor, large, "waiting");
        approver.post(REQUESTS + "/" + large + "/comments?catalog=acme", quoted("{'text':'Who pays for that?'}"))
                .expect(200);
        approver.post(REQUESTS + "/" + large + "/reject?catalog=acme", quoted("{'reason':'not this week'}"))
                .expect(200);
        var rejected = becomes(one.manager(), large, "rejected");
        assertThat(rejected.path("decidedBy").asText()).isEqualTo("test approver");
        assertThat(rejected.path("decisionReason").asText()).isEqualTo("not this week");
        assertThat(rejected.path("comments").findValuesAsText("text")).containsExactly("Who pays for that?");
        assertThat(values(one.manager(), "rice", PRICE, "store-1")).containsExactly("1000");
        converged();
        assertThat(values(two.all(), "salt", PRICE, "store-1")).containsExactly("1100");
        assertThat(values(two.all(), "salt", PRICE, "store-2")).containsExactly("1000");
    }

    /// A hybrid: one attribute is the store's with items and HQ's with departments; and one write that has some of
    /// either is HQ's as a whole.
    @Test
    void whatIsHalfTheStoresIsTheStoresForItemsHqsForDepartmentsAndHqsWhereMixed() throws Exception {
        var item = ask(two, put("soap", set(ENABLED, "store-2", "false")));
        two.manager().get(CATALOG + "/objects/soap?location=store-2").expect(404);
        var department = ask(two, put("snacks", set(ENABLED, "store-2", "false")));
        two.manager().get(CATALOG + "/objects/snacks?location=store-2").expect(200);
        var mixed = ask(one, put("soap", set(SHELF, "store-1", "'D4'"), set(PRICE, "store-1", cents(1050))));
        assertThat(values(one.manager(), "soap", SHELF, "store-1")).containsExactly("A1");

        becomes(two.manager(), item, "applied");
        approve(department);
        approve(mixed);
        becomes(two.manager(), department, "applied");
        becomes(one.manager(), mixed, "applied");
        converged();
        for (var caller : List.of(editor, one.all(), two.all())) {
            caller.get(CATALOG + "/objects/soap?location=store-2").expect(404);
            caller.get(CATALOG + "/objects/snacks?location=store-2").expect(404);
            caller.get(CATALOG + "/objects/snacks?location=store-1").expect(200);
            assertThat(values(caller, "soap", SHELF, "store-1")).containsExactly("D4");
            assertThat(values(caller, "soap", PRICE, "store-1")).containsExactly("1050");
        }
    }

    /// Last, so that it sees what became of the requests of all the others, too.
    @Test
    @Order(Integer.MAX_VALUE)
    void withHqAwayAStoreGoesOnAndThenAllHoldTheSameAndAgreeWhatBecameOfEachRequest() throws Exception {
        hq.kill();
        Eventually.see("the store knows", SOON, two.site()::health, said -> said.contains("\"hq\":\"unreachable\""));
        assertThat(values(two.manager(), "corn", PRICE, "store-2")).containsExactly("1000");
        var own = ask(two, put("corn", set(SHELF, "store-2", "'E5'")));
        assertThat(values(two.manager(), "corn", SHELF, "store-2")).containsExactly("E5");
        var name = ask(two, put("drinks", set("retail.department.name", GLOBAL, "'Beverages'")));
        var price = ask(two, put("corn", set(PRICE, "store-2", cents(950))));
        for (var request : List.of(own, name, price)) {
            assertThat(request(two.manager(), request)
                            .expect(200)
                            .body()
                            .path("status")
                            .asText())
                    .isIn("queued", "sent");
        }
        assertThat(values(two.manager(), "corn", PRICE, "store-2")).containsExactly("1000");
        assertThat(two.manager()
                        .get(CATALOG + "/objects/corn?location=store-2&pending=include")
                        .expect(200)
                        .raw())
                .contains("\"amount\":950");

        hq.start();
        becomes(two.manager(), own, "applied");
        becomes(two.manager(), price, "applied");
        becomes(editor, name, "waiting");
        approver.post(REQUESTS + "/" + name + "/reject?catalog=acme", quoted("{'reason':'drinks are drinks'}"))
                .expect(200);
        becomes(two.manager(), name, "rejected");
        var version = converged();

        var exported = export(editor, version);
        assertThat(exported).contains("E5", "950").doesNotContain("Beverages");
        assertThat(export(one.all(), version)).isEqualTo(exported);
        assertThat(export(two.all(), version)).isEqualTo(exported);
        for (var store : List.of(one, two)) {
            var atHq = statuses(editor, store.id());
            assertThat(atHq.values()).doesNotContainAnyElementsOf(UNDECIDED);
            assertThat(statuses(store.manager(), store.id())).isEqualTo(atHq);
        }
        assertThat(statuses(editor, "store-2"))
                .containsEntry(own, "approved")
                .containsEntry(price, "approved")
                .containsEntry(name, "rejected");
    }

    private void approve(String request) throws Exception {
        becomes(editor, request, "waiting");
        approver.post(REQUESTS + "/" + request + "/approve?catalog=acme", "{}").expect(200);
    }

    /// Waits until both stores hold HQ's newest version.
    private long converged() throws Exception {
        var version = editor.visible("acme");
        for (var store : List.of(one, two)) {
            Eventually.see(
                    store.id() + " holds version " + version,
                    SOON,
                    () -> store.manager().visible("acme"),
                    seen -> seen >= version);
        }
        return version;
    }

    /// What the newest version holds, if that is the version: nothing of the store's own is left to be laid over
    /// it.
    private static String export(Caller caller, long version) throws Exception {
        var newest = caller.get(CATALOG + "/export").expect(200);
        assertThat(newest.version()).isEqualTo(version);
        assertThat(caller.get(CATALOG + "/export?version=" + version)
                        .expect(200)
                        .raw())
                .isEqualTo(newest.raw());
        return newest.raw();
    }

    /// What became of a store's requests; what the store calls applied is approved.
    private static Map<String, String> statuses(Caller caller, String store) throws Exception {
        var body = caller.get(REQUESTS + "?catalog=acme&limit=1000&store=" + store)
                .expect(200)
                .body();
        var statuses = new TreeMap<String, String>();
        for (var request : body.path("changeRequests")) {
            var status = request.path("status").asText();
            statuses.put(request.path("changeRequest").asText(), status.equals("applied") ? "approved" : status);
        }
        return statuses;
    }

    private static Reply request(Caller caller, String request) throws Exception {
        return caller.get(REQUESTS + "/" + request + "?catalog=acme");
    }

    private static JsonNode becomes(Caller caller, String request, String status) throws Exception {
        return Eventually.see(
                        request + " is " + status,
                        SOON,
                        () -> request(caller, request),
                        reply -> reply.body().path("status").asText().equals(status))
                .body();
    }

    private static String ask(Store store, String operation) throws Exception {
        return write(store.manager(), operation)
                .expect(202)
                .body()
                .path("changeRequest")
                .asText();
    }

    /// What is seen of an attribute at a place; of an amount its number.
    private static List<String> values(Caller caller, String object, String attribute, String location)
            throws Exception {
        var body = caller.get(CATALOG + "/objects/" + object + "?location=" + location)
                .expect(200)
                .body();
        var values = new ArrayList<String>();
        for (var row : body.path("attributes")) {
            if (row.path("attribute").asText().equals(attribute)) {
                var value = row.path("value");
                values.add(value.path("amount").asText(value.asText()));
            }
        }
        return values;
    }

    private static Reply write(Caller caller, String... operations) throws Exception {
        return caller.post(CATALOG + "/writes", quoted("{'operations':[" + String.join(",", operations) + "]}"));
    }

    private static String make(String object, String type, String... sets) {
        return "{'op':'put','object':'" + object + "','create':true,'type':'" + type + "','set':["
                + String.join(",", sets) + "]}";
    }

    private static String put(String object, String... sets) {
        return "{'op':'put','object':'" + object + "','set':[" + String.join(",", sets) + "]}";
    }

    private static String set(String attribute, String location, String value) {
        var place = location.equals(GLOBAL) ? "" : ",'location':'" + location + "'";
        return "{'attribute':'" + attribute + "'" + place + ",'value':" + value + "}";
    }

    private static String cents(int amount) {
        return "{'amount':" + amount + ",'currency':'USD'}";
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
