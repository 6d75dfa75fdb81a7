package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `storemesh status`: how a running node and, at HQ, its stores stand.
@Command(
        name = "status",
        description =
                "Show how a node stands, and at HQ its stores. Exit code 0: fine, 1: something is wrong, 2: not reached.")
public final class StatusCommand implements Callable<Integer> {
    private static final int WRONG = 1;
    private static final int NOT_REACHED = 2;

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws CommandFailed, ApiException, InterruptedException {
        try {
            var api = client.connect();
            var node = api.get(Query.of("status")).body();
            var stores = node.path("role").asText().equals("hq")
                    ? api.get(Query.of("stores")).body().path("stores")
                    : JsonNodeFactory.instance.arrayNode();
            var status = SiteStatus.of(node, stores);
            client.print(status.json(), status.lines());
            return status.isFine() ? 0 : WRONG;
        } catch (ApiException.NoAnswer e) {
            client.err().println(e.getMessage());
            client.err().flush();
            return NOT_REACHED;
        }
    }
}
