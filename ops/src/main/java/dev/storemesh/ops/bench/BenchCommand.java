package dev.storemesh.ops.bench;

import dev.storemesh.ops.bench.eav.EavServer;
import dev.storemesh.ops.cli.TextTable;
import dev.storemesh.ops.importer.CorePosFolder;
import dev.storemesh.ops.importer.ImportException;
import dev.storemesh.ops.importer.SampleCatalog;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `storemesh bench`: measures on this machine what the documents state.
@Command(name = "bench", description = "Measure a node on this machine.")
public final class BenchCommand {
    private static final int BEFORE_IMPORT = 20_000;
    private static final List<String> HEAP_OF_IMPORT =
            List.of("-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch", "-Dstoremesh.partition.retire-after=1s");

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Command(description = "Start, idle memory, import, reads and durable writes of one HQ node, over HTTP.")
    int node(
            @Option(
                            names = "--data",
                            paramLabel = "DIR",
                            description = "CORE-POS files to import (default: the sample).")
                    Optional<Path> data,
            @Option(
                            names = "--rounds",
                            defaultValue = "5",
                            paramLabel = "N",
                            description = "Rounds after one of warm-up (default: ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(
                            names = "--seconds",
                            defaultValue = "3",
                            paramLabel = "S",
                            description = "How long each load runs in a round (default: ${DEFAULT-VALUE}).")
                    int seconds,
            @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object per figure and line.")
                    Optional<Path> json)
            throws CommandFailed, ImportException, InterruptedException {
        if (rounds < 1 || seconds < 1) {
            throw new CommandFailed("--rounds and --seconds must be at least 1");
        }
        var goods = data.isPresent()
                ? CorePosFolder.read(data.get(), Currency.getInstance("USD"), ZoneOffset.UTC)
                : SampleCatalog.read();
        var out = command.commandLine().getOut();
        try {
            var folder = Files.createTempDirectory("storemesh-bench-");
            out.println("measuring in " + folder);
            out.flush();
            var figures = new NodeBench(folder, goods, rounds, Duration.ofSeconds(seconds), step -> {
                        out.println("  " + step);
                        out.flush();
                    })
                    .run();
            table(figures).forEach(out::println);
            out.flush();
            if (json.isPresent()) {
                Files.writeString(
                        json.get(),
                        figures.stream().map(figure -> figure.json() + "\n").collect(Collectors.joining()));
            }
            return 0;
        } catch (IOException | SQLException | ExecutionException e) {
            throw new CommandFailed("the measurement failed: " + e.getMessage(), e);
        }
    }

    @Command(
            description = {
                "The same work over HTTP on a node (SQLite, PostgreSQL) and on the same API built by hand on PostgreSQL.",
                "First reads of a catalog (scenarios), then works: import, updates, reads, transactions, disk, memory."
            })
    int catalog(
            @Option(
                            names = "--data",
                            paramLabel = "DIR",
                            description = "The folder of catalog.csv for the reads (default: a generated catalog).")
                    Optional<Path> data,
            @Option(
                            names = "--rounds",
                            defaultValue = "3",
                            paramLabel = "N",
                            description = "Rounds after one of warm-up (default: ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(
                            names = "--seconds",
                            defaultValue = "3",
                            paramLabel = "S",
                            description = "How long each load runs in a round (default: ${DEFAULT-VALUE}).")
                    int seconds,
            @Option(
                            names = "--connections",
                            defaultValue = "8",
                            paramLabel = "N",
                            description = "Of the hand-built side to PostgreSQL (default: ${DEFAULT-VALUE}).")
                    int connections,
            @Option(
                            names = "--only",
                            paramLabel = "WHAT",
                            description =
                                    "reads (all of them), works (all of them), one scenario of the reads, or works"
                                            + " separated by commas; may be given several times (default: everything).")
                    List<String> only,
            @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object per figure and line.")
                    Optional<Path> json)
            throws CommandFailed, InterruptedException {
        if (rounds < 1 || seconds < 1 || connections < 1) {
            throw new CommandFailed("--rounds, --seconds and --connections must be at least 1");
        }
        var chosen = Chosen.of(Optional.ofNullable(only).orElse(List.of()));
        var each = Duration.ofSeconds(seconds);
        var lines = new ArrayList<String>();
        try {
            var folder = Files.createTempDirectory("storemesh-bench-");
            say("measuring in " + folder);
            if (chosen.reads()) {
                var articles = data.isPresent() ? Article.read(data.get()) : Article.generated(Article.AS_MANY);
                var compared = new CatalogBench(
                                Files.createDirectory(folder.resolve("reads")),
                                articles,
                                MeasuredCatalog.Size.FULL,
                                connections,
                                this::step)
                        .run(rounds, each, chosen.scenarios());
                var table = new TextTable(Comparison.HEADS);
                compared.forEach(comparison -> table.add(comparison.row()));
                table.lines().forEach(this::say);
                compared.forEach(comparison -> lines.addAll(comparison.json()));
            }
            if (!chosen.works().isEmpty()) {
                var figures = new WorkBench(
                                Files.createDirectory(folder.resolve("works")),
                                WorkBench.Size.FULL,
                                connections,
                                this::step)
                        .run(rounds, each, chosen.works());
                new WorkTable(figures).lines().forEach(this::say);
                figures.forEach(figure -> lines.add(figure.json().toString()));
            }
            if (json.isPresent()) {
                Files.write(json.get(), lines);
            }
            return 0;
        } catch (IOException | SQLException | ExecutionException e) {
            throw new CommandFailed("the measurement failed: " + e.getMessage(), e);
        }
    }

    @Command(
            description =
                    "What operations cost a node with catalogs of different sizes, over HTTP; SQLite, one client.")
    int scale(
            @Option(
                            names = "--sizes",
                            split = ",",
                            defaultValue = "1000,10000,100000,1000000",
                            paramLabel = "N",
                            description = "Objects of the catalogs, in thousands (default: ${DEFAULT-VALUE}).")
                    List<Integer> sizes,
            @Option(
                            names = "--rounds",
                            defaultValue = "3",
                            paramLabel = "N",
                            description = "Rounds after one of warm-up (default: ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(
                            names = "--seconds",
                            defaultValue = "2",
                            paramLabel = "S",
                            description = "How long each load runs in a round (default: ${DEFAULT-VALUE}).")
                    int seconds,
            @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object per figure and line.")
                    Optional<Path> json)
            throws CommandFailed, InterruptedException {
        if (rounds < 1 || seconds < 1) {
            throw new CommandFailed("--rounds and --seconds must be at least 1");
        }
        if (sizes.stream().anyMatch(size -> size < 1_000 || size % 1_000 != 0)) {
            throw new CommandFailed("--sizes: " + sizes + " (expected: thousands, such as 1000,20000)");
        }
        try {
            var folder = Files.createTempDirectory("storemesh-bench-");
            say("measuring in " + folder);
            var figures = new ScaleBench(folder, sizes, this::step).run(rounds, Duration.ofSeconds(seconds));
            new ScaleTable(figures).lines().forEach(this::say);
            if (json.isPresent()) {
                Files.write(
                        json.get(),
                        figures.stream().map(figure -> figure.json().toString()).toList());
            }
            return 0;
        } catch (IOException | SQLException | ExecutionException e) {
            throw new CommandFailed("the measurement failed: " + e.getMessage(), e);
        }
    }

    @Command(
            description =
                    "How what HQ writes reaches many stores: one change, many changes, a first load, idle stores.")
    int fanout(
            @Option(
                            names = "--stores",
                            defaultValue = "10",
                            paramLabel = "K",
                            description = "How many stores follow (default: ${DEFAULT-VALUE}).")
                    int stores,
            @Option(
                            names = "--rounds",
                            defaultValue = "3",
                            paramLabel = "N",
                            description = "Rounds after one of warm-up (default: ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object per figure and line.")
                    Optional<Path> json)
            throws CommandFailed, InterruptedException {
        if (stores < 1 || rounds < 1) {
            throw new CommandFailed("--stores and --rounds must be at least 1");
        }
        try {
            var folder = Files.createTempDirectory("storemesh-bench-");
            say("measuring in " + folder);
            var figures = new FanoutBench(folder, stores, FanoutBench.Size.FULL, this::step).run(rounds);
            var goals = new TextTable("WORK", "METRIC", "MEDIAN", "GOAL AT 50 STORES", "");
            FanoutBench.goals(figures).forEach(goals::add);
            report(figures, goals, json);
            return 0;
        } catch (IOException | SQLException | ExecutionException e) {
            throw new CommandFailed("the measurement failed: " + e.getMessage(), e);
        }
    }

    @Command(
            name = "offline-day",
            description = "How fast a store's requests of a day without HQ (10 a minute) come to HQ when it is back.")
    int offlineDay(
            @Option(
                            names = "--rounds",
                            defaultValue = "3",
                            paramLabel = "N",
                            description = "Rounds after one of warm-up (default: ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object per figure and line.")
                    Optional<Path> json)
            throws CommandFailed, InterruptedException {
        if (rounds < 1) {
            throw new CommandFailed("--rounds must be at least 1");
        }
        try {
            var folder = Files.createTempDirectory("storemesh-bench-");
            say("measuring in " + folder);
            var figures = new OfflineDayBench(folder, OfflineDayBench.Size.FULL, this::step).run(rounds);
            var goals = new TextTable("WORK", "DECIDED BY", "PER S", "GOAL", "");
            OfflineDayBench.goals(figures).forEach(goals::add);
            report(figures, goals, json);
            return 0;
        } catch (IOException | SQLException | ExecutionException e) {
            throw new CommandFailed("the measurement failed: " + e.getMessage(), e);
        }
    }

    @Command(
            name = "import",
            description =
                    "What readers of a catalog notice of a huge import into it, refused at its end, and committed.")
    int besideImport(
            @Option(
                            names = "--objects",
                            defaultValue = "1000000",
                            paramLabel = "N",
                            description = "Of the import (default: ${DEFAULT-VALUE}).")
                    int objects,
            @Option(
                            names = "--readers",
                            defaultValue = "8",
                            paramLabel = "N",
                            description = "Who read pages meanwhile (default: ${DEFAULT-VALUE}).")
                    int readers,
            @Option(
                            names = "--seconds",
                            defaultValue = "20",
                            paramLabel = "S",
                            description = "How long they read alone (default: ${DEFAULT-VALUE}).")
                    int seconds,
            @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object per figure and line.")
                    Optional<Path> json)
            throws CommandFailed, InterruptedException {
        if (objects < BEFORE_IMPORT || readers < 1 || seconds < 1) {
            throw new CommandFailed("--objects must be at least " + BEFORE_IMPORT + ", --readers and --seconds 1");
        }
        try {
            var folder = Files.createTempDirectory("storemesh-bench-");
            say("measuring in " + folder);
            var size = new BesideImportBench.Size(objects, BEFORE_IMPORT, readers, Duration.ofSeconds(seconds));
            var figures = new BesideImportBench(folder, size, this::step).run(HEAP_OF_IMPORT);
            var goals = new TextTable("WORK", "", "GOAL", "");
            BesideImportBench.goals(figures).forEach(goals::add);
            report(figures, goals, json);
            return 0;
        } catch (IOException | SQLException | ExecutionException e) {
            throw new CommandFailed("the measurement failed: " + e.getMessage(), e);
        }
    }

    private void report(List<Figure> figures, TextTable goals, Optional<Path> json) throws IOException {
        table(figures).forEach(this::say);
        goals.lines().forEach(this::say);
        if (json.isPresent()) {
            Files.write(
                    json.get(),
                    figures.stream().map(figure -> figure.json().toString()).toList());
        }
    }

    @Command(hidden = true, description = "Several stores in one process, for `bench fanout`.")
    int stores(
            @Option(names = "--file", required = true, paramLabel = "FILE", description = "A line for each.") Path file)
            throws CommandFailed, InterruptedException {
        try {
            return FanoutStores.run(file);
        } catch (IOException | ExecutionException e) {
            throw new CommandFailed("the stores failed: " + e.getMessage(), e);
        }
    }

    private void step(String text) {
        say("  " + text);
    }

    private void say(String text) {
        command.commandLine().getOut().println(text);
        command.commandLine().getOut().flush();
    }

    @Command(hidden = true, description = "The hand-built side of `bench catalog`, until the parent process ends.")
    int eav(
            @Option(names = "--jdbc", required = true, paramLabel = "URL", description = "The database.") String jdbc,
            @Option(names = "--port", required = true, paramLabel = "N", description = "TCP port of the API.") int port,
            @Option(names = "--connections", required = true, paramLabel = "N", description = "To the database.")
                    int connections)
            throws CommandFailed, InterruptedException {
        try (var server = EavServer.start(jdbc, port, connections)) {
            command.commandLine().getOut().println("listening on " + server.url());
            command.commandLine().getOut().flush();
            ProcessHandle.current()
                    .parent()
                    .orElseThrow(() -> new CommandFailed("there is no parent process to serve"))
                    .onExit()
                    .get();
            return 0;
        } catch (SQLException | ExecutionException e) {
            throw new CommandFailed("the hand-built side failed: " + e.getMessage(), e);
        }
    }

    private static List<String> table(List<Figure> figures) {
        var table = new TextTable("WORK", "SYSTEM", "METRIC", "MEDIAN", "LEAST", "MOST");
        figures.forEach(figure -> table.add(figure.row()));
        return table.lines();
    }
}
