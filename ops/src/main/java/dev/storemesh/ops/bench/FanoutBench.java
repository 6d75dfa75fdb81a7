package dev.storemesh.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How what HQ writes reaches many stores: how long until the last of them has it on disk and shows it, how much
/// they take in a second, how long a new one takes to load, and what an idle one costs HQ.
final class FanoutBench {
    static final String ONE = "fanout-one";
    static final String ADDING = "adding-a-store";
    static final String MANY = "fanout-10000";
    static final String FIRST_LOAD = "first-load";
    static final String IDLE = "idle-store";

    private static final String CATALOG = "fanout";
    private static final String LARGE = "first-load";
    private static final int BATCH = 1_000;
    private static final Duration ARMED = Duration.ofMillis(100);
    private static final Duration STILL = Duration.ofSeconds(5);
    private static final int LOOKS = 10;
    private static final long SHRINKING = 100_000; // bytes from one look to the next
    private static final Duration PER_STORE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMinutes(2); // for a store to answer that was too busy

    private final Path folder;
    private final int stores;
    private final Size size;
    private final Consumer<String> step;
    private final Figures figures = new Figures();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
            try {
                start(hq, 0, 1, processes, watchers);
                all(threads, watchers, newest(hq));
                var heap = settled(hq); // with what the first of them makes HQ load
                for (var first = 1; first < stores; first += size.perProcess()) {
                    start(hq, first, Math.min(stores, first + size.perProcess()), processes, watchers);
                }
                all(threads, watchers, newest(hq));
                if (stores > 1) {
                    figures.note(of(IDLE, 1), "bytes", (settled(hq) - heap) / (stores - 1.0));
                }
                for (var round = 0; round <= rounds; round++) {
                    step.accept(round == 0 ? "warming up" : "round " + round + " of " + rounds);
                    ones(hq, threads, watchers, stock, round);
                    adding(hq, threads, watchers, stock, round);
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

    /// The stores of these numbers, from one up to another, in one process.
    private void start(NodeContestant hq, int first, int end, List<FanoutStores> processes, List<Watcher> watchers)
            throws CommandFailed, IOException, InterruptedException {
        step.accept("starting stores " + (first + 1) + " to " + end);
        var home = Files.createDirectory(folder.resolve("stores-" + first));
        var members = new ArrayList<FanoutStores.Member>();
        for (var number = first; number < end; number++) {
            members.add(member(hq, home, CATALOG, "store-" + (number + 1)));
        }
        processes.add(FanoutStores.start(home, members));
        watchers.addAll(watch(processes.getLast(), CATALOG));
    }

    /// HQ's heap after a collection, when it shrinks no more.
    private static long settled(NodeContestant hq) throws CommandFailed, IOException, InterruptedException {
        var least = Long.MAX_VALUE;
        for (var looks = 0; looks < LOOKS; looks++) {
            pause(STILL);
            var now = hq.heapBytes().orElseThrow();
            if (now > least - SHRINKING) {
                return Math.min(now, least);
            }
            least = now;
        }
        return least;
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
            watchers.add(Watcher.of(http, member, catalog, deadline));
        }
        return watchers;
    }

    /// Somebody who is told by one store which version it shows, over one connection: as a till's screen is.
    private static final class Watcher implements AutoCloseable {
        private static final String DATA = "data: ";

        private final HttpClient http;
        private final FanoutStores.Member member;
        private final String catalog;
        private Stream<String> lines;
        private Iterator<String> events;
        private long seen;

        private Watcher(HttpClient http, FanoutStores.Member member, String catalog, Stream<String> lines) {
            this.http = http;
            this.member = member;
            this.catalog = catalog;
            this.lines = lines;
            this.events = lines.iterator();
        }

        /// Waits until the store answers.
        private static Watcher of(HttpClient http, FanoutStores.Member member, String catalog, long deadline)
                throws IOException, InterruptedException, CommandFailed {
            return new Watcher(http, member, catalog, followed(http, member, catalog, deadline));
        }

        private static Stream<String> followed(
                HttpClient http, FanoutStores.Member member, String catalog, long deadline)
                throws IOException, InterruptedException, CommandFailed {
            while (true) {
                try {
                    return member.follow(http, catalog);
                } catch (IOException notYet) {
                    if (System.nanoTime() - deadline > 0) {
                        throw new CommandFailed(member.home() + " does not answer: " + notYet.getMessage(), notYet);
                    }
                    pause(ARMED);
                }
            }
        }

        /// When the store showed this version, in [System#nanoTime].
        private long await(long version) throws IOException, InterruptedException, CommandFailed {
            while (seen < version) {
                var line = next();
                if (line.startsWith(DATA)) {
                    seen = ApiClient.JSON
                            .readTree(line.substring(DATA.length()))
                            .path("version")
                            .asLong();
                }
            }
            return System.nanoTime();
        }

        /// A stream that ends is asked for again, as screens do; it begins with what is shown.
        private String next() throws IOException, InterruptedException, CommandFailed {
            try {
                return events.next();
            } catch (NoSuchElementException | UncheckedIOException e) {
                lines.close();
                lines = followed(http, member, catalog, System.nanoTime() + AGAIN.toNanos());
                events = lines.iterator();
                return "";
            }
        }

        /// The price that the store answers with.
        private long price(String catalog, String item) throws IOException {
            try (var wire = member.connect()) { // one that waited for long may have been closed
                var answer = OverHttp.checked(wire.get(OverHttp.path(catalog) + "/objects/" + item));
                for (var row : json(answer).path("attributes")) {
                    if (row.path("attribute").asText().equals("retail.item.price")) {
                        return row.path("value").path("amount").asLong();
                    }
                }
                throw new IOException(item + " has no price: " + answer.text());
            }
        }

        /// Makes the store take over all of HQ's state, unless it does so already.
        private void loadAnew(String catalog) throws IOException {
            try (var wire = member.connect()) {
                OverHttp.checked(wire.post(OverHttp.path(catalog) + "/resync", new byte[0]));
            }
        }

        @Override
        public void close() {
            lines.close();
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
        ones(ONE, hq, threads, watchers, stock, 10_000L * (round + 1), () -> {}, round > 0);
    }

    /// The same for all stores but the last, while that one loads everything again and again, as a store does that
    /// is new.
    private void adding(NodeContestant hq, ExecutorService threads, List<Watcher> watchers, Stock stock, int round)
            throws IOException, InterruptedException, ExecutionException {
        if (stores > 1) {
            var last = watchers.getLast();
            var others = watchers.subList(0, watchers.size() - 1);
            ones(ADDING, hq, threads, others, stock, 50_000L * (round + 1), () -> last.loadAnew(CATALOG), round > 0);
            all(threads, watchers, newest(hq));
        }
    }

    /// Before each change.
    @FunctionalInterface
    private interface Beside {
        void run() throws IOException;
    }

    private void ones(
            String work,
            NodeContestant hq,
            ExecutorService threads,
            List<Watcher> watchers,
            Stock stock,
            long cents,
            Beside beside,
            boolean counts)
            throws IOException, InterruptedException, ExecutionException {
        var took = new ArrayList<Double>();
        var version = newest(hq);
        try (var client = hq.connect()) {
            for (var i = 0; i < size.ones(); i++) {
                version++;
                beside.run();
                var waiting = awaiting(threads, watchers, version);
                pause(ARMED);
                var began = System.nanoTime();
                client.update(CATALOG, stock.item(i), cents + i);
                took.add((last(waiting) - began) / 1e6);
            }
        }
        check(watchers, stock.item(size.ones() - 1L), cents + size.ones() - 1);
        if (counts) {
            took.sort(Double::compareTo);
            figures.note(of(work, 1), "p50_ms", took.get(took.size() / 2));
            figures.note(of(work, 1), "p99_ms", took.get((int) Math.ceil(took.size() * 0.99) - 1));
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
        check(watchers, stock.item((long) writes * batch - 1), 100_000L * (round + 1) + writes - 1);
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

    /// That each store answers with the price that was written last.
    private static void check(List<Watcher> watchers, String item, long cents) throws IOException {
        for (var watcher : watchers) {
            var price = watcher.price(CATALOG, item);
            if (price != cents) {
                throw new IOException("a store says that it has everything, but " + item + " costs " + price
                        + " there, and not " + cents);
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
                        said(goal, figure.median())
                    };
                })
                .toList();
    }

    /// Heap that a collection freed meanwhile can be more than what stores take: then nobody can tell.
    private static String said(Goal goal, double value) {
        if (value <= 0) {
            return "cannot tell";
        }
        return goal.isMet(value) ? "met" : "missed";
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
