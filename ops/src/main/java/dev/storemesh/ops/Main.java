package dev.storemesh.ops;

import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.bench.BenchCommand;
import dev.storemesh.ops.cli.BackupCommand;
import dev.storemesh.ops.cli.CatalogCommand;
import dev.storemesh.ops.cli.ExportCommand;
import dev.storemesh.ops.cli.ImportCommand;
import dev.storemesh.ops.cli.LocationCommand;
import dev.storemesh.ops.cli.NamespaceCommand;
import dev.storemesh.ops.cli.NodeCommand;
import dev.storemesh.ops.cli.OverridesCommand;
import dev.storemesh.ops.cli.RequestsCommand;
import dev.storemesh.ops.cli.RestoreCommand;
import dev.storemesh.ops.cli.RevertCommand;
import dev.storemesh.ops.cli.SchemaCommand;
import dev.storemesh.ops.cli.StatusCommand;
import dev.storemesh.ops.cli.StoreCommand;
import dev.storemesh.ops.cli.TokenCommand;
import dev.storemesh.ops.cli.TransactionCommand;
import dev.storemesh.ops.cli.VerifyCommand;
import dev.storemesh.ops.cli.VersionCommand;
import dev.storemesh.ops.demo.DemoCommand;
import dev.storemesh.ops.importer.ImportException;
import dev.storemesh.ops.process.CommandFailed;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `storemesh` program. Exit codes: 0 done, 1 failed (a sentence on standard error), 2 wrongly called.
@Command(
        name = "storemesh",
        description = "The data backbone of a chain of shops.",
        scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = { // every top-level command is registered here, one to a line
            NodeCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            TokenCommand.class,
            StoreCommand.class,
            NamespaceCommand.class,
            CatalogCommand.class,
            LocationCommand.class,
            SchemaCommand.class,
            RevertCommand.class,
            TransactionCommand.class,
            OverridesCommand.class,
            RequestsCommand.class,
            StatusCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            VerifyCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /// The whole command line, ready to execute; made anew for each use.
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((wrong, arguments) -> {
                    var command = wrong.getCommandLine();
                    command.getErr().println("storemesh: " + wrong.getMessage());
                    if (command.getSubcommands().isEmpty()) {
                        var name = command.getCommandSpec().qualifiedName();
                        command.getErr().println("Try '" + name + " --help'.");
                    } else {
                        command.usage(command.getErr());
                    }
                    command.getErr().flush();
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("storemesh: " + sentence(failure));
                    command.getErr().flush();
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static String sentence(Exception failure) {
        if (failure instanceof InterruptedException) {
            return "interrupted";
        }
        var message = Optional.ofNullable(failure.getMessage()).orElse("no more is known");
        var expected = failure instanceof ApiException
                || failure instanceof CommandFailed
                || failure instanceof ImportException;
        return expected ? message : "this is a bug: " + failure.getClass().getSimpleName() + ": " + message;
    }
}
