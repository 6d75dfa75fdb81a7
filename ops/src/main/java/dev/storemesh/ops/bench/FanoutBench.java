package dev.storemesh.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// How what HQ writes reaches many stores: how long until the last of them has it on disk and shows it, how much
/// they take in a second, how long a new one takes to load, and what an idle one costs HQ.
final class FanoutBench {
    static final String ONE = "fanout-one";
    static final String MANY = "fanout-10000";
    static final String FIRST_LOAD = "first-load";
    static final String IDLE = "idle-store";

    private static final String CATALOG = "fanout";
    private static final String LARGE = "first-load";
    private static final int BATCH = 1_000;
    private static final Duration ARMED = Duration.ofMillis(100);
    private static final Duration STILL = Duration.ofSeconds(5);
    private static final Duration PER_STORE = Duration.ofSeconds(10);

    private final Path folder;
    private final int stores;
    private final Size size;
    private final Consumer<String> step;
    private final Figures figures = new Figures();
    private final HttpClient http = HttpClient.newHttpClient();

    /// How much is measured.
    ///
    /// @param objects of the catalog that is followed
    /// @param ones single changes in a round
    /// @param changes of objects in a round
    /// @param firstLoad objects that a new store loads
    /// @param perProcess stores that share one process
    record Size(int objects, int ones, int changes, int firstLoad, int perProcess) {
        static final Size FULL = new Size(10_000, 100, 10_000, 25_000, 25);
    }

    /// @param folder empty; the homes are made in it
    FanoutBench(Path folder, int stores, Size size, Consumer<String> step) {
        this.folder = folder;
        this.stores = stores;
        this.size = size;
        this.step = step;
    }

    /// @param rounds that count, after one of warm-up
    List<Figure> run(int rounds)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        var processes = new ArrayList<FanoutStores>();
        var watchers = new ArrayList<Watcher>();
        try (var hq = NodeContestant.onSqlite(folder, List.of());
                var threads = Executors.newCachedThreadPool()) {
            var stock = new Stock(size.objects());
            step.accept("loading " + stock.objects() + " objects at HQ");
            hq.load(CATALOG, stock);
            hq.load(LARGE, new Stock(size.firstLoad()));
            pause(STILL);
            var heap = hq.heapBytes().orElseThrow();
            try {
                start(hq, processes, watchers);
                var newest = newest(hq);
                all(threads, watchers, newest);
                pause(STILL);
                figures.note(of(IDLE, 1), "bytes", (hq.heapBytes().orElseThrow() - heap) / (double) stores);
                for (var round = 0; round <= rounds; round++) {
                    step.accept(round == 0 ? "warming up" : "round " + round + " of " + rounds);
                    ones(hq, threads, watchers, stock, round);
                    many(hq, threads, watchers, stock, round);
                }
                for (var round = 0; round <= rounds; round++) {
                    firstLoad(hq, round);
                }
            } finally {
                for (var watcher : watchers) {
                    watcher.close();
                }
                processes.forEach(FanoutStores::close);
            }
        }
        return figures.all();
    }

    private Figures.Of of(String work, long objects) {
        return new Figures.Of(work, NodeContestant.SQLITE, Map.of("stores", (long) stores, "objects", objects));
    }

    // Stores

    private void start(NodeContestant hq, List<FanoutStores> processes, List<Watcher> watchers)
            throws CommandFailed, IOException, InterruptedException {
        for (var first = 0; first < stores; first += size.perProcess()) {
            var last = Math.min(stores, first + size.perProcess());
            step.accept("starting stores " + (first + 1) + " to " + last);
            var home = Files.createDirectory(folder.resolve("stores-" + first));
            var members = new ArrayList<FanoutStores.Member>();
            for (var number = first; number < last; number++) {
                members.add(member(hq, home, CATALOG, "store-" + (number + 1)));
            }
            processes.add(FanoutStores.start(home, members));
            watchers.addAll(watch(processes.getLast(), CATALOG));
        }
    }

    private static FanoutStores.Member member(NodeContestant hq, Path folder, String catalog, String store)
            throws IOException {
        try (var wire = hq.wire()) {
            var body = "{\"store\":\"" + store + "\",\"catalog\":\"" + catalog + "\"}";
            var answer = OverHttp.checked(wire.post("/api/v1/stores", body.getBytes(StandardCharsets.UTF_8)));
            var token = json(answer).path("joinToken").asText();
            return new FanoutStores.Member(folder.resolve(store), Server.freePort(), hq.url(), token);
        }
    }

    private List<Watcher> watch(FanoutStores started, String catalog)
            throws CommandFailed, IOException, InterruptedException {
        var limit = PER_STORE.multipliedBy(1 + started.members().size());
        started.awaitReady(http, limit);
        var deadline = System.nanoTime() + limit.toNanos();
        var watchers = new ArrayList<Watcher>();
        for (var member : started.members()) {
            watchers.add(Watcher.of(member, catalog, deadline));
        }
        return watchers;
    }

    /// Somebody who looks at one store over one connection.
    private static final class Watcher implements AutoCloseable {
        private final Wire wire;
        private final String log;
        private long seen;

        private Watcher(Wire wire, String catalog) {
            this.wire = wire;
            this.log = OverHttp.path(catalog) + "/log?limit=1&wait=20&after=";
        }

        /// Waits until the store answers.
        private static Watcher of(FanoutStores.Member member, String catalog, long deadline)
                throws IOException, InterruptedException, CommandFailed {
            while (true) {
                try {
                    var watcher = new Watcher(member.connect(), catalog);
                    watcher.look();
                    return watcher;
                } catch (IOException notYet) {
                    if (System.nanoTime() - deadline > 0) {
                        throw new CommandFailed(member.home() + " does not answer: " + notYet.getMessage(), notYet);
                    }
                    pause(ARMED);
                }
            }
        }

        private void look() throws IOException {
            seen = json(OverHttp.checked(wire.get(log + seen))).path("version").asLong();
        }

        /// When the store showed this version, in [System#nanoTime].
        private long await(long version) throws IOException {
            while (seen < version) {
                look();
            }
            return System.nanoTime();
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    private static JsonNode json(Wire.Answer answer) throws IOException {
        return ApiClient.JSON.readTree(answer.body());
    }

    private static long newest(NodeContestant hq) throws IOException {
        try (var client = hq.connect()) {
            return client.newest(CATALOG);
        }
    }

    // Works

    /// One price, again and again: from the request until the last store shows it.
    private void ones(NodeContestant hq, ExecutorService threads, List<Watcher> watchers, Stock stock, int round)
            throws IOException, InterruptedException, ExecutionException {
        var took = new ArrayList<Double>();
        var version = newest(hq);
        try (var client = hq.connect()) {
            for (var i = 0; i < size.ones(); i++) {
                version++;
                var waiting = awaiting(threads, watchers, version);
                pause(ARMED);
                var began = System.nanoTime();
                client.update(CATALOG, stock.item(i), 10_000L * (round + 1) + i);
                took.add((last(waiting) - began) / 1e6);
            }
        }
        if (round > 0) {
            took.sort(Double::compareTo);
            figures.note(of(ONE, 1), "p50_ms", took.get(took.size() / 2));
            figures.note(of(ONE, 1), "p99_ms", took.get((int) Math.ceil(took.size() * 0.99) - 1));
        }
    }

    /// Many prices, a thousand to a write: from the first request until the last store shows the last of them.
    private void many(NodeContestant hq, ExecutorService threads, List<Watcher> watchers, Stock stock, int round)
            throws IOException, InterruptedException, ExecutionException {
        var batch = Math.min(BATCH, size.changes());
        var writes = size.changes() / batch;
        var waiting = awaiting(threads, watchers, newest(hq) + writes);
        pause(ARMED);
        var began = System.nanoTime();
        try (var client = hq.connect()) {
            for (var i = 0; i < writes; i++) {
                var from = (long) i * batch;
                client.updateAll(
                        CATALOG,
                        IntStream.range(0, batch)
                                .mapToObj(number -> stock.item(from + number))
                                .toList(),
                        100_000L * (round + 1) + i);
            }
        }
        var seconds = (last(waiting) - began) / 1e9;
        if (round > 0) {
            figures.note(of(MANY, size.changes()), "per_s", (double) size.changes() * stores / seconds);
            figures.note(of(MANY, size.changes()), "s", seconds);
        }
    }

    /// A new store, from when it first answers until it shows HQ's version.
    private void firstLoad(NodeContestant hq, int round)
            throws CommandFailed, IOException, InterruptedException, SQLException {
        step.accept("first load" + (round == 0 ? ", warming up" : ""));
        long version;
        try (var client = hq.connect()) {
            version = client.newest(LARGE);
        }
        var home = Files.createDirectory(folder.resolve("new-" + round));
        var member = member(hq, home, LARGE, "new-" + round);
        try (var started = FanoutStores.start(home, List.of(member))) {
            started.awaitReady(http, PER_STORE.multipliedBy(3));
            var began = System.nanoTime();
            try (var watcher = watch(started, LARGE).getFirst()) {
                var seconds = (watcher.await(version) - began) / 1e9;
                if (round > 0) {
                    figures.note(of(FIRST_LOAD, size.firstLoad()), "s", seconds);
                }
            }
        }
    }

    private static List<Future<Long>> awaiting(ExecutorService threads, List<Watcher> watchers, long version) {
        return watchers.stream()
                .map(watcher -> threads.submit(() -> watcher.await(version)))
                .toList();
    }

    private static long last(List<Future<Long>> waiting) throws InterruptedException, ExecutionException {
        var last = Long.MIN_VALUE;
        for (var one : waiting) {
            last = Math.max(last, one.get());
        }
        return last;
    }

    private static void all(ExecutorService threads, List<Watcher> watchers, long version)
            throws InterruptedException, ExecutionException {
        last(awaiting(threads, watchers, version));
    }

    private static void pause(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// What a figure is to be, at 50 stores.
    static List<String[]> goals(List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.work().equals(ONE) && figure.metric().equals("p99_ms")
                        || figure.work().equals(MANY) && figure.metric().equals("per_s")
                        || figure.work().equals(FIRST_LOAD)
                        || figure.work().equals(IDLE))
                .map(figure -> {
                    var goal = goal(figure.work());
                    return new String[] {
                        figure.work(),
                        figure.metric(),
                        Figure.text(figure.median()),
                        goal.text(),
                        goal.isMet(figure.median()) ? "met" : "missed"
                    };
                })
                .toList();
    }

    private static Goal goal(String work) {
        return switch (work) {
            case ONE -> Goal.atMost("p99_ms", 500);
            case MANY -> Goal.atLeast("per_s", 50_000);
            case FIRST_LOAD -> Goal.atMost("s", 5);
            default -> Goal.atMost("bytes", 200_000);
        };
    }
}
