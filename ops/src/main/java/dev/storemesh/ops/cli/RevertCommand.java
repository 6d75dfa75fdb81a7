package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `storemesh revert`: a write that makes objects what they were.
@Command(
        name = "revert",
        description = "Make a catalog's objects, or some of them, what they were; that is a new version.")
public final class RevertCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--to", required = true, paramLabel = "VERSION", description = "The version they were so at.")
    private long to;

    @Option(names = "--object", paramLabel = "TOKEN", description = "Only this object; again for more.")
    private List<String> objects = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
    private Optional<String> reason = Optional.empty();

    @Override
    public Integer call() throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("to", to);
        if (!objects.isEmpty()) {
            var array = body.putArray("objects");
            objects.forEach(array::add);
        }
        reason.ifPresent(text -> body.put("reason", text));
        var query = Query.of("catalogs", client.neededCatalog(), "revert");
        var answer =
                client.connect().post(query, body, "cli-" + UUID.randomUUID()).body();
        return client.print(
                answer,
                List.of("As it was at version " + to + ", by version " + TextTable.field(answer, "version") + "."));
    }
}
