package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.storemesh.node.backup.BackupFailed;
import dev.storemesh.node.backup.SiteBackup;
import dev.storemesh.node.site.ProgramVersion;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `storemesh backup`: a copy of a home folder, while its node runs.
@Command(
        name = "backup",
        description = "Back up a home folder in SQLite, while its node runs or not; or check a backup.")
public final class BackupCommand implements Callable<Integer> {
    private static final String SITE_ID = "storemesh.site.id";

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "The folder that becomes the backup; or, with --check, that is one.")
    private Path folder = Path.of("");

    @Option(names = "--home", paramLabel = "DIR", description = "The home folder to back up, on this machine.")
    private Optional<Path> home = Optional.empty();

    @Option(names = "--check", description = "Look whether DIR is what it was when it was made.")
    private boolean check;

    @Option(names = "--json", description = "Answer with the backup's manifest.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailed {
        if (check == home.isPresent()) {
            throw new ParameterException(command.commandLine(), "Expected one of --home=DIR and --check");
        }
        try {
            var manifest = home.isPresent() ? take(home.get()) : SiteBackup.verify(folder);
            print(manifest);
            return CommandLine.ExitCode.OK;
        } catch (BackupFailed e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private JsonNode take(Path from) throws CommandFailed, BackupFailed {
        return SiteBackup.take(
                from, folder, site(from), ProgramVersion.text(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    /// A store has its id from HQ, HQ from its settings.
    private static String site(Path home) throws CommandFailed {
        var link = home.resolve("link.json");
        var settings = home.resolve("storemesh.conf").toFile();
        try {
            if (Files.exists(link)) {
                return Json.parse(Files.readAllBytes(link)).path("store").asText();
            }
            var config = ConfigFactory.parseFile(settings)
                    .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
            return config.hasPath(SITE_ID) ? config.getString(SITE_ID) : "hq";
        } catch (IOException | IllegalArgumentException | ConfigException e) {
            throw new CommandFailed("The id of the site in " + home + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void print(JsonNode manifest) {
        var out = command.commandLine().getOut();
        if (json) {
            out.println(manifest.toPrettyString());
        } else {
            var table = new TextTable("CATALOG", "VERSION", "HISTORY", "CHAIN");
            for (var catalog : manifest.path("catalogs")) {
                table.add(
                        TextTable.field(catalog, "catalog"),
                        TextTable.field(catalog, "version"),
                        TextTable.field(catalog, "history"),
                        TextTable.field(catalog, "chain"));
            }
            table.lines().forEach(out::println);
            out.println("Backup of " + TextTable.field(manifest, "site") + " in " + folder + ", of "
                    + TextTable.field(manifest, "takenAt") + ": checked, and whole.");
        }
        out.flush();
    }
}
