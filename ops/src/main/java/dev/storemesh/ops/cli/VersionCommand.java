package dev.storemesh.ops.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `storemesh version`.
@Command(name = "version", description = "Print the version of this program and of Java.")
public final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        out.println(getVersion()[0]);
        out.flush();
        return 0;
    }

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"storemesh " + version() + " (Java " + Runtime.version() + ")"};
    }

    private static String version() throws IOException {
        var properties = new Properties();
        try (var stream = VersionCommand.class.getResourceAsStream("/dev/storemesh/ops/version.properties")) {
            if (stream == null) {
                throw new IllegalStateException("version.properties is missing from this build");
            }
            properties.load(stream);
        }
        return properties.getProperty("version", "unknown");
    }
}
