package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh location`: the places of a catalog that may have values of their own.
@Command(name = "location", description = "Locations: make and see the places that have values of their own.")
public final class LocationCommand {
    @Command(description = "Have a location be this; one that is there already loses what is not given.")
    int add(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID", description = "Its name, such as store-1.") String id,
            @Option(
                            names = "--kind",
                            defaultValue = "store",
                            paramLabel = "KIND",
                            description = "store or virtual (default: ${DEFAULT-VALUE}).")
                    String kind,
            @Option(names = "--name", paramLabel = "TEXT", description = "What people call it.") Optional<String> name,
            @Option(names = "--zone", paramLabel = "ZONE", description = "Its time zone, such as America/Chicago.")
                    Optional<String> zone,
            @Option(names = "--currency", paramLabel = "CODE", description = "Its currency, by ISO 4217.")
                    Optional<String> currency,
            @Option(names = "--group", paramLabel = "GROUP", description = "Rules may name it.") Optional<String> group)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("kind", kind);
        put(body, "name", name);
        put(body, "timeZone", zone);
        put(body, "currency", currency);
        put(body, "group", group);
        var query = Query.of("catalogs", client.neededCatalog(), "locations", id);
        var answer = client.connect().put(query, body).body();
        return client.print(answer, List.of("Location " + id + ", by version " + TextTable.field(answer, "version")));
    }

    private static void put(ObjectNode body, String field, Optional<String> text) {
        text.ifPresent(value -> body.put(field, value));
    }

    @Command(description = "List all locations.")
    int list(@Mixin ClientOptions client) throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "locations");
        var answer = client.connect().get(query).body();
        var table = new TextTable("LOCATION", "KIND", "NAME", "TIME ZONE", "CURRENCY", "GROUP");
        for (var location : answer.path("locations")) {
            table.add(
                    TextTable.field(location, "id"),
                    TextTable.field(location, "kind"),
                    TextTable.field(location, "name"),
                    TextTable.field(location, "timeZone"),
                    TextTable.field(location, "currency"),
                    TextTable.field(location, "group"));
        }
        return client.print(answer, table.lines());
    }
}
