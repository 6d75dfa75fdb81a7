package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.importer.CatalogImport;
import dev.storemesh.ops.importer.CorePosFolder;
import dev.storemesh.ops.importer.Group;
import dev.storemesh.ops.importer.HttpCatalog;
import dev.storemesh.ops.importer.ImportException;
import dev.storemesh.ops.importer.ImportReport;
import dev.storemesh.ops.importer.SampleCatalog;
import dev.storemesh.ops.process.CommandFailed;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh import`: foreign files into a catalog at HQ.
@Command(
        name = "import",
        description = "Bring lines of JSON, as export writes them, into a catalog at HQ: all of them or none. The"
                + " subcommands bring other files.")
public final class ImportCommand implements Callable<Integer> {
    private static final int SHOWN = 5;

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The lines; packed, if it ends in .gz. -: standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "merge (default): change what the file names; replace: the file is all there is.")
    private Optional<String> mode = Optional.empty();

    @Option(
            names = "--types",
            paramLabel = "TYPES",
            description = "With replace: the types of which objects that the file lacks are deleted, by commas"
                    + " (default: those of the file).")
    private Optional<String> types = Optional.empty();

    @Option(
            names = "--on-refused",
            paramLabel = "WHAT",
            description = "refuse (default): one refused line refuses all; skip: the rest is imported.")
    private Optional<String> onRefused = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
    private Optional<String> reason = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "A name for this import: the same again is not done twice (default: a new one).")
    private Optional<String> key = Optional.empty();

    @Override
    public Integer call() throws CommandFailed, ApiException, InterruptedException {
        var from = file.orElseThrow(() -> client.usage("Missing required parameter: 'FILE'"));
        var query = Query.of("catalogs", client.neededCatalog(), "import")
                .with("mode", mode)
                .with("types", types)
                .with("onRefused", onRefused)
                .with("reason", reason);
        var progress = ProgressBar.of(client.err());
        try {
            var answer = client.connect()
                    .upload(query, Uploads.of(from, progress), key.orElseGet(() -> "cli-" + UUID.randomUUID()))
                    .body();
            progress.end();
            return client.print(answer, lines(answer));
        } finally {
            progress.end();
        }
    }

    private static List<String> lines(JsonNode answer) {
        var counts = answer.path("counts");
        var lines = new ArrayList<String>();
        lines.add("Version " + TextTable.field(answer, "version") + ": "
                + Stream.of("created", "changed", "unchanged", "deleted", "refused")
                        .map(name -> TextTable.field(counts, name) + " " + name)
                        .collect(Collectors.joining(", "))
                + (answer.path("replayed").asBoolean() ? " (it was imported before)." : "."));
        var refused = answer.path("refused");
        refused.valueStream()
                .limit(SHOWN)
                .forEach(line -> lines.add("  line " + TextTable.field(line, "line") + ", "
                        + TextTable.field(line, "object") + ": " + TextTable.field(line, "message")));
        if (refused.size() > SHOWN) {
            lines.add("  and " + (refused.size() - SHOWN) + " more; --json gives them all");
        }
        return lines;
    }

    @Command(name = "core-pos", description = "Import CORE-POS's products.csv and departments.csv.")
    int corePos(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "DIR", description = "The folder with both files.") Path folder,
            @Option(
                            names = "--currency",
                            defaultValue = "USD",
                            paramLabel = "CODE",
                            description = "Of all prices, by ISO 4217 (default: ${DEFAULT-VALUE}).")
                    Currency currency,
            @Option(
                            names = "--zone",
                            defaultValue = "UTC",
                            paramLabel = "ZONE",
                            description = "Of all times, such as America/Chicago (default: ${DEFAULT-VALUE}).")
                    ZoneId zone,
            @Mixin ReportOption report)
            throws CommandFailed, ImportException, InterruptedException {
        if (currency.getDefaultFractionDigits() < 0) {
            throw client.usage("currency: " + currency + " (expected: a currency that has minor units)");
        }
        client.neededCatalog();
        return bring(client, CorePosFolder.read(folder, currency, zone), "import core-pos", report);
    }

    @Command(description = "Import the sample catalog of a small grocery.")
    int sample(@Mixin ClientOptions client, @Mixin ReportOption report)
            throws CommandFailed, ImportException, InterruptedException {
        client.neededCatalog();
        return bring(client, SampleCatalog.read(), "import sample", report);
    }

    /// Where all refusals and remarks go.
    static final class ReportOption {
        @Option(names = "--report", paramLabel = "FILE", description = "Write every refusal and remark there, as CSV.")
        private Optional<Path> file = Optional.empty();
    }

    private static int bring(ClientOptions client, List<Group> groups, String reason, ReportOption report)
            throws CommandFailed, ImportException, InterruptedException {
        ApiClient api = client.connect();
        var target = new HttpCatalog(api, client.neededCatalog());
        var summary = new CatalogImport(target, ProgressBar.of(client.err()), System::nanoTime, reason).run(groups);
        client.print(ImportReport.json(summary), ImportReport.lines(summary));
        if (report.file.isPresent()) {
            ImportReport.write(summary, report.file.get());
        }
        return 0;
    }
}
