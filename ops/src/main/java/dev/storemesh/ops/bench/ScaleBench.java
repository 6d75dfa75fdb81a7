package dev.storemesh.ops.bench;

import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// What operations cost in catalogs of different sizes, in one HQ node over SQLite: in each round the catalogs take
/// turns. One client asks, since this is about what one operation costs.
final class ScaleBench {
    static final String PAGE_AS_OF = "page-as-of";
    static final String READ = "read-1";

    private static final int WARM = 10_000;
    private static final int PAGE = 1_000;
    private static final int LAST_WRITES = 500;
    private static final int PRIME = 7919;

    private final Path folder;
    private final List<Integer> sizes;
    private final Consumer<String> step;
    private final Figures figures = new Figures();
    private final AtomicLong cents = new AtomicLong(10_000);

    /// @param folder empty; the node's home is made in it
    /// @param sizes objects of the catalogs: thousands
    ScaleBench(Path folder, List<Integer> sizes, Consumer<String> step) {
        this.folder = folder;
        this.sizes = sizes.stream().sorted().toList();
        this.step = step;
    }

    /// One catalog.
    ///
    /// @param loaded the version with all objects, before the first change
    /// @param beforeLast the version before the last changes
    private record Catalog(String name, Stock stock, long loaded, long beforeLast) {}

    /// @param rounds that count, after one of warm-up
    /// @param each how long one load runs in a round
    List<Figure> run(int rounds, Duration each)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        var former = "-Dstoremesh.partition.retire-after=1s"; // only one generation of partitions is to count
        try (var node = NodeContestant.onSqlite(folder, List.of(former))) {
            step.accept("warming up");
            var warm = new Stock(Math.min(WARM, sizes.getLast()));
            rounds(node, List.of(load(node, warm, "warm")), 0, 0, each);
            var catalogs = new ArrayList<Catalog>();
            for (var size : sizes) {
                catalogs.add(measuredLoad(node, new Stock(size)));
            }
            rounds(node, catalogs, 1, rounds, each);
            for (var catalog : catalogs) {
                step.accept("recovery of " + catalog.stock().objects() + " objects");
                for (var round = 0; round < rounds; round++) {
                    var seconds = node.recover(catalog.name(), catalog.stock().item(round));
                    seconds.ifPresent(spent -> figures.note(of(Work.RECOVERY.text(), catalog), "s", spent));
                }
            }
        }
        return figures.all();
    }

    private Figures.Of of(String work, Catalog catalog) {
        var objects = (long) catalog.stock().objects();
        return new Figures.Of(
                work,
                NodeContestant.SQLITE,
                Map.of("objects", objects, "attributes", catalog.stock().attributes()));
    }

    // Loading

    private Catalog measuredLoad(NodeContestant node, Stock stock)
            throws IOException, SQLException, InterruptedException {
        step.accept("loading " + stock.objects() + " objects");
        var heapBefore = node.settledHeapBytes();
        var diskBefore = node.diskBytes().orElseThrow();
        var took = new AtomicReference<>(0.0);
        var catalog = load(node, stock, "scale-" + stock.objects(), took::set);
        figures.note(of(Work.IMPORT.text(), catalog), "per_s", stock.objects() / took.get());
        figures.note(of(Work.IMPORT.text(), catalog), "s", took.get());
        var attributes = (double) stock.attributes();
        figures.note(
                of(Work.HEAP_PER_ATTRIBUTE.text(), catalog),
                "bytes",
                (node.settledHeapBytes() - heapBefore) / attributes);
        figures.note(
                of(Work.DISK_PER_ATTRIBUTE.text(), catalog),
                "bytes",
                (node.diskBytes().orElseThrow() - diskBefore) / (attributes + LAST_WRITES));
        return catalog;
    }

    private static Catalog load(NodeContestant node, Stock stock, String name) throws IOException {
        return load(node, stock, name, seconds -> {});
    }

    private static Catalog load(NodeContestant node, Stock stock, String name, Consumer<Double> took)
            throws IOException {
        took.accept(node.load(name, stock));
        try (var client = node.connect()) {
            var loaded = client.newest(name);
            for (var i = 0; i < LAST_WRITES; i++) {
                client.update(name, stock.item((long) i * PRIME), 5_001 + i);
            }
            return new Catalog(name, stock, loaded, client.newest(name) - LAST_WRITES);
        }
    }

    // Rounds

    private void rounds(NodeContestant node, List<Catalog> catalogs, int first, int last, Duration each)
            throws IOException, InterruptedException, ExecutionException {
        for (var round = first; round <= last; round++) {
            step.accept(round == 0 ? "warming up reads" : "reads, round " + round + " of " + last);
            for (var catalog : catalogs) {
                var counts = round > 0;
                var name = catalog.name();
                one(
                        node,
                        catalog,
                        READ,
                        1,
                        each,
                        counts,
                        (client, number) -> client.read(name, catalog.stock().item(number * PRIME)));
                one(node, catalog, Work.PAGE_ALL.text(), PAGE, each, counts, pages(name, ""));
                one(node, catalog, PAGE_AS_OF, PAGE, each, counts, pages(name, "&version=" + catalog.loaded()));
                one(
                        node,
                        catalog,
                        Work.CHANGES.text(),
                        LAST_WRITES,
                        each,
                        counts,
                        (client, number) -> client.changes(name, catalog.beforeLast()));
            }
        }
        for (var round = first; round <= last; round++) { // last, since small catalogs would have long histories
            step.accept(round == 0 ? "warming up updates" : "updates, round " + round + " of " + last);
            for (var catalog : catalogs) {
                one(
                        node,
                        catalog,
                        Work.UPDATE_1.text(),
                        1,
                        each,
                        round > 0,
                        (client, number) -> client.update(
                                catalog.name(), catalog.stock().item(number * PRIME), cents.incrementAndGet()));
            }
        }
    }

    @FunctionalInterface
    private interface Request {
        void send(OverHttp client, long number) throws IOException;
    }

    /// One page after the other, and from the last one on again from the first.
    ///
    /// @param begin parameters of the first page
    private static Request pages(String catalog, String begin) {
        var next = new AtomicReference<>(begin);
        return (client, number) -> {
            Optional<String> more = client.page(catalog, next.get());
            next.set(more.orElse(begin));
        };
    }

    private void one(
            NodeContestant node,
            Catalog catalog,
            String work,
            long things,
            Duration each,
            boolean counts,
            Request request)
            throws IOException, InterruptedException, ExecutionException {
        try (var client = node.connect()) {
            var load = Load.run(1, each, (who, number) -> request.send(client, number));
            if (counts) {
                figures.note(of(work, catalog), load, things);
            }
        }
    }
}
