package dev.storemesh.ops.bench;

import dev.storemesh.ops.bench.eav.Postgres;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The same work over HTTP on an HQ node (over SQLite, and over PostgreSQL) and on the hand-built service, and on the
/// tables of that one without HTTP, which is the limit of what they allow. All run at once, but only one has work at a
/// time: they take turns in each round, and each round begins with another one.
final class WorkBench {
    private static final int MANY = 16;
    private static final int FLOOD = 64;
    private static final Duration EDGES = Duration.ofMillis(300); // by which a flood is longer than what it is about
    private static final int PRIME = 7919; // steps through the data, so that neighbours in time are none in it
    private static final int UPDATES_EACH = 1_000;
    /// Of each server, which does not grow: where the machine is slow to give memory, that would be in the figures.
    private static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g");

    private static final String READ = "read"; // changes no more once it is there
    private static final String HOT = "hot";

    private final Path folder;
    private final Size size;
    private final int connections;
    private final Consumer<String> step;
    private final Figures figures = new Figures();
    private final AtomicLong cents = new AtomicLong(10_000);
    private final Map<String, Long> beforeLast = new HashMap<>();

    /// How much is done.
    ///
    /// @param objects of a catalog
    /// @param ofEach objects of each of the sixteen catalogs
    /// @param updates prices that are changed before anything is read, in writes of many
    /// @param lastWrites of one price each, after those
    /// @param transactions of each kind with all objects
    /// @param commits of transactions with one change
    record Size(int objects, int ofEach, int updates, int lastWrites, int transactions, int commits) {
        static final Size FULL = new Size(20_000, 1_250, 20_000, 1_000, 20, 200);
    }

    /// @param folder empty; homes and PostgreSQL's files are made in it
    /// @param connections to PostgreSQL, of the hand-built service and without it
    WorkBench(Path folder, Size size, int connections, Consumer<String> step) {
        this.folder = folder;
        this.size = size;
        this.connections = connections;
        this.step = step;
    }

    /// The systems; `direct` works on the tables of `eav`.
    private record Sides(NodeContestant sqlite, NodeContestant onPostgres, EavContestant eav, JdbcContestant direct) {
        List<Contestant> all() {
            return List.of(sqlite, onPostgres, eav, direct);
        }

        List<Contestant> servers() {
            return List.of(sqlite, onPostgres, eav);
        }

        List<NodeContestant> nodes() {
            return List.of(sqlite, onPostgres);
        }
    }

    /// What one system does in one round of one work.
    @FunctionalInterface
    private interface Turn {
        void take(Contestant contestant, boolean counts)
                throws CommandFailed, IOException, SQLException, InterruptedException, ExecutionException;
    }

    /// @param rounds that count, after one of warm-up
    /// @param each how long one load runs in a round
    /// @throws IOException also if the systems do not hold the same objects
    List<Figure> run(int rounds, Duration each, Set<Work> works)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        try (var postgres = Postgres.start(Files.createDirectory(folder.resolve("postgres")));
                var sqlite = NodeContestant.onSqlite(folder, HEAP);
                var onPostgres = NodeContestant.onPostgres(folder, postgres, HEAP);
                var eav = new EavContestant(folder, postgres, connections, HEAP);
                var direct = new JdbcContestant(postgres, connections)) {
            var sides = new Sides(sqlite, onPostgres, eav, direct);
            if (!works.stream().allMatch(Work::isOfTransactions)) {
                prepare(sides, works);
                direct.refresh();
                compare(sides);
            }
            for (var round = 0; round <= rounds; round++) {
                step.accept(round == 0 ? "warming up" : "round " + round + " of " + rounds);
                for (var work : works) {
                    turns(sides, work, round, each);
                }
            }
            new TransactionBench(size, figures, step).run(sides.nodes(), works);
            if (works.contains(Work.RECOVERY)) {
                recover(sides, rounds);
            }
        }
        return figures.all();
    }

    // Before

    private void prepare(Sides sides, Set<Work> works) throws IOException, SQLException, InterruptedException {
        var stock = new Stock(size.objects());
        var many = new Stock(size.ofEach());
        for (var contestant : sides.servers()) {
            step.accept(contestant.system() + ": loading " + size.objects() + " objects, then " + size.updates()
                    + " updates and " + size.lastWrites() + " single ones");
            var empty = contestant.heapBytes();
            contestant.load(READ, stock);
            contestant.settle();
            update(contestant, stock);
            contestant.settle();
            notePerAttribute(contestant, stock, works, empty.orElse(0L));
            if (works.contains(Work.UPDATE_1) || works.contains(Work.UPDATE_16_HOT) || works.contains(Work.FLOOD_64)) {
                contestant.load(HOT, stock);
            }
            if (works.contains(Work.UPDATE_16_CATALOGS)
                    || works.contains(Work.FLOOD_0)
                    || works.contains(Work.FLOOD_64)) {
                for (var i = 0; i < MANY; i++) {
                    contestant.load(oneOfMany(i), many);
                }
            }
            contestant.settle();
        }
    }

    private static String oneOfMany(int number) {
        return "one-" + number;
    }

    private void update(Contestant contestant, Stock stock) throws IOException, SQLException {
        try (var client = contestant.connect()) {
            for (var from = 0; from < size.updates(); from += UPDATES_EACH) {
                var items = new ArrayList<String>();
                for (var i = from; i < Math.min(from + UPDATES_EACH, size.updates()); i++) {
                    items.add(stock.item((long) i * PRIME));
                }
                client.updateAll(READ, items, 20_000 + from); // not of the counter: all shall hold the same
            }
            beforeLast.put(contestant.system(), client.newest(READ));
            for (var i = 0; i < size.lastWrites(); i++) {
                client.update(READ, stock.item((long) i * PRIME), 100_000 + i);
            }
        }
    }

    private void notePerAttribute(Contestant contestant, Stock stock, Set<Work> works, long emptyBytes)
            throws IOException, SQLException, InterruptedException {
        var live = stock.attributes();
        var ended = (long) size.updates() + size.lastWrites();
        var settings = Map.of("live", live, "ended", ended);
        if (works.contains(Work.DISK_PER_ATTRIBUTE)) {
            var more = new HashMap<>(settings);
            contestant.checkpointBytes().ifPresent(bytes -> more.put("checkpointBytes", bytes));
            var of = of(Work.DISK_PER_ATTRIBUTE, contestant, more);
            contestant.diskBytes().ifPresent(bytes -> figures.note(of, "bytes", (double) bytes / (live + ended)));
        }
        if (works.contains(Work.HEAP_PER_ATTRIBUTE)) {
            var of = of(Work.HEAP_PER_ATTRIBUTE, contestant, settings);
            contestant.heapBytes().ifPresent(bytes -> figures.note(of, "bytes", (double) (bytes - emptyBytes) / live));
        }
    }

    /// The versions differ: an import is one at a node, and one a batch at the hand-built service.
    private void compare(Sides sides) throws IOException, SQLException {
        var first = new TreeMap<String, String>();
        var changed = new TreeMap<String, String>();
        for (var contestant : List.of(sides.sqlite(), sides.onPostgres())) {
            try (var client = contestant.connect()) {
                compare(contestant, client, first, changed);
            }
        }
        try (var client = sides.eav().connect()) {
            compare(sides.eav(), client, first, changed);
        }
        try (var client = sides.direct().connect()) {
            if (client.readAll(READ) != (first.size() + UPDATES_EACH - 1) / UPDATES_EACH) {
                throw new IOException(JdbcContestant.SYSTEM + " finds other objects");
            }
        }
        step.accept("all hold the same " + first.size() + " objects, " + changed.size() + " of them changed last");
    }

    private void compare(Contestant contestant, OverHttp client, Map<String, String> first, Map<String, String> changed)
            throws IOException {
        same(contestant.system(), client.contents(READ, "objects"), first);
        same(contestant.system(), client.contents(READ, "changes?since=" + since(contestant)), changed);
    }

    static void same(String system, Map<String, String> found, Map<String, String> expected) throws IOException {
        if (expected.isEmpty()) {
            expected.putAll(found);
        }
        if (!found.equals(expected)) {
            var differing = new ArrayList<>(expected.keySet());
            differing.addAll(found.keySet());
            differing.removeIf(token -> Objects.equals(found.get(token), expected.get(token)));
            throw new IOException(system + " holds other objects than the first one: "
                    + differing.subList(0, Math.min(3, differing.size())));
        }
    }

    private long since(Contestant contestant) {
        var system = contestant.system().equals(JdbcContestant.SYSTEM) ? EavContestant.SYSTEM : contestant.system();
        return Objects.requireNonNull(beforeLast.get(system));
    }

    // Rounds

    private void turns(Sides sides, Work work, int round, Duration each)
            throws CommandFailed, IOException, SQLException, InterruptedException, ExecutionException {
        var turn = turn(work, round, each);
        var all = new ArrayList<>(sides.all());
        Collections.rotate(all, -round);
        for (var contestant : all) {
            turn.take(contestant, round > 0);
        }
    }

    private Turn turn(Work work, int round, Duration each) {
        var stock = new Stock(size.objects());
        var seconds = each.toSeconds();
        return switch (work) {
            case IMPORT ->
                (contestant, counts) -> {
                    var took = contestant.load("import-" + round + "-" + contestant.system(), stock);
                    if (counts) {
                        var of = of(work, contestant, Map.of("objects", (long) size.objects(), "attributes", 10L));
                        figures.note(of, "per_s", size.objects() / took);
                        figures.note(of, "s", took);
                        tell(of, size.objects() / took);
                    }
                };
            case UPDATE_1 -> updates(work, 1, each, client -> HOT, stock);
            case UPDATE_16_HOT -> updates(work, MANY, each, client -> HOT, stock);
            case UPDATE_16_CATALOGS -> updates(work, MANY, each, WorkBench::oneOfMany, new Stock(size.ofEach()));
            case FLOOD_0 -> throughServers(updates(work, 1, each, WorkBench::oneOfMany, new Stock(size.ofEach())));
            case FLOOD_64 -> throughServers(flooded(each, stock, new Stock(size.ofEach())));
            case READ_16 ->
                (contestant, counts) -> note(
                        of(work, contestant, settings(size.objects(), MANY, seconds)),
                        counts,
                        1,
                        load(
                                contestant,
                                MANY,
                                each,
                                (client, who, number) -> client.read(READ, stock.item((number * MANY + who) * PRIME))));
            case PAGE_ALL ->
                (contestant, counts) -> note(
                        of(work, contestant, settings(size.objects(), 1, seconds)),
                        counts,
                        size.objects(),
                        load(contestant, 1, each, (client, who, number) -> client.readAll(READ)));
            case CHANGES ->
                (contestant, counts) -> note(
                        of(work, contestant, settings(size.objects(), 1, seconds)),
                        counts,
                        Math.min(size.lastWrites(), stock.items()),
                        load(contestant, 1, each, (client, who, number) -> client.changes(READ, since(contestant))));
            case DISK_PER_ATTRIBUTE, HEAP_PER_ATTRIBUTE, RECOVERY, COMMIT_20000, ROLLBACK_20000, COMMIT_1 ->
                (contestant, counts) -> {}; // not done in rounds
        };
    }

    @FunctionalInterface
    private interface Place {
        String of(int client);
    }

    private Turn updates(Work work, int clients, Duration each, Place catalog, Stock stock) {
        return (contestant, counts) -> note(
                of(work, contestant, settings(stock.objects(), clients, each.toSeconds())),
                counts,
                1,
                load(
                        contestant,
                        clients,
                        each,
                        (client, who, number) -> client.update(
                                catalog.of(who), stock.item((number * MANY + who) * PRIME), cents.incrementAndGet())));
    }

    /// Without a server there is nothing that merchants share but the database.
    private static Turn throughServers(Turn turn) {
        return (contestant, counts) -> {
            if (!contestant.system().equals(JdbcContestant.SYSTEM)) {
                turn.take(contestant, counts);
            }
        };
    }

    private Turn flooded(Duration each, Stock hot, Stock own) {
        return (contestant, counts) -> {
            try (var others = Executors.newSingleThreadExecutor()) {
                var flood = others.submit(() -> load(
                        contestant,
                        FLOOD,
                        each.plus(EDGES),
                        (client, who, number) ->
                                client.update(HOT, hot.item((number * FLOOD + who) * PRIME), cents.incrementAndGet())));
                updates(Work.FLOOD_64, 1, each, WorkBench::oneOfMany, own).take(contestant, counts);
                step.accept("    beside %,.0f/s".formatted(flood.get().perSecond()));
            }
        };
    }

    private Figures.Of of(Work work, Contestant contestant, Map<String, Long> settings) {
        return new Figures.Of(work.text(), contestant.system(), settings);
    }

    private static Map<String, Long> settings(int objects, int clients, long seconds) {
        return Map.of("objects", (long) objects, "clients", (long) clients, "seconds", seconds);
    }

    private void note(Figures.Of of, boolean counts, long things, Load.Figures load) {
        if (counts) {
            figures.note(of, load, things);
            tell(of, load.perSecond() * things);
        }
    }

    private void tell(Figures.Of of, double perSecond) {
        step.accept("  %s, %s: %,.0f/s".formatted(of.work(), of.system(), perSecond));
    }

    @FunctionalInterface
    private interface Request {
        void send(Contestant.Client client, int who, long number) throws IOException, SQLException;
    }

    private static Load.Figures load(Contestant contestant, int clients, Duration each, Request request)
            throws IOException, InterruptedException, ExecutionException {
        var all = new ArrayList<Contestant.Client>();
        try {
            for (var i = 0; i < clients; i++) {
                all.add(contestant.connect());
            }
            return Load.run(clients, each, (who, number) -> request.send(all.get(who), who, number));
        } finally {
            for (var client : all) {
                client.close();
            }
        }
    }

    // After

    private void recover(Sides sides, int rounds) throws CommandFailed, IOException, InterruptedException {
        var stock = new Stock(size.objects());
        for (var round = 1; round <= rounds; round++) {
            step.accept("recovery, round " + round + " of " + rounds);
            for (var contestant : sides.servers()) {
                var of = of(Work.RECOVERY, contestant, Map.of("objects", (long) size.objects()));
                contestant.recover(READ, stock.item(round)).ifPresent(seconds -> figures.note(of, "s", seconds));
            }
        }
    }
}
