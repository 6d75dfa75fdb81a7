package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh namespace`: which app names what.
@Command(name = "namespace", description = "Namespaces: claim them for apps, and see them.")
public final class NamespaceCommand {
    @Command(description = "Give a namespace to an app, in all catalogs and for good.")
    int claim(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "NAMESPACE", description = "Such as com.acme.loyalty.") String namespace,
            @Option(
                            names = "--app",
                            required = true,
                            paramLabel = "APP",
                            description = "The app's name, as its tokens have it.")
                    String app)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("namespace", namespace)
                .put("app", app);
        var claimed = client.connect().post(Query.of("namespaces"), body).body();
        return client.print(
                claimed,
                List.of("Namespace " + TextTable.field(claimed, "namespace") + " belongs to the app "
                        + TextTable.field(claimed, "app") + "."));
    }

    @Command(description = "List all claimed namespaces.")
    int list(@Mixin ClientOptions client) throws CommandFailed, ApiException, InterruptedException {
        var answer = client.connect().get(Query.of("namespaces")).body();
        var table = new TextTable("NAMESPACE", "APP");
        for (var namespace : answer.path("namespaces")) {
            table.add(TextTable.field(namespace, "namespace"), TextTable.field(namespace, "app"));
        }
        return client.print(answer, table.lines());
    }
}
