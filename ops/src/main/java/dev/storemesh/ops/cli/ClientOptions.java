package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.Endpoint;
import dev.storemesh.ops.process.CommandFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What every command takes that talks to a node, and how it answers.
final class ClientOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The node's address (else STOREMESH_URL, else http://127.0.0.1:8080).")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Who we are there (else STOREMESH_TOKEN, which other users of this machine cannot see).")
    private Optional<String> token = Optional.empty();

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Home of an HQ node on this machine: takes its operator.token and port.")
    private Optional<Path> home = Optional.empty();

    @Option(names = "--catalog", paramLabel = "CATALOG", description = "The catalog that is meant.")
    private Optional<String> catalog = Optional.empty();

    @Option(names = "--json", description = "Answer in JSON, as the API gives it.")
    private boolean json;

    @Option(
            names = "--allow-plain-http",
            description = "Send the token unencrypted to another machine: the network between is trusted.")
    private boolean allowPlainHttp;

    @Option(
            names = "--trust",
            paramLabel = "PEM",
            description = "Certificates of a private authority to trust instead of the well-known ones.")
    private Optional<Path> trust = Optional.empty();

    ApiClient connect() throws CommandFailed {
        try {
            return new ApiClient(endpoint());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    /// Another node, on the same terms.
    ApiClient connect(String otherUrl, Optional<String> otherToken, Optional<Path> otherHome) throws CommandFailed {
        try {
            var who = otherHome.isPresent() ? otherToken : otherToken.or(() -> token);
            var given = new Connection.Given(Optional.of(otherUrl), who, otherHome, allowPlainHttp, trust);
            return new ApiClient(Connection.resolve(given, System.getenv()));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Endpoint endpoint() throws CommandFailed {
        return Connection.resolve(new Connection.Given(url, token, home, allowPlainHttp, trust), System.getenv());
    }

    Optional<String> catalog() {
        return catalog;
    }

    String neededCatalog() {
        return catalog.orElseThrow(() -> usage("Missing required option: '--catalog=CATALOG'"));
    }

    /// A complaint about the command line itself: printed with the usage, exit code 2.
    ParameterException usage(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }

    boolean json() {
        return json;
    }

    /// Prints the answer: JSON if that was asked for, else the lines.
    int print(JsonNode answer, List<String> lines) {
        if (json) {
            out().println(answer.toPrettyString());
        } else {
            lines.forEach(line -> out().println(line));
        }
        out().flush();
        return CommandLine.ExitCode.OK;
    }
}
