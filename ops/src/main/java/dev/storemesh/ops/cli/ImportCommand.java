package dev.storemesh.ops.cli;

import dev.storemesh.ops.api.ApiClient;
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
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh import`: foreign files into a catalog at HQ.
@Command(
        name = "import",
        description = "Bring product files into a catalog at HQ; again, it changes only what differs.")
public final class ImportCommand {
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
