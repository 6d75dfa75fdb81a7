package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.history.Action;
import dev.storemesh.ops.history.CatalogLog;
import dev.storemesh.ops.history.Changes;
import dev.storemesh.ops.history.Chronicle;
import dev.storemesh.ops.history.HistoryChecker;
import dev.storemesh.ops.history.HistoryFile;
import dev.storemesh.ops.history.Operation;
import dev.storemesh.ops.history.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// HQ keeps its word: whatever happens to its nodes and its database, what 16 clients were told of a few catalogs
/// is true of one log for each, the same at every node. [HistoryChecker] says what that means.
///
/// About a minute; `mvn -Phistory verify` runs for `-Dstoremesh.historyMinutes` (10). `-Dstoremesh.seed` repeats
/// the choices of clients and faults, though not the instants at which the machine lets them happen. What was
/// asked, answered and logged stays in `target/history` when the test fails.
@Isolated("has the machine to itself to be as fast as it can")
final class HistoryUnderFaultsTest {
    private static final int CLIENTS = 16;
    private static final List<String> CATALOGS = List.of("demo-0", "demo-1", "demo-2", "demo-3");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int AUDITOR = CLIENTS;

    private final long seed = seed();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Path folder = Path.of("target", "history", "seed-" + seed).toAbsolutePath();
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void whatClientsWereToldIsTrueOfOneLog() throws Exception {
        System.out.println("HistoryUnderFaultsTest: repeat with -Dstoremesh.seed=" + seed);
        Files.createDirectories(folder);
        try (var site = new ThreeNodes(folder)) {
            site.start();
            var logs = run(site);
            var chronicle = HistoryFile.read(operations(), doubts());
            System.out.printf(
                    "figures: %d operations, versions %s%n",
                    chronicle.operations().size(),
                    logs.stream().map(log -> log.entries().getLast().version()).toList());
            printUnanswered(chronicle, logs);
            assertThat(HistoryChecker.check(chronicle, logs)).isEmpty();
        }
        forget();
    }

    private Path operations() {
        return folder.resolve("operations.ndjson");
    }

    private Path doubts() {
        return folder.resolve("doubts.ndjson");
    }

    /// The logs in the end.
    private List<CatalogLog> run(ThreeNodes site) throws Exception {
        try (var scribe = new Scribe(operations())) {
            prepare(site, scribe);
            var faults = new Faults(site, scribe, CATALOGS, random.split());
            try {
                work(site, scribe, faults);
            } finally {
                HistoryFile.write(doubts(), faults.doubts());
                scribe.counts().forEach((what, count) -> System.out.printf("figures: %6d %s%n", count, what));
            }
            System.out.printf("figures: %d times frozen in a transaction%n", faults.heldOpen());
            assertThat(faults.heldOpen()).isPositive();
            return audit(site, scribe);
        }
    }

    private void prepare(ThreeNodes site, Scribe scribe) throws Exception {
        var set = new TreeMap<String, String>();
        IntStream.range(0, RandomClient.SHARED).forEach(i -> set.put(RandomClient.shared(i), "first"));
        var changes = new Changes(set, Set.of());
        var operator = site.operators().getFirst();
        for (var catalog : CATALOGS) {
            operator.put("/catalogs/" + catalog).expect(201);
            var invoked = scribe.now();
            var version = operator.post(
                            RandomClient.path(catalog, "/writes"),
                            RandomClient.body("first", changes, ""),
                            Optional.of("first"))
                    .expect(200)
                    .body()
                    .path("version")
                    .asLong();
            scribe.add(new Operation(
                    AUDITOR,
                    catalog,
                    invoked,
                    scribe.now(),
                    1,
                    new Action.Write("first", changes),
                    new Outcome.Made(version)));
        }
    }

    private void work(ThreeNodes site, Scribe scribe, Faults faults) throws Exception {
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            try {
                var working = begin(site.operators(), scribe, threads);
                faults.allWritten("the start", scribe.now(), SOON);
                var until = System.nanoTime() + minutes().toNanos();
                do {
                    for (var kind : shuffled()) {
                        faults.make(kind);
                    }
                } while (System.nanoTime() < until);
                faults.revive();
                enough.set(true);
                for (var each : working) {
                    each.get(SOON.toSeconds(), TimeUnit.SECONDS);
                }
            } finally {
                enough.set(true); // before the clients are waited for, whatever failed
            }
        }
    }

    private List<Future<Boolean>> begin(List<Caller> nodes, Scribe scribe, ExecutorService threads) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> new RandomClient(i, catalogsOf(i), nodes, scribe, random.split()))
                .map(client -> {
                    Callable<Boolean> working = () -> {
                        client.work(enough::get);
                        return true;
                    };
                    return threads.submit(working);
                })
                .toList();
    }

    /// Half of the clients know all catalogs; the others have one each, so that a catalog which does not answer
    /// holds nobody up who works with another.
    private static List<String> catalogsOf(int client) {
        return client % 2 == 0 ? CATALOGS : List.of(CATALOGS.get(client / 2 % CATALOGS.size()));
    }

    private List<Faults.Kind> shuffled() {
        var kinds = new ArrayList<>(Arrays.asList(Faults.Kind.values()));
        Collections.shuffle(kinds, new Random(random.nextLong()));
        if (kinds.getLast() == Faults.Kind.FREEZE_SHORTLY) {
            Collections.reverse(kinds); // so that it is known in the end whether others went on without that node
        }
        return kinds;
    }

    /// When nothing is open any more: every node is ready, has the same logs with the right chain, and shows the
    /// same objects.
    private List<CatalogLog> audit(ThreeNodes site, Scribe scribe) throws Exception {
        var nodes = site.operators();
        assertThat(site.all()).allSatisfy(node -> assertThat(node.readiness()).isEqualTo(200));
        var auditor = IntStream.range(0, nodes.size())
                .mapToObj(i -> new RandomClient(
                        AUDITOR + i, CATALOGS, List.of(nodes.get(i).within(SOON)), scribe, random.split()))
                .toList();
        var logs = new ArrayList<CatalogLog>();
        for (var catalog : CATALOGS) {
            Eventually.see(
                    "no transaction is open",
                    SOON,
                    () -> nodes.getFirst().get(RandomClient.path(catalog, "")),
                    reply -> reply.status() == 200 && !reply.body().has("transaction"));
            var told = new ArrayList<CatalogLog>();
            for (var node : nodes) {
                told.add(log(catalog, node));
            }
            assertThat(told).as("the log of %s at each node", catalog).containsOnly(told.getFirst());
            logs.add(told.getFirst());
            auditor.forEach(each -> each.audit(catalog));
        }
        return logs;
    }

    private CatalogLog log(String catalog, Caller node) throws IOException, InterruptedException {
        var entries = new ArrayList<JsonNode>();
        var history = "";
        var page = page(catalog, node, "after=0");
        while (true) {
            page.path("entries").forEach(entries::add);
            history = page.path("history").asText();
            if (!page.path("more").asBoolean()) {
                break;
            }
            var last = entries.getLast();
            var version = last.path("version").asLong();
            page = page(
                    catalog,
                    node,
                    last.has("step")
                            ? "after=" + (version - 1) + "&step="
                                    + last.path("step").asInt()
                            : "after=" + version);
        }
        Files.write(
                folder.resolve("log-" + catalog + ".ndjson"),
                entries.stream().map(JsonNode::toString).toList());
        return CatalogLog.read(catalog, history, entries);
    }

    private static JsonNode page(String catalog, Caller node, String from) throws IOException, InterruptedException {
        return node.get(RandomClient.path(catalog, "/log?limit=1000&" + from))
                .expect(200)
                .body();
    }

    /// What became of the writes that nobody answered.
    private static void printUnanswered(Chronicle chronicle, List<CatalogLog> logs) {
        var applied = logs.stream()
                .flatMap(log -> log.entries().stream())
                .flatMap(entry -> entry.key().stream())
                .collect(Collectors.toSet());
        var unanswered = chronicle.operations().stream()
                .filter(operation -> operation.outcome() instanceof Outcome.Unknown)
                .flatMap(operation -> operation.key().stream())
                .toList();
        System.out.printf(
                "figures: %d writes unanswered, of which %d were made%n",
                unanswered.size(), unanswered.stream().filter(applied::contains).count());
    }

    private void forget() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Duration minutes() {
        var given = System.getProperty("storemesh.historyMinutes", "");
        return given.isBlank() ? Duration.ZERO : Duration.ofMinutes(Long.parseLong(given));
    }

    private static long seed() {
        var given = System.getProperty("storemesh.seed", "");
        return given.isBlank() ? System.nanoTime() : Long.parseLong(given);
    }
}
