package dev.storemesh.ops.bench;

import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What readers of a catalog notice of a huge import into it, which is one transaction: they page the version before
/// it, alone and beside it. The import ends with a line that is refused, so that all of it is rolled back; then
/// everything is to be as it was. A second one, without that line, is committed.
final class BesideImportBench {
    static final String ALONE = "readers-alone";
    static final String BESIDE_REFUSED = "readers-beside-refused-import";
    static final String BESIDE = "readers-beside-import";
    static final String AFTER = "readers-after-rollback";
    static final String LATER = "readers-later"; // when what the import left in memory is collected
    static final String REFUSED = "import-refused";

    private static final String CATALOG = "huge";
    private static final int PAGE = 1_000;
    private static final int WARM = 200_000;
    private static final byte[] WRONG = ("{\"object\":\"last-line\",\"type\":\"retail.item\",\"attributes\":"
                    + "[{\"attribute\":\"retail.item.price\",\"value\":\"no price\"}]}\n")
            .getBytes(StandardCharsets.UTF_8);

    private final Path folder;
    private final Size size;
    private final Consumer<String> step;
    private final Figures figures = new Figures();

    /// How much is measured.
    ///
    /// @param objects of the import
    /// @param before objects that are there before, which the import has, too
    /// @param readers who read pages one after the other
    /// @param alone how long they read without the import
    record Size(int objects, int before, int readers, Duration alone) {}

    /// @param folder empty; the node's home is made in it
    BesideImportBench(Path folder, Size size, Consumer<String> step) {
        this.folder = folder;
        this.size = size;
        this.step = step;
    }

    /// @param options of the node's JVM
    List<Figure> run(List<String> options)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        var file = Files.createTempFile(folder, "import-", ".ndjson");
        try (var node = NodeContestant.onSqlite(folder, options)) {
            var all = new Stock(size.objects());
            all.write(file);
            step.accept("warming up");
            node.load(CATALOG, new Stock(size.before()));
            node.load("warm", new Stock(Math.min(WARM, size.objects())));
            alone(node, size.alone());
            var first = firstPage(node);
            step.accept("readers alone");
            figures.note(of(ALONE), alone(node, size.alone()));
            var disk = node.diskBytes().orElseThrow();
            var heap = node.settledHeapBytes();

            step.accept("readers beside an import of " + size.objects() + " objects that is refused at its end");
            Files.write(file, WRONG, StandardOpenOption.APPEND);
            beside(node, file, 422, BESIDE_REFUSED, REFUSED);
            step.accept("readers after it was rolled back");
            figures.note(of(AFTER), alone(node, size.alone()));
            if (!firstPage(node).equals(first)) {
                throw new IOException("after the rollback the first page is not as it was");
            }
            figures.note(of(REFUSED), "disk_bytes", (double) (node.diskBytes().orElseThrow() - disk));
            figures.note(of(REFUSED), "heap_bytes", (double) (node.settledHeapBytes() - heap));
            figures.note(of(LATER), alone(node, size.alone()));

            step.accept("readers beside an import of " + size.objects() + " objects");
            all.write(file);
            beside(node, file, 200, BESIDE, Work.IMPORT.text());
        } finally {
            Files.delete(file);
        }
        return figures.all();
    }

    private Figures.Of of(String work) {
        return new Figures.Of(work, NodeContestant.SQLITE, Map.of("objects", (long) size.objects(), "readers", (long)
                size.readers()));
    }

    private Load.Figures alone(NodeContestant node, Duration time)
            throws IOException, InterruptedException, ExecutionException {
        var until = System.nanoTime() + time.toNanos();
        return read(node, () -> System.nanoTime() - until < 0);
    }

    private void beside(NodeContestant node, Path file, int status, String readers, String work)
            throws IOException, InterruptedException, ExecutionException {
        var began = System.nanoTime();
        var seconds = CompletableFuture.supplyAsync(() -> {
            try (var wire = node.wire()) {
                var answer = wire.upload(OverHttp.path(CATALOG) + "/import", "application/x-ndjson", file);
                if (answer.status() != status) {
                    throw new IOException("answered " + answer.status() + ": " + answer.text());
                }
                return (System.nanoTime() - began) / 1e9;
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        figures.note(of(readers), read(node, () -> !seconds.isDone()));
        figures.note(of(work), "s", seconds.get());
        figures.note(of(work), "per_s", size.objects() / seconds.get());
    }

    /// All pages of the version that is the newest now, again and again.
    private Load.Figures read(NodeContestant node, BooleanSupplier goesOn)
            throws IOException, InterruptedException, ExecutionException {
        var clients = new ArrayList<OverHttp>();
        try {
            for (var reader = 0; reader < size.readers(); reader++) {
                clients.add(node.connect());
            }
            var begin = "&version=" + clients.getFirst().newest(CATALOG);
            var next = new ArrayList<>(clients.stream().map(client -> begin).toList());
            return Load.run(size.readers(), goesOn, (reader, number) -> {
                Optional<String> more = clients.get(reader).page(CATALOG, next.get(reader));
                next.set(reader, more.orElse(begin));
            });
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static String firstPage(NodeContestant node) throws IOException {
        try (var wire = node.wire()) {
            return OverHttp.checked(wire.get(OverHttp.path(CATALOG) + "/objects?version=2&limit=" + PAGE))
                    .text();
        }
    }

    /// The rows of a table: what is to be, and whether it is.
    static List<String[]> goals(List<Figure> figures) {
        var alone = p99(figures, ALONE);
        var goal = Goal.atMost("p99_ms", 2);
        var rows = new ArrayList<String[]>();
        for (var work : List.of(BESIDE_REFUSED, BESIDE, AFTER, LATER)) {
            var times = p99(figures, work) / alone;
            rows.add(new String[] {
                work, Figure.text(times) + "x the p99 alone", goal.text() + "x", goal.isMet(times) ? "met" : "missed"
            });
        }
        return rows;
    }

    private static double p99(List<Figure> figures, String work) {
        return figures.stream()
                .filter(figure -> figure.work().equals(work) && figure.metric().equals("p99_ms"))
                .mapToDouble(Figure::median)
                .findFirst()
                .orElse(Double.NaN);
    }
}
