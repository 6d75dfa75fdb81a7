package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A site that goes on with an older copy of itself, with real processes: nothing is lost that another site has,
/// and nothing is done twice.
final class RestoreTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";

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
        Files.createDirectories(store.home());
        Files.writeString(
                store.home().resolve("storemesh.conf"), "storemesh.link { wait = 1s, backoff-max = 300ms }\n");
        var joinToken = hq.operator()
                .post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        store.start("--join", hq.url(), "--token", joinToken);
    }

    @AfterEach
    void leaveNothingRunning() {
        store.close();
        hq.close();
    }

    /// A request of the store for an item of this name.
    private String ask(String item) throws Exception {
        return store.operator()
                .post(
                        CATALOG + "/writes",
                        "{\"operations\":[{\"op\":\"put\",\"object\":\"" + item
                                + "\",\"create\":true,\"type\":\"retail.item\",\"set\":[{\"attribute\":\"retail.item.name\","
                                + "\"value\":\"" + item + "\"}]}]}")
                .expect(202)
                .body()
                .path("changeRequest")
                .asText();
    }

    private List<String> ask(String... items) throws Exception {
        var ids = new ArrayList<String>();
        for (var item : items) {
            ids.add(ask(item));
        }
        return ids;
    }

    private static JsonNode becomes(SiteProcess site, String request, String status) throws Exception {
        return Eventually.see(
                        request + " is " + status + " at " + site.home().getFileName(),
                        SOON,
                        () -> site.operator().get("/change-requests/" + request + "?catalog=demo"),
                        reply -> reply.body().path("status").asText().equals(status))
                .body();
    }

    /// At HQ and, once the store has come so far, there.
    private void areRecorded(List<String> requests) throws Exception {
        for (var request : requests) {
            becomes(hq, request, "waiting");
            becomes(store, request, "waiting");
        }
    }

    private void approve(String request) throws Exception {
        hq.operator()
                .post("/change-requests/" + request + "/approve?catalog=demo", "{}")
                .expect(200);
    }

    /// How often the log of HQ makes this object.
    private long made(String token) throws IOException, InterruptedException {
        var log = hq.operator()
                .get(CATALOG + "/log?after=0&limit=1000")
                .expect(200)
                .body();
        return StreamSupport.stream(log.path("entries").spliterator(), false)
                .flatMap(entry -> StreamSupport.stream(entry.path("changes").spliterator(), false))
                .filter(change -> change.path("object").asText().equals(token)
                        && StreamSupport.stream(change.path("set").spliterator(), false)
                                .anyMatch(row -> List.of("retail.item.name", "sys.change_request.operations")
                                        .contains(row.path("attribute").asText())))
                .count();
    }

    private void storeIsAtHqsHead() throws Exception {
        var head = hq.operator().visible("demo");
        Eventually.see(
                "the store is at version " + head, SOON, () -> store.operator().visible("demo"), at -> at >= head);
        for (var path : List.of("/export?version=", "/export?type=sys.change_request&version=", "/digest?version=")) {
            assertThat(store.operator().get(CATALOG + path + head).expect(200).raw())
                    .as(path)
                    .isEqualTo(
                            hq.operator().get(CATALOG + path + head).expect(200).raw());
        }
    }

    private static void run(String... words) throws Exception {
        var ended = SiteProcess.run(SOON, words);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    /// Puts a backup in the place of a home.
    private static void replace(Path home, Path backup) throws IOException {
        Files.move(home, home.resolveSibling(home.getFileName() + "-lost"));
        Files.createDirectory(home);
        try (var files = Files.list(backup)) {
            for (var file : files.toList()) {
                Files.copy(file, home.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void aStoreFromAnOlderCopyGoesOnByItselfAndNothingIsRecordedTwice() throws Exception {
        var kept = ask("kept-1", "kept-2");
        areRecorded(kept);
        hq.kill();
        var waited = List.of(ask("waited")); // in the backup's queue, and recorded after it
        var backup = folder.resolve("backup");
        run("backup", backup.toString(), "--home", store.home().toString());
        hq.start();
        var forgotten = ask("forgotten-1", "forgotten-2");
        areRecorded(waited);
        areRecorded(forgotten);
        approve(forgotten.getFirst());
        store.kill();
        replace(store.home(), backup);

        hq.kill();
        store.start();
        var fresh = ask("fresh-1", "fresh-2", "fresh-3"); // under numbers of which HQ has two
        hq.start();
        areRecorded(waited);
        areRecorded(fresh);
        becomes(store, forgotten.getFirst(), "applied");
        becomes(store, forgotten.getLast(), "waiting");
        assertThat(store.logText()).contains("are offered again, in epoch 2");
        for (var request : List.of(kept, waited, forgotten, fresh).stream()
                .flatMap(List::stream)
                .toList()) {
            assertThat(made(request)).as(request).isEqualTo(1);
        }
        assertThat(made("forgotten-1")).isEqualTo(1);
        assertThat(fresh.stream().map(this::sequence).toList()).isSorted();

        store.stop(); // what it enrolled by is older than the epoch that it is in
        store.start();
        var last = ask("last");
        areRecorded(List.of(last));
        approve(last);
        becomes(store, last, "applied");
        assertThat(made("last")).isEqualTo(1);
        storeIsAtHqsHead();
    }

    private String history() throws Exception {
        return hq.operator().get(CATALOG).expect(200).body().path("history").asText();
    }

    @Test
    void hqFromAnOlderCopyBeginsANewHistoryAndItsStoresTakeItOver() throws Exception {
        var kept = ask("kept-1", "kept-2");
        areRecorded(kept);
        var backup = folder.resolve("backup");
        run("backup", backup.toString(), "--home", hq.home().toString());
        var before = history();
        var forgotten = ask("forgotten-1", "forgotten-2");
        areRecorded(forgotten);
        approve(forgotten.getFirst());
        becomes(store, forgotten.getFirst(), "applied");

        var refused = SiteProcess.run(
                SOON, "restore", backup.toString(), "--home", hq.home().toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("is there, and not empty");
        hq.kill();
        Files.move(hq.home(), hq.home().resolveSibling("hq-lost"));
        run("restore", backup.toString(), "--home", hq.home().toString());
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("partial"));
        hq.start();
        assertThat(history()).isNotEqualTo(before);
        var head = hq.operator().get(CATALOG).expect(200).body();
        assertThat(head.path("origin").asText()).isEqualTo(before);
        Eventually.see("the store is diverged", SOON, () -> store.health(), text -> text.contains("diverged"));
        assertThat(store.logText())
                .contains("HQ was restored from an older copy")
                .contains("storemesh store resync");
        assertThat(store.operator().get(CATALOG + "/objects/forgotten-1").status())
                .isEqualTo(200); // it goes on with what it has

        var waiting = ask("waiting");
        run(
                "store",
                "resync",
                "--catalog",
                "demo",
                "--url",
                store.url(),
                "--token",
                Files.readString(store.home().resolve("operator.token")).strip());
        areRecorded(kept);
        areRecorded(forgotten); // also the one that was approved: HQ has forgotten that, too
        areRecorded(List.of(waiting));
        for (var request : List.of(kept, forgotten, List.of(waiting)).stream()
                .flatMap(List::stream)
                .toList()) {
            assertThat(made(request)).as(request).isEqualTo(1);
        }
        assertThat(Stream.concat(forgotten.stream(), Stream.of(waiting))
                        .map(this::sequence)
                        .toList())
                .containsExactly(1L, 2L, 3L);
        assertThat(kept.stream().map(this::sequence).toList()).containsExactly(1L, 2L); // as they were
        approve(forgotten.getFirst());
        becomes(store, forgotten.getFirst(), "applied");
        assertThat(made("forgotten-1")).isEqualTo(1);
        storeIsAtHqsHead();

        hq.stop();
        run("restore", "--home", hq.home().toString()); // as after other tools put its files back
        hq.start();
        assertThat(history()).isNotEqualTo(head.path("history").asText());
        assertThat(hq.operator().get(CATALOG).expect(200).body().path("origin").asText())
                .isEqualTo(before);
        aNewStoreBeginsWithItsState();
    }

    private void aNewStoreBeginsWithItsState() throws Exception {
        store.kill();
        var joinToken = hq.operator()
                .post("/stores", "{\"store\":\"store-2\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        store = new SiteProcess(folder.resolve("store-2"));
        store.start("--join", hq.url(), "--token", joinToken);
        storeIsAtHqsHead();
    }

    private long sequence(String request) {
        try {
            return hq.operator()
                    .get(CATALOG + "/objects/" + request)
                    .expect(200)
                    .body()
                    .path("attributes")
                    .valueStream()
                    .filter(row -> row.path("attribute").asText().equals("sys.change_request.sequence"))
                    .mapToLong(row -> row.path("value").asLong())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
