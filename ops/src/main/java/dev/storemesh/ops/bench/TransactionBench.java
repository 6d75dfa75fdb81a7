package dev.storemesh.ops.bench;

import dev.storemesh.ops.api.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// How long the last request of a transaction takes, whatever came before it: of one that made all objects of a
/// catalog, and of one with a single change. The systems take turns.
final class TransactionBench {
    private static final String LOCK = "Storemesh-Lock: ";
    private static final int EACH = 1_000;
    private static final byte[] NOTHING = {};

    private final WorkBench.Size size;
    private final Figures figures;
    private final Consumer<String> step;

    TransactionBench(WorkBench.Size size, Figures figures, Consumer<String> step) {
        this.size = size;
        this.figures = figures;
        this.step = step;
    }

    void run(List<NodeContestant> nodes, Set<Work> works) throws IOException {
        var stock = new Stock(size.objects());
        var bodies = works.stream().anyMatch(Work::isOfTransactions) ? stock.writes(EACH, "") : List.<byte[]>of();
        for (var work : works) {
            switch (work) {
                case COMMIT_20000 -> all(nodes, work, size.transactions(), bodies, "POST", "/transaction/commit");
                case ROLLBACK_20000 -> all(nodes, work, size.transactions(), bodies, "DELETE", "/transaction");
                case COMMIT_1 -> singles(nodes, stock, bodies);
                case IMPORT,
                        UPDATE_1,
                        UPDATE_16_HOT,
                        UPDATE_16_CATALOGS,
                        FLOOD_0,
                        FLOOD_64,
                        READ_16,
                        PAGE_ALL,
                        CHANGES,
                        DISK_PER_ATTRIBUTE,
                        HEAP_PER_ATTRIBUTE,
                        RECOVERY -> {} // no transactions
            }
        }
    }

    private void all(List<NodeContestant> nodes, Work work, int times, List<byte[]> bodies, String method, String route)
            throws IOException {
        var took = new long[nodes.size()][times];
        step.accept(work.text() + ", " + times + " times");
        for (var time = -1; time < times; time++) { // one to warm up
            for (var i = 0; i < nodes.size(); i++) {
                try (var wire = nodes.get(i).wire()) {
                    var catalog = work.text() + "-" + (time + 1);
                    NodeContestant.make(wire, catalog);
                    var nanos = end(wire, catalog, bodies, method, route);
                    if (time >= 0) {
                        took[i][time] = nanos;
                    }
                }
            }
        }
        for (var i = 0; i < nodes.size(); i++) {
            note(work, nodes.get(i), size.objects(), took[i]);
        }
    }

    private void singles(List<NodeContestant> nodes, Stock stock, List<byte[]> bodies) throws IOException {
        step.accept(Work.COMMIT_1.text() + ", " + size.commits() + " times");
        for (var node : nodes) {
            var took = new long[size.commits()];
            try (var wire = node.wire()) {
                var catalog = Work.COMMIT_1.text();
                NodeContestant.make(wire, catalog);
                for (var body : bodies) {
                    OverHttp.checked(wire.post(OverHttp.path(catalog) + "/writes", body));
                }
                for (var i = 0; i < took.length; i++) {
                    var change = List.of(Stock.prices(List.of(stock.item(i)), 10_000 + i));
                    took[i] = end(wire, catalog, change, "POST", "/transaction/commit");
                }
            }
            note(Work.COMMIT_1, node, 1, took);
        }
    }

    /// Opens a transaction, writes, and ends it.
    ///
    /// @return nanoseconds that the end took
    private static long end(Wire wire, String catalog, List<byte[]> bodies, String method, String route)
            throws IOException {
        var path = OverHttp.path(catalog);
        var open = "{\"reason\":\"bench\"}".getBytes(StandardCharsets.UTF_8);
        var opened = OverHttp.checked(wire.post(path + "/transaction", open));
        var lock = LOCK + ApiClient.JSON.readTree(opened.body()).path("lock").asText() + "\r\n";
        for (var body : bodies) {
            OverHttp.checked(wire.send("POST", path + "/writes", lock, body));
        }
        var began = System.nanoTime();
        OverHttp.checked(wire.send(method, path + route, lock, NOTHING));
        return System.nanoTime() - began;
    }

    private void note(Work work, NodeContestant node, long objects, long[] nanos) {
        Arrays.sort(nanos);
        var of = new Figures.Of(work.text(), node.system(), Map.of("objects", objects, "times", (long) nanos.length));
        figures.note(of, "p50_ms", Load.at(nanos, 0.50));
        figures.note(of, "p99_ms", Load.at(nanos, 0.99));
    }
}
