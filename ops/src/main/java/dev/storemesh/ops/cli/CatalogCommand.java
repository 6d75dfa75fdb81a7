package dev.storemesh.ops.cli;

import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `storemesh catalog`: a merchant's objects and their history, as a whole.
@Command(name = "catalog", description = "Catalogs: make and look at them.")
public final class CatalogCommand {
    @Command(description = "Make a catalog at HQ; one that is there already stays as it is.")
    int create(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "CATALOG", arity = "0..1", description = "Its name, or by --catalog.")
                    Optional<String> name)
            throws CommandFailed, ApiException, InterruptedException {
        var catalog = name.orElseGet(client::neededCatalog);
        var answer = client.connect().put(Query.of("catalogs", catalog));
        return client.print(answer.body(), Fields.lines(answer.body()));
    }

    @Command(description = "Show a catalog's versions and counts.")
    int show(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "CATALOG", arity = "0..1", description = "Its name, or by --catalog.")
                    Optional<String> name)
            throws CommandFailed, ApiException, InterruptedException {
        var catalog = name.orElseGet(client::neededCatalog);
        var answer = client.connect().get(Query.of("catalogs", catalog));
        return client.print(answer.body(), Fields.lines(answer.body()));
    }
}
