package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions over HTTP against real processes: what their holder sees, what the others do, and what a store gets.
final class TransactionsEndToEndTest {
    private static final String CATALOG = "/catalogs/demo";
    private static final String TRANSACTION = CATALOG + "/transaction";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder = Path.of("");

    private final List<SiteProcess> sites = new ArrayList<>();
    private SiteProcess hq = new SiteProcess(Path.of(""));
    private Caller operator = new Caller("", "");
    private Caller importer = operator;
    private Caller clerk = operator;

    @BeforeEach
    void aCatalogWithTea() throws Exception {
        hq = site("hq");
        hq.start();
        operator = hq.operator();
        operator.put(CATALOG).expect(201);
        importer = operator.create("editor", "demo");
        clerk = operator.create("editor", "demo");
        write(operator, item("tea", 350), Map.of()).expect(200);
    }

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
    void nobodySeesAnyOfItBeforeAllDo() throws Exception {
        var before = operator.visible("demo");
        var opened = importer.post(TRANSACTION, "{\"idleSeconds\":600,\"reason\":\"spring\"}")
                .expect(201)
                .body();
        var version = opened.path("version").asLong();
        assertThat(version).isEqualTo(before + 1);
        var held = held(opened);
        for (var step = 1; step <= 3; step++) {
            var staged =
                    write(importer, item("new-" + step, step), held).expect(200).body();
            assertThat(staged.path("version").asLong()).isEqualTo(version);
            assertThat(staged.path("step").asInt()).isEqualTo(step);
        }
        write(importer, price("tea", 399), held).expect(200);
        assertThat(write(importer, "{\"op\":\"delete\",\"object\":\"ghost\"}", held)
                        .status())
                .isEqualTo(404);

        // its holder reads it, by every way
        var all = "{\"filter\":{\"type\":\"retail.item\"},\"total\":true}";
        assertThat(total(importer, all, held)).isEqualTo(4);
        assertThat(get(importer, "/objects/new-3", held)
                        .expect(200)
                        .body()
                        .path("version")
                        .asLong())
                .isEqualTo(version);
        assertThat(get(importer, "/objects/tea", held).expect(200).raw()).contains("399");
        assertThat(get(importer, "/objects?type=retail.item", held).body().path("objects"))
                .hasSize(4);
        assertThat(get(importer, "/changes?since=" + before, held).body().path("objects"))
                .hasSize(4);
        assertThat(get(importer, "/objects/tea/history", held).body().path("entries"))
                .hasSize(2);
        assertThat(get(importer, "/diff?from=" + before + "&to=" + version, held)
                        .body()
                        .path("objects"))
                .hasSize(4);
        assertThat(get(importer, "/export?type=retail.item", held).raw().lines())
                .hasSize(4);

        // nobody else does, and nobody else writes
        assertThat(total(clerk, all, Map.of())).isEqualTo(1);
        assertThat(get(clerk, "/objects/new-3", Map.of()).status()).isEqualTo(404);
        assertThat(get(clerk, "/objects/tea", Map.of()).raw()).contains("350");
        assertThat(get(clerk, "/objects?version=" + version, Map.of()).status()).isEqualTo(400);
        assertThat(get(clerk, "/log?after=" + before, Map.of()).body().path("entries"))
                .isEmpty();
        var locked = write(clerk, item("mug", 1), Map.of("Prefer", "wait=1"))
                .expect(423)
                .body();
        assertThat(locked.path("code").asText()).isEqualTo("locked");
        assertThat(locked.path("caller").asText()).isEqualTo("test editor");
        assertThat(locked.has("since") && locked.has("until")).isTrue();
        var shown = operator.get(CATALOG).expect(200).body();
        assertThat(shown.path("visible").asLong()).isEqualTo(before);
        assertThat(shown.path("transaction").path("version").asLong()).isEqualTo(version);
        assertThat(shown.path("transaction").path("reason").asText()).isEqualTo("spring");
        assertThat(shown.toString()).doesNotContain("sml_");

        // HQ dies, and comes back with all of it
        hq.kill();
        hq.start();
        assertThat(total(importer, all, held)).isEqualTo(4);
        assertThat(total(clerk, all, Map.of())).isEqualTo(1);
        var committed = importer.call("POST", TRANSACTION + "/commit", "", held)
                .expect(200)
                .body();
        assertThat(committed).hasToString("{\"version\":" + version + "}");
        assertThat(total(clerk, all, Map.of())).isEqualTo(4);
        assertThat(operator.visible("demo")).isEqualTo(version);
        assertThat(importer.call("POST", TRANSACTION + "/commit", "", held)
                        .expect(200)
                        .body()
                        .path("replayed")
                        .asBoolean())
                .isTrue();
        for (var late : List.of(
                write(importer, item("late", 1), held),
                get(importer, "/objects/tea", held),
                importer.call("DELETE", TRANSACTION, "", held))) {
            assertThat(late.expect(410).body().path("how").asText()).isEqualTo("committed");
        }
        write(clerk, item("mug", 1), Map.of()).expect(200);
    }

    @Test
    void whatIsRolledBackWasNeverThereAndItsNumberIsNotUsedAgain() throws Exception {
        var opened = write(importer, item("coffee", 899), Map.of(), ",\"transaction\":\"open\"")
                .expect(200)
                .body();
        var version = opened.path("version").asLong();
        assertThat(opened.path("step").asInt()).isEqualTo(1);
        var held = held(opened);
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return write(clerk, item("mug", 1), Map.of("Prefer", "wait=20"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        var ended = importer.call("DELETE", TRANSACTION, "", held).expect(200).body();
        assertThat(ended).hasToString("{\"version\":" + version + ",\"void\":true}");
        assertThat(waiting.join().expect(200).body().path("version").asLong()).isEqualTo(version + 1);
        assertThat(get(clerk, "/objects/coffee", Map.of()).status()).isEqualTo(404);
        assertThat(get(clerk, "/objects?type=retail.item&version=" + version, Map.of())
                        .body()
                        .path("objects"))
                .hasSize(1);
        var entry = get(clerk, "/log?after=" + (version - 1), Map.of())
                .body()
                .path("entries")
                .get(0);
        assertThat(entry.path("version").asLong()).isEqualTo(version);
        assertThat(entry.path("void").asBoolean()).isTrue();
        assertThat(entry.path("changes")).isEmpty();
    }

    @Test
    void whoWritesNothingLosesIt() throws Exception {
        var held = held(
                importer.post(TRANSACTION, "{\"idleSeconds\":1}").expect(201).body());
        var over = Eventually.see(
                "the transaction ends by itself",
                SOON,
                () -> get(importer, "/objects/tea", held),
                reply -> reply.status() == 410);
        assertThat(over.body().path("how").asText()).isEqualTo("idle");
        write(clerk, item("mug", 1), Map.of()).expect(200);
    }

    @Test
    void noLockIsGoodButTheOneThatWasGiven() throws Exception {
        operator.put("/catalogs/other").expect(201);
        var given =
                importer.post(TRANSACTION, "{\"idleSeconds\":600}").expect(201).body();
        var elsewhere = operator.post("/catalogs/other/transaction", "{}")
                .expect(201)
                .body()
                .path("lock")
                .asText();
        var lock = given.path("lock").asText();
        for (var bad : List.of(
                elsewhere,
                lock.substring(0, lock.length() - 1),
                lock + "A",
                lock.substring(4),
                "sml_" + "A".repeat(lock.length() - 4),
                "sml_",
                "x")) {
            var forged = Map.of("Storemesh-Lock", bad);
            assertThat(code(write(importer, item("mug", 1), forged))).as(bad).isEqualTo("403 bad_lock");
            assertThat(code(get(importer, "/objects/tea", forged))).as(bad).isEqualTo("403 bad_lock");
            assertThat(code(importer.call("POST", TRANSACTION + "/commit", "", forged)))
                    .as(bad)
                    .isEqualTo("403 bad_lock");
        }
        assertThat(code(importer.call("POST", TRANSACTION + "/commit", "", Map.of())))
                .isEqualTo("403 lock_needed");
        importer.call("DELETE", TRANSACTION, "", held(given)).expect(200);
    }

    @Test
    void aStoreSeesTheVersionWhenItHasAllOfIt() throws Exception {
        var joinToken = operator.post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site("store-1");
        store.start("--join", hq.url(), "--token", joinToken);
        var till = store.operator();
        var opened = cli("open", "--idle", "10m", "--json");
        var held = held(opened);
        for (var step = 1; step <= 5; step++) {
            write(importer, item("new-" + step, step), held).expect(200);
        }
        assertThat(code(till.post(TRANSACTION, "{}"))).isEqualTo("403 unknown_at_hq");
        assertThat(code(till.call("POST", TRANSACTION + "/commit", "", held))).isEqualTo("403 unknown_at_hq");
        assertThat(code(get(till, "/objects/tea", held))).isEqualTo("403 unknown_at_hq");
        var request = write(till, price("tea", 375), Map.of())
                .expect(202)
                .body()
                .path("changeRequest")
                .asText();
        var version = opened.path("version").asLong();
        cli("commit", "--lock", opened.path("lock").asText());
        Eventually.see(
                "what the store asked for meanwhile is at HQ",
                SOON,
                () -> operator.get("/change-requests/" + request + "?catalog=demo"),
                reply -> reply.status() == 200);
        Eventually.see(
                "the version came down",
                SOON,
                () -> till.get(CATALOG),
                reply -> reply.status() == 200 && reply.body().path("visible").asLong() >= version);
        assertThat(till.objects("demo", version)).isEqualTo(operator.objects("demo", version));
        assertThat(till.get(CATALOG).body().path("chain"))
                .isEqualTo(operator.get(CATALOG).body().path("chain"));

        // the same log at both, also step by step
        for (var caller : List.of(operator, till)) {
            var entries = new ArrayList<String>();
            var path = "/log?limit=2&after=" + (version - 1);
            var after = path;
            for (var page = 0; page < 3; page++) {
                var found = get(caller, after, Map.of()).expect(200).body().path("entries");
                found.forEach(entry -> entries.add(
                        entry.has("step")
                                ? entry.path("step").asText()
                                : "end of " + entry.path("steps").asText()));
                after = path + "&step=" + entries.size();
            }
            assertThat(entries).containsExactly("1", "2", "3", "4", "5", "end of 5");
        }
        assertThat(store.stop()).isZero();
        assertThat(hq.stop()).isZero();
    }

    /// What the command line answers to `storemesh transaction …`.
    private JsonNode cli(String... arguments) throws Exception {
        var words = new ArrayList<>(List.of("transaction"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--catalog", "demo", "--url", importer.url(), "--token", importer.token()));
        var ended = SiteProcess.run(Duration.ofMinutes(1), words.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return words.contains("--json")
                ? Json.parse(ended.output().substring(ended.output().indexOf('{')))
                : Json.object();
    }

    private static Map<String, String> held(JsonNode opened) {
        return Map.of("Storemesh-Lock", opened.path("lock").asText());
    }

    private static String code(Reply reply) {
        return reply.status() + " " + reply.body().path("code").asText();
    }

    private static Reply get(Caller caller, String path, Map<String, String> headers) throws Exception {
        return caller.call("GET", CATALOG + path, "", headers);
    }

    private static long total(Caller caller, String query, Map<String, String> headers) throws Exception {
        return caller.call("POST", CATALOG + "/query", query, headers)
                .expect(200)
                .body()
                .path("total")
                .asLong();
    }

    private static Reply write(Caller caller, String operation, Map<String, String> headers) throws Exception {
        return write(caller, operation, headers, "");
    }

    private static Reply write(Caller caller, String operation, Map<String, String> headers, String more)
            throws Exception {
        return caller.call("POST", CATALOG + "/writes", "{\"operations\":[" + operation + "]" + more + "}", headers);
    }

    private static String item(String token, long cents) {
        return "{\"op\":\"put\",\"object\":\"" + token + "\",\"create\":true,\"type\":\"retail.item\"," + set(cents);
    }

    private static String price(String token, long cents) {
        return "{\"op\":\"put\",\"object\":\"" + token + "\"," + set(cents);
    }

    private static String set(long cents) {
        return "\"set\":[{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":" + cents
                + ",\"currency\":\"USD\"}}]}";
    }
}
