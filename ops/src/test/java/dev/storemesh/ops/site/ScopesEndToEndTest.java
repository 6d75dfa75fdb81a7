package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that follows what is global and at its own location, and then all, and then less again, with real
/// processes.
final class ScopesEndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";

    @TempDir
    Path folder = Path.of("");

    private Optional<SiteProcess> hq = Optional.empty();
    private Optional<SiteProcess> store = Optional.empty();

    @AfterEach
    void leaveNothingRunning() {
        store.ifPresent(SiteProcess::close);
        hq.ifPresent(SiteProcess::close);
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private static long write(Caller operator, String... operations) throws Exception {
        return operator.post(CATALOG + "/writes", quoted("{'operations':[" + String.join(",", operations) + "]}"))
                .expect(200)
                .body()
                .path("version")
                .asLong();
    }

    private static String price(String item, String location, int cents) {
        return "{'op':'put','object':'" + item + "','set':[{'attribute':'retail.item.price'"
                + (location.isEmpty() ? "" : ",'location':'" + location + "'")
                + ",'value':{'amount':" + cents + ",'currency':'USD'}}]}";
    }

    private static String make(String item) {
        return "{'op':'put','object':'" + item + "','create':true,'type':'retail.item','set':["
                + "{'attribute':'retail.item.name','value':'" + item + "'}]}";
    }

    private static void fill(Caller operator) throws Exception {
        operator.put(CATALOG).expect(201);
        for (var location : new String[] {"store-1", "store-2"}) {
            operator.post(CATALOG + "/locations", quoted("{'id':'" + location + "','kind':'store'}"))
                    .expect(200);
        }
        operator.post(CATALOG + "/locations", quoted("{'id':'kiosk','kind':'store','store':'store-1'}"))
                .expect(200);
        write(operator, make("tea"), make("milk"), make("salt"));
        write(operator, price("tea", "", 100), price("tea", "store-1", 90), price("tea", "store-2", 80));
        write(operator, price("tea", "kiosk", 50));
        write(operator, price("milk", "store-2", 70));
    }

    private void follows(SiteProcess site, String scope, String... options) throws Exception {
        Files.createDirectories(site.home());
        Files.writeString(
                site.home().resolve("storemesh.conf"),
                "storemesh.link { load-beyond = 1000, wait = 1s, backoff-max = 300ms, scope = " + scope + " }\n");
        site.start(options);
    }

    private static JsonNode arrived(Caller atStore, long version, Optional<String> scope) throws Exception {
        return Eventually.see(
                        "version " + version + " of " + scope.orElse("all"),
                        SOON,
                        () -> atStore.get(CATALOG),
                        reply -> reply.status() == 200
                                && reply.body().path("visible").asLong() >= version
                                && !reply.body().has("loading")
                                && Optional.ofNullable(
                                                reply.body().path("scope").get("location"))
                                        .map(JsonNode::asText)
                                        .equals(scope))
                .body();
    }

    /// What came of a verification that HQ orders now.
    private static String verified(Caller operator) throws Exception {
        var order = operator.post("/stores/store-1/verify", "{}")
                .expect(202)
                .body()
                .path("order")
                .path("id")
                .asText();
        return Eventually.see(
                        "the store was verified",
                        SOON,
                        () -> operator.get("/stores/store-1"),
                        reply -> order.equals(
                                reply.body().path("verified").path("order").asText()))
                .body()
                .path("verified")
                .path("outcome")
                .asText();
    }

    /// Where a price of an item is set, as a site tells without a location.
    private static long prices(Caller site, String item) throws Exception {
        var attributes =
                site.get(CATALOG + "/objects/" + item).expect(200).body().path("attributes");
        return StreamSupport.stream(attributes.spliterator(), false)
                .filter(row -> row.path("attribute").asText().equals("retail.item.price"))
                .count();
    }

    private static void assertTheSameAt(String location, Caller operator, Caller atStore, long version)
            throws Exception {
        for (var path : new String[] {
            "/export?location=" + location + "&version=" + version,
            "/digest?location=" + location + "&version=" + version,
            "/objects?limit=1000&location=" + location + "&version=" + version,
            "/log?location=" + location + "&after=" + version
        }) {
            assertThat(atStore.get(CATALOG + path).expect(200).raw())
                    .as(path)
                    .isEqualTo(operator.get(CATALOG + path).expect(200).raw());
        }
    }

    @Test
    void aStoreFollowsItsOwnLocationOrAllAndAChangeAddsAndRemovesWhatDiffers() throws Exception {
        var site = new SiteProcess(folder.resolve("hq"));
        hq = Optional.of(site);
        site.start();
        var operator = site.operator();
        fill(operator);
        var joinToken = operator.post("/stores", quoted("{'store':'store-1','catalog':'demo'}"))
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var own = new SiteProcess(folder.resolve("store-1"));
        store = Optional.of(own);
        follows(own, "location", "--join", operator.url(), "--token", joinToken);
        var atStore = own.operator();
        var here = Optional.of("store-1");

        arrived(atStore, operator.visible("demo"), here);
        assertThat(prices(atStore, "tea")).isEqualTo(2);
        assertThat(prices(atStore, "milk")).isZero(); // it is there, and no more is told of it
        assertThat(prices(operator, "tea")).isEqualTo(4);
        assertTheSameAt("store-1", operator, atStore, operator.visible("demo"));
        refusesWhatItCannotTell(atStore);
        var staff = staff(operator, own);
        assertThat(verified(operator)).isEqualTo("same");

        // its log goes on: with what is elsewhere left out, and a request of its own recorded and decided
        var second = write(operator, price("milk", "store-2", 71), price("salt", "store-1", 60));
        arrived(atStore, second, here);
        assertThat(prices(atStore, "milk")).isZero();
        assertThat(prices(atStore, "salt")).isEqualTo(1);
        assertThat(atStore.get(CATALOG + "/log?after=1&location=store-1")
                        .expect(200)
                        .raw())
                .contains("\"scope\"")
                .isEqualTo(operator.get(CATALOG + "/log?after=1&location=store-1")
                        .expect(200)
                        .raw());
        var request = atStore.post(CATALOG + "/writes", quoted("{'operations':[" + price("salt", "store-1", 61) + "]}"))
                .expect(202)
                .body()
                .path("changeRequest")
                .asText();
        Eventually.see(
                "HQ has the request",
                SOON,
                () -> operator.get("/change-requests/" + request + "?catalog=demo"),
                reply -> reply.status() == 200
                        && reply.body().path("status").asText().equals("waiting"));
        operator.post("/change-requests/" + request + "/approve?catalog=demo", "{}")
                .expect(200);
        arrived(atStore, operator.visible("demo"), here);
        assertThat(atStore.get("/change-requests?catalog=demo").expect(200).raw())
                .contains(request);
        assertThat(atStore.get(CATALOG + "/objects/salt?location=store-1")
                        .expect(200)
                        .raw())
                .contains("61");
        assertThat(verified(operator)).isEqualTo("same");

        // all of it
        own.kill();
        follows(own, "all");
        arrived(atStore, operator.visible("demo"), Optional.empty());
        assertThat(prices(atStore, "tea")).isEqualTo(4);
        assertThat(prices(atStore, "milk")).isEqualTo(1);
        assertTheSameAt("store-2", operator, atStore, operator.visible("demo"));
        atStore.get(CATALOG + "/overrides").expect(200);
        var third = write(operator, price("milk", "store-2", 72));
        arrived(atStore, third, Optional.empty());
        assertThat(atStore.get(CATALOG + "/digest?version=" + third).expect(200).raw())
                .isEqualTo(operator.get(CATALOG + "/digest?version=" + third)
                        .expect(200)
                        .raw());
        assertThat(verified(operator)).isEqualTo("same");

        // and back, asked for while HQ is away: until it is within reach the store holds, and says that it holds, all
        own.kill();
        site.kill();
        follows(own, "location");
        Eventually.see(
                "a copy is wanted",
                SOON,
                () -> atStore.get(CATALOG),
                reply -> reply.status() == 200 && reply.body().has("loading"));
        assertThat(atStore.get(CATALOG).expect(200).body().has("scope")).isFalse();
        assertThat(prices(atStore, "tea")).isEqualTo(4);
        staff.get(CATALOG + "/objects/tea?location=kiosk").expect(200);
        site.start();
        arrived(atStore, third, here);
        assertThat(prices(atStore, "tea")).isEqualTo(2);
        assertThat(prices(atStore, "milk")).isZero();
        assertTheSameAt("store-1", operator, atStore, operator.visible("demo"));
        refusesWhatItCannotTell(atStore);
        assertThat(staff.get(CATALOG + "/objects/tea?location=kiosk")
                        .expect(200)
                        .raw())
                .contains("\"amount\":50");
        assertThat(verified(operator)).isEqualTo("same");
        var compared = SiteProcess.run(
                SOON,
                "verify",
                "--catalog",
                "demo",
                "--home",
                own.home().toString(),
                "--url",
                own.url(),
                "--against",
                site.url(),
                "--against-home",
                site.home().toString());
        assertThat(compared.output()).contains("The same at version", "store-1");
        assertThat(compared.exitCode()).isZero();

        // and what it does not hold has to wait for HQ
        site.kill();
        var away = Eventually.see(
                "HQ is away",
                SOON,
                () -> staff.get(CATALOG + "/objects/tea?location=kiosk"),
                reply -> reply.body().path("code").asText().equals("hq_unreachable"));
        assertThat(away.status()).isEqualTo(503);
        staff.get(CATALOG + "/objects/tea?location=store-1").expect(200);
    }

    /// One of the store's staff, who may read at its second location, which the store does not hold: HQ answers that.
    private static Caller staff(Caller operator, SiteProcess store) throws Exception {
        var secret = operator.post("/tokens", quoted("{'name':'ann','role':'store_manager','store':'store-1'}"))
                .expect(201)
                .body()
                .path("token")
                .asText();
        var staff = new Caller(store.url(), secret);
        var atKiosk = Eventually.see(
                "the store knows ann",
                SOON,
                () -> staff.get(CATALOG + "/objects/tea?location=kiosk"),
                reply -> reply.status() == 200);
        assertThat(atKiosk.raw())
                .contains("\"amount\":50")
                .isEqualTo(new Caller(operator.url(), secret)
                        .get(CATALOG + "/objects/tea?location=kiosk")
                        .expect(200)
                        .raw());
        var first = staff.get(CATALOG + "/objects?type=retail.item&location=kiosk&limit=2")
                .expect(200);
        var second = staff.get(CATALOG + "/objects?type=retail.item&location=kiosk&limit=2&page="
                        + first.body().path("next").asText())
                .expect(200);
        assertThat(first.raw() + second.raw()).contains("\"tea\"", "\"milk\"", "\"salt\"");
        return staff;
    }

    private static void refusesWhatItCannotTell(Caller atStore) throws Exception {
        for (var path : new String[] {
            "/objects/tea?location=store-2",
            "/objects?location=store-2",
            "/export?location=store-2",
            "/changes?since=1&location=store-2",
            "/log?after=1",
            "/log?caller=operator",
            "/log?location=store-2",
            "/snapshot",
            "/digest",
            "/overrides",
            "/overrides?location=store-2",
            "/objects/tea/overrides",
            "/missing?location=store-2"
        }) {
            var refused = atStore.get(CATALOG + path);
            assertThat(refused.status()).as(path + ": " + refused.raw()).isIn(409, 410);
            if (refused.status() == 409) {
                assertThat(refused.body().path("code").asText()).as(path).isEqualTo("out_of_scope");
                assertThat(refused.body().path("scope").path("location").asText())
                        .isEqualTo("store-1");
            }
        }
        assertThat(atStore.get(CATALOG + "/objects/tea?location=store-2")
                        .expect(409)
                        .body()
                        .path("code")
                        .asText())
                .isEqualTo("out_of_scope");
        assertThat(atStore.post(CATALOG + "/query", quoted("{'location':'store-2'}"))
                        .expect(409)
                        .body()
                        .path("code")
                        .asText())
                .isEqualTo("out_of_scope");
        atStore.get("/change-requests?catalog=demo&store=store-2").expect(409);
        atStore.get(CATALOG + "/overrides?location=store-1").expect(200);
        atStore.get(CATALOG + "/objects/tea?location=store-1").expect(200);
    }
}
