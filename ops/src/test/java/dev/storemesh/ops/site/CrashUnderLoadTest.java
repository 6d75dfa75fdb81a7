package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What was acknowledged stays, once, whenever the power goes.
@Isolated("has the machine to itself to be as fast as it can")
class CrashUnderLoadTest {
    private static final String CATALOG = "demo";
    private static final int WRITERS = 4;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("");

    private final SplittableRandom random = seeded();
    private final List<Writer> writers =
            IntStream.range(0, WRITERS).mapToObj(i -> new Writer("w" + i)).toList();
    private final History history = new History(CATALOG);

    @Test
    void findsEveryAcknowledgedWriteExactlyOnceAfterEachKill() throws Exception {
        try (var site = new SiteProcess(folder.resolve("hq"));
                var threads = Executors.newFixedThreadPool(WRITERS)) {
            chooseStorage(site.home());
            site.start();
            var caller = prepare(site);
            for (var kill = 1; kill <= kills(); kill++) {
                underLoad(site, caller, threads);
                site.start();
                check(caller);
                repeatSome();
            }
            checkAnswersStay(caller);
            check(caller);
            checkFromTheBeginning(caller);
            System.out.printf(
                    "figures: %d kills, %d writes acknowledged, version %d%n",
                    kills(), acknowledged().size(), history.version());
        }
    }

    int kills() {
        return 20;
    }

    /// Writes what the node is to know of its storage into its home.
    void chooseStorage(Path home) {}

    private static Caller prepare(SiteProcess site) throws Exception {
        var operator = site.operator();
        operator.put("/catalogs/" + CATALOG).expect(201);
        var editor = operator.create("editor", CATALOG);
        editor.post(
                        "/catalogs/" + CATALOG + "/writes",
                        "{\"operations\":[{\"op\":\"put\",\"object\":\"" + Writer.SHARED
                                + "\",\"create\":true,\"type\":\"retail.item\"}]}",
                        Optional.of("shared"))
                .expect(200);
        return editor;
    }

    /// Lets all write, and kills the node while they do.
    private void underLoad(SiteProcess site, Caller caller, ExecutorService threads) throws Exception {
        var before = acknowledged().size();
        var running = new ArrayList<Future<Boolean>>();
        for (var writer : writers) {
            Callable<Boolean> load = () -> {
                writer.writeUntilCut(caller, CATALOG);
                return true;
            };
            running.add(threads.submit(load));
        }
        var wanted = before + random.nextInt(1, 400);
        Eventually.see(
                "some writes are acknowledged",
                SOON,
                () -> acknowledged().size() >= wanted || running.stream().anyMatch(Future::isDone),
                done -> done);
        site.kill();
        for (var load : running) {
            load.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(acknowledged()).as("writes acknowledged in this life").hasSizeGreaterThanOrEqualTo(wanted);
    }

    /// Of the writes that nobody answered, about half are sent again; and some that were answered, too.
    private void repeatSome() {
        for (var writer : writers) {
            writer.unknown().forEach(key -> {
                if (random.nextBoolean()) {
                    writer.sendAgain(key);
                }
            });
            var known = writer.acknowledged().keySet().stream().sorted().toList();
            writer.sendAgain(known.get(random.nextInt(known.size())));
        }
    }

    /// Acknowledged writes of all lives, sent once more, get the answers that they got.
    private void checkAnswersStay(Caller caller) throws Exception {
        for (var writer : writers) {
            var known = writer.acknowledged().keySet().stream().sorted().toList();
            for (var i = 0; i < 50; i++) {
                var key = known.get(random.nextInt(known.size()));
                var reply = caller.post("/catalogs/" + CATALOG + "/writes", Writer.body(key), Optional.of(key))
                        .expect(200)
                        .body();
                assertThat(reply.path("replayed").asBoolean()).isTrue();
                assertThat(reply.path("version").asLong())
                        .isEqualTo(writer.acknowledged().get(key));
            }
        }
    }

    private void check(Caller caller) throws Exception {
        history.follow(caller);
        assertThat(history.versions()).containsAllEntriesOf(acknowledged());
        var objects = caller.objects(CATALOG, history.version());
        var shared = Optional.ofNullable(objects.remove(Writer.SHARED)).orElseThrow();
        var expected = new TreeMap<String, Long>();
        history.versions().forEach((key, version) -> expected.put(Writer.object(key), version));
        expected.remove(Writer.object("shared"));
        var found = new TreeMap<String, Long>();
        objects.forEach((token, object) -> {
            found.put(token, object.path("version").asLong());
            assertThat(Writer.object(value(object, "retail.item.name"))).isEqualTo(token);
        });
        assertThat(found).isEqualTo(expected);
        assertThat(value(shared, "retail.item.note")).isEqualTo(history.lastKey());
    }

    /// Somebody who comes new to the log sees the same.
    private void checkFromTheBeginning(Caller caller) throws Exception {
        var newcomer = new History(CATALOG);
        newcomer.follow(caller);
        assertThat(newcomer.versions()).isEqualTo(history.versions());
        assertThat(newcomer.chain())
                .isEqualTo(history.chain())
                .isEqualTo(caller.get("/catalogs/" + CATALOG)
                        .expect(200)
                        .body()
                        .path("chain")
                        .asText());
    }

    private Map<String, Long> acknowledged() {
        var all = new TreeMap<String, Long>();
        writers.forEach(writer -> all.putAll(writer.acknowledged()));
        return all;
    }

    private static String value(JsonNode object, String definition) {
        return object.path("attributes")
                .valueStream()
                .filter(row -> row.path("attribute").asText().equals(definition))
                .map(row -> row.path("value").asText())
                .findFirst()
                .orElse("");
    }

    private static SplittableRandom seeded() {
        var given = System.getProperty("storemesh.seed", "");
        var seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("CrashUnderLoadTest: repeat with -Dstoremesh.seed=" + seed);
        return new SplittableRandom(seed);
    }
}
