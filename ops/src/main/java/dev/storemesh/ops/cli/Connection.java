package dev.storemesh.ops.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.storemesh.ops.api.Endpoint;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Finds out which node is meant, and as whom. What the command line names comes before a node's home folder, that
/// before the environment, that before `http://127.0.0.1:8080` without a token.
final class Connection {
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";
    private static final String PORT_KEY = "storemesh.http.port";

    private Connection() {}

    /// What the command line says about the connection.
    record Given(
            Optional<String> url,
            Optional<String> token,
            Optional<Path> home,
            boolean allowPlainHttp,
            Optional<Path> trust) {}

    static Endpoint resolve(Given given, Map<String, String> environment) throws CommandFailed {
        var url = given.url();
        var token = given.token();
        if (given.home().isPresent()) {
            var home = given.home().get();
            url = url.isPresent() ? url : urlOf(home);
            token = token.isPresent() ? token : Optional.of(operatorToken(home));
        }
        return Endpoint.of(
                url.or(() -> environment(environment, "STOREMESH_URL")).orElse(DEFAULT_URL),
                token.or(() -> environment(environment, "STOREMESH_TOKEN")),
                given.allowPlainHttp(),
                given.trust());
    }

    private static Optional<String> environment(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static String operatorToken(Path home) throws CommandFailed {
        var file = home.resolve("operator.token");
        try {
            var token = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (token.isEmpty()) {
                throw new CommandFailed(file + " is empty (expected: the operator's token)");
            }
            return token;
        } catch (NoSuchFileException e) {
            throw new CommandFailed(
                    file + ": there is no such file (expected: the home of an HQ node that was started before)", e);
        } catch (IOException e) {
            throw new CommandFailed(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /// The address on this machine of the node that lives in `home`, where its own settings say so.
    private static Optional<String> urlOf(Path home) throws CommandFailed {
        var file = home.resolve("storemesh.conf");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var config = parse(file);
            return config.hasPath(PORT_KEY)
                    ? Optional.of("http://127.0.0.1:" + config.getInt(PORT_KEY))
                    : Optional.empty();
        } catch (ConfigException e) {
            throw new CommandFailed(file + ": " + PORT_KEY + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Config parse(Path file) {
        return ConfigFactory.parseFile(file.toFile())
                .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
    }
}
