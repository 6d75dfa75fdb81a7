package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store whose disk did not keep what was written to it: HQ finds out, names what differs, and has it mended.
final class RepairEndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";
    private static final String WRITTEN = "Gunpowder tea";
    private static final String TURNED = "Gunpowder tee";

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

    private static void make(Caller operator, String item, String name) throws Exception {
        operator.post(
                        CATALOG + "/writes",
                        quoted("{'operations':[{'op':'put','object':'" + item + "','create':true,'type':'retail.item',"
                                + "'set':[{'attribute':'retail.item.name','value':'" + name + "'}]}]}"))
                .expect(200);
    }

    private static String name(Caller atStore) throws Exception {
        return atStore.get(CATALOG + "/objects/tea")
                .expect(200)
                .body()
                .path("attributes")
                .findPath("value")
                .asText();
    }

    private SiteProcess joined(Caller operator) throws Exception {
        var home = Files.createDirectories(folder.resolve("store-1"));
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.link { wait = 1s, backoff-max = 300ms }\n");
        var site = new SiteProcess(home);
        store = Optional.of(site);
        var joinToken = operator.post("/stores", quoted("{'store':'store-1','catalog':'demo'}"))
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        site.start("--join", operator.url(), "--token", joinToken);
        return site;
    }

    private static void arrived(Caller operator, Caller atStore) throws Exception {
        var version = operator.visible("demo");
        Eventually.see(
                "version " + version + " came down",
                SOON,
                () -> atStore.get(CATALOG),
                reply -> reply.status() == 200 && reply.body().path("visible").asLong() >= version);
    }

    /// What came of an order, and of those before, newest first.
    private static JsonNode verified(Caller operator, boolean repair) throws Exception {
        var order = operator.post("/stores/store-1/verify", "{\"repair\":" + repair + "}")
                .expect(202)
                .body()
                .path("order")
                .path("id")
                .asText();
        return Eventually.see(
                        "the result of order " + order,
                        SOON,
                        () -> operator.get("/stores/store-1/verifications").expect(200),
                        reply -> reply.body()
                                .path("verifications")
                                .path(0)
                                .path("order")
                                .asText()
                                .equals(order))
                .body()
                .path("verifications");
    }

    /// Rows of the store's journal that hold the text hold another one, of the same length.
    private static int turned(Path home) throws Exception {
        Files.deleteIfExists(home.resolve("checkpoints.db"));
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("log.db"));
                var all = database.createStatement();
                var change =
                        database.prepareStatement("UPDATE event_journal SET event_payload = ? WHERE ordering = ?")) {
            var changed = new HashMap<Long, byte[]>();
            try (var rows = all.executeQuery("SELECT ordering, event_payload FROM event_journal")) {
                while (rows.next()) {
                    var text = new String(rows.getBytes(2), StandardCharsets.ISO_8859_1);
                    if (text.contains(WRITTEN)) {
                        changed.put(
                                rows.getLong(1), text.replace(WRITTEN, TURNED).getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
            for (var row : changed.entrySet()) {
                change.setBytes(1, row.getValue());
                change.setLong(2, row.getKey());
                assertThat(change.executeUpdate()).isEqualTo(1);
            }
            return changed.size();
        }
    }

    @Test
    void whatADiskTurnedIsFoundNamedAndLoadedAnewByHqsOrder() throws Exception {
        var site = new SiteProcess(folder.resolve("hq"));
        hq = Optional.of(site);
        site.start();
        var operator = site.operator();
        operator.put(CATALOG).expect(201);
        make(operator, "tea", WRITTEN);
        make(operator, "salt", "Salt");
        var atStore = joined(operator).operator();
        arrived(operator, atStore);
        var same = verified(operator, true);
        assertThat(same).hasSize(1);
        assertThat(same.path(0).path("outcome").asText()).isEqualTo("same");
        assertThat(same.path(0).path("repaired").asBoolean()).isFalse();

        store.orElseThrow().stop();
        assertThat(turned(folder.resolve("store-1"))).isPositive();
        store.orElseThrow().start();
        arrived(operator, atStore);
        assertThat(name(atStore)).isEqualTo(TURNED);

        var found = verified(operator, false).path(0);
        assertThat(found.path("outcome").asText()).as(found.toString()).isEqualTo("different");
        assertThat(found.path("objects").toString()).isEqualTo(quoted("[{'object':'tea','difference':'differs'}]"));
        assertThat(name(atStore)).isEqualTo(TURNED);

        var mended = verified(operator, true);
        assertThat(mended.path(0).path("outcome").asText())
                .as(mended.toString())
                .isEqualTo("same");
        assertThat(mended.path(0).path("repaired").asBoolean()).isTrue();
        assertThat(mended.path(1).path("outcome").asText()).isEqualTo("different");
        assertThat(name(atStore)).isEqualTo(WRITTEN);
        assertThat(atStore.get(CATALOG + "/digest").expect(200).body().path("digests"))
                .isEqualTo(operator.get(CATALOG + "/digest").expect(200).body().path("digests"));
    }
}
