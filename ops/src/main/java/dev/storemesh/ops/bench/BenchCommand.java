package dev.storemesh.ops.bench;

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

    private static List<String> table(List<Figure> figures) {
        var table = new TextTable("WORK", "SYSTEM", "METRIC", "MEDIAN", "LEAST", "MOST");
        figures.forEach(figure -> table.add(figure.row()));
        return table.lines();
    }
}
