package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stores that begin with HQ's state at one version, or take it over anew, with real processes.
final class CopiesEndToEndTest {
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

    private static String disabled(String item) {
        return "{'op':'put','object':'" + item + "','set':[{'attribute':'sys.enabled','location':'store-1',"
                + "'value':false}]}";
    }

    /// Values that came and went at places, objects that went and came back, and a schema of its own.
    private static void fill(Caller operator) throws Exception {
        operator.put(CATALOG).expect(201);
        for (var location : List.of("store-1", "store-2")) {
            operator.post(CATALOG + "/locations", quoted("{'id':'" + location + "','kind':'store'}"))
                    .expect(200);
        }
        operator.post(CATALOG + "/definitions", quoted("{'name':'com.acme.shelf','valueType':'string'}"))
                .expect(200);
        operator.post(
                        CATALOG + "/constraints",
                        quoted("{'name':'com.acme.shelves','kind':'authority','definition':'sys.enabled',"
                                + "'authority':'store'}"))
                .expect(200);
        write(operator, IntStream.range(0, 50).mapToObj(i -> make("item-" + i)).toArray(String[]::new));
        write(operator, price("item-1", "", 100), price("item-1", "store-1", 90), price("item-2", "store-2", 80));
        write(
                operator,
                "{'op':'put','object':'item-1','unset':[{'attribute':'retail.item.price','location':'store-1'}]}",
                "{'op':'put','object':'item-3','set':[{'attribute':'com.acme.shelf','value':'A'}]}");
        write(operator, "{'op':'delete','object':'item-4'}", "{'op':'delete','object':'item-5'}");
        write(operator, "{'op':'undelete','object':'item-5'}", price("item-2", "store-2", 81));
    }

    private void joined(Caller operator) throws Exception {
        var home = folder.resolve("store-1");
        Files.createDirectories(home);
        Files.writeString(
                home.resolve("storemesh.conf"), "storemesh.link { load-beyond = 5, wait = 1s, backoff-max = 300ms }\n");
        var site = new SiteProcess(home);
        store = Optional.of(site);
        var joinToken = operator.post("/stores", quoted("{'store':'store-1','catalog':'demo'}"))
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        site.start("--join", operator.url(), "--token", joinToken);
    }

    private static JsonNode arrived(Caller atStore, long version) throws Exception {
        return Eventually.see(
                        "version " + version + " came down, and no copy is under way",
                        SOON,
                        () -> atStore.get(CATALOG),
                        reply -> reply.status() == 200
                                && reply.body().path("visible").asLong() >= version
                                && !reply.body().has("loading"))
                .body();
    }

    private static void assertTheSame(Caller atHq, Caller atStore, long version)
            throws IOException, InterruptedException {
        for (var path : List.of(
                "/export?version=",
                "/export?location=store-1&version=",
                "/export?location=store-2&version=",
                "/export?type=sys.change_request&version=",
                "/digest?version=",
                "/types?version=",
                "/definitions?version=",
                "/objects?limit=1000&location=store-1&version=")) {
            assertThat(atStore.get(CATALOG + path + version).expect(200).raw())
                    .as(path)
                    .isEqualTo(atHq.get(CATALOG + path + version).expect(200).raw());
        }
    }

    @Test
    void aStoreThatBeganWithAStateHoldsTheSameAsHqFromThenOnAndCanBeginAnew() throws Exception {
        var site = new SiteProcess(folder.resolve("hq"));
        hq = Optional.of(site);
        site.start();
        var operator = site.operator();
        fill(operator);
        var first = operator.visible("demo");
        joined(operator);
        var atStore = store.orElseThrow().operator();
        var floor = arrived(atStore, first).path("floor").asLong();
        assertThat(floor).isEqualTo(first);
        assertTheSame(operator, atStore, first);
        whatWasBeforeItIsToldByHqAlone(operator, atStore, floor);

        var second = write(operator, price("item-1", "store-1", 70), disabled("item-6"), make("tea"));
        arrived(atStore, second);
        assertTheSame(operator, atStore, first);
        assertTheSame(operator, atStore, second);
        for (var path :
                List.of("/log?after=" + floor, "/changes?since=" + floor, "/diff?from=" + floor + "&to=" + second)) {
            assertThat(atStore.get(CATALOG + path).expect(200).raw())
                    .isEqualTo(operator.get(CATALOG + path).expect(200).raw());
        }

        // asked for while HQ is away: what was held and what is the store's own stay, over a restart, too
        site.kill();
        atStore.post(CATALOG + "/writes", quoted("{'operations':[" + disabled("item-7") + "]}"))
                .expect(202);
        atStore.call("POST", CATALOG + "/resync", "", Map.of()).expect(202);
        store.orElseThrow().kill();
        store.orElseThrow().start();
        assertThat(atStore.get(CATALOG).expect(200).body().path("loading").asBoolean())
                .isTrue();
        assertThat(isSeen(atStore, "item-8")).isTrue();
        assertThat(isSeen(atStore, "item-7")).isFalse();
        site.start();
        var third = Eventually.see(
                        "the store's own value is HQ's",
                        SOON,
                        () -> {
                            assertThat(isSeen(atStore, "item-7")).isFalse();
                            return operator.get(CATALOG + "/objects/item-7?location=store-1");
                        },
                        reply -> reply.status() == 404)
                .version();
        assertThat(arrived(atStore, third).path("floor").asLong()).isGreaterThanOrEqualTo(second);
        assertThat(isSeen(atStore, "item-7")).isFalse();
        assertTheSame(operator, atStore, operator.visible("demo"));
    }

    private static void whatWasBeforeItIsToldByHqAlone(Caller operator, Caller atStore, long floor) throws Exception {
        var before = floor - 1;
        for (var path : List.of(
                "/objects/item-1?version=" + before,
                "/objects?version=" + before,
                "/export?version=" + before,
                "/digest?version=" + before,
                "/changes?since=" + before,
                "/diff?to=" + floor + "&from=" + before,
                "/objects/item-1/history",
                "/objects?at=2020-01-01T00:00:00Z",
                "/log?after=" + before,
                "/log?caller=operator")) {
            var refused = atStore.get(CATALOG + path).expect(410);
            assertThat(refused.body().path("code").asText()).as(path).isEqualTo("below_floor");
            assertThat(refused.body().path("floor").asLong()).isEqualTo(floor);
        }
        operator.get(CATALOG + "/objects/item-1?version=" + before).expect(200);
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        assertThat(atStore.get(CATALOG + "/objects?at=" + now).expect(200).version())
                .isEqualTo(floor);
    }

    private static boolean isSeen(Caller atStore, String item) throws Exception {
        var one = atStore.get(CATALOG + "/objects/" + item + "?location=store-1");
        assertThat(one.status()).as(one.raw()).isIn(200, 404);
        return one.status() == 200;
    }
}
