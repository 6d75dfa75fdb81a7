package dev.storemesh.ops.cli;

import dev.storemesh.node.NodeMain;
import dev.storemesh.node.site.Join;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.protocol.value.StoreId;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `storemesh node`: runs HQ's or a store's server in this process until it is told to stop.
@Command(name = "node", description = "Run a node: HQ, or with --join a store that follows it.")
public final class NodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--home",
            required = true,
            paramLabel = "DIR",
            description = "The node's folder: database, credentials, storemesh.conf. Made at the first start.")
    private Path home = Path.of("");

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Id of this site (storemesh.site.id); a store gets its own from HQ.")
    private Optional<String> id = Optional.empty();

    @Option(names = "--port", paramLabel = "N", description = "TCP port of the API (storemesh.http.port).")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--join", paramLabel = "URL", description = "HQ's address, at the first start of a store.")
    private Optional<URI> join = Optional.empty();

    @Option(names = "--token", paramLabel = "TOKEN", description = "The join token that `store add` printed at HQ.")
    private Optional<String> token = Optional.empty();

    @Option(
            names = "--location",
            paramLabel = "STORE",
            description = "At HQ: run the store of this id in the same process, with a folder in DIR.")
    private Optional<String> location = Optional.empty();

    @Option(
            names = "--location-catalog",
            paramLabel = "NAME",
            description = "The catalog that it follows; needed at its first start.")
    private Optional<String> locationCatalog = Optional.empty();

    @Option(names = "--location-port", paramLabel = "N", description = "TCP port of its API (default: HQ's + 1).")
    private Optional<Integer> locationPort = Optional.empty();

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "Any setting, such as -Dstoremesh.http.bind=0.0.0.0.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() throws CommandFailed {
        if (location.isPresent()) {
            if (join.isPresent()) {
                throw new ParameterException(command.commandLine(), "--location is for HQ, and --join makes a store");
            }
            StoreAtHq.of(home, overrides(), id(location.get()), locationCatalog, locationPort)
                    .start();
        }
        return NodeMain.run(home, joining(), overrides());
    }

    private String id(String text) {
        try {
            return new StoreId(text).text();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--location: " + e.getMessage(), e);
        }
    }

    private Optional<Join> joining() {
        if (join.isPresent() != token.isPresent()) {
            throw new ParameterException(command.commandLine(), "--join and --token go together");
        }
        try {
            return join.map(hq -> new Join(hq, token.orElseThrow()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--join: " + e.getMessage(), e);
        }
    }

    private Map<String, String> overrides() {
        var overrides = new LinkedHashMap<>(settings);
        id.ifPresent(name -> overrides.put("storemesh.site.id", name));
        port.ifPresent(number -> overrides.put("storemesh.http.port", Integer.toString(number)));
        return overrides;
    }
}
