package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.node.backup.BackupFailed;
import dev.storemesh.node.backup.SiteRestore;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.Ulid;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `storemesh restore`: a home folder from a backup, or the last step after other tools put its storage back.
@Command(
        name = "restore",
        description = "Make a home folder of a backup, while no node uses it. HQ's catalogs begin a new history then;"
                + " without BACKUP that is all that is done, to storage that other tools have put back.")
public final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "BACKUP", arity = "0..1", description = "The folder that `storemesh backup` made.")
    private Optional<Path> backup = Optional.empty();

    @Option(
            names = "--home",
            paramLabel = "DIR",
            required = true,
            description = "The home folder, on this machine; with BACKUP, nothing is there yet.")
    private Path home = Path.of("");

    @Option(names = "--json", description = "Answer with what is there now.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailed {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var history = new HistoryId(Ulid.make(now, new SecureRandom()));
        try {
            print(
                    backup.isPresent()
                            ? SiteRestore.restore(backup.get(), home, history, now)
                            : SiteRestore.goOn(home, history, now));
            return CommandLine.ExitCode.OK;
        } catch (BackupFailed e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(JsonNode restored) {
        var out = command.commandLine().getOut();
        if (json) {
            out.println(restored.toPrettyString());
        } else {
            var table = new TextTable("CATALOG", "VERSION", "HISTORY", "CHAIN");
            for (var catalog : restored.path("catalogs")) {
                table.add(
                        TextTable.field(catalog, "catalog"),
                        TextTable.field(catalog, "version"),
                        TextTable.field(catalog, "history"),
                        TextTable.field(catalog, "chain"));
            }
            table.lines().forEach(out::println);
            out.println(
                    said(restored.path("kind").asText(), restored.path("home").asText()));
        }
        out.flush();
    }

    private static String said(String kind, String place) {
        return kind.equals("hq")
                ? "HQ in " + place + " goes on in a new history. Start it; stores that are DIVERGED then take its state"
                        + " over by `storemesh store resync`, and offer again what it forgot of theirs."
                : "A store in " + place + ". Start it: what HQ has of it comes down, and nothing need be enrolled.";
    }
}
