package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
    /// What a location says of itself, beside its id and kind.
    static final class Details {
        @Option(names = "--name", paramLabel = "TEXT", description = "What people call it.")
        private Optional<String> name = Optional.empty();

        @Option(names = "--zone", paramLabel = "ZONE", description = "Its time zone, such as America/Chicago.")
        private Optional<String> zone = Optional.empty();

        @Option(names = "--currency", paramLabel = "CODE", description = "Its currency, by ISO 4217.")
        private Optional<String> currency = Optional.empty();

        @Option(names = "--group", paramLabel = "GROUP", description = "Rules and reports may name it.")
        private Optional<String> group = Optional.empty();

        @Option(
                names = "--store",
                paramLabel = "STORE",
                description = "The store whose site serves it (without it: the one of the location's name).")
        private Optional<String> store = Optional.empty();

        private ObjectNode body() {
            var body = JsonNodeFactory.instance.objectNode();
            name.ifPresent(text -> body.put("name", text));
            zone.ifPresent(text -> body.put("timeZone", text));
            currency.ifPresent(text -> body.put("currency", text));
            group.ifPresent(text -> body.put("group", text));
            store.ifPresent(text -> body.put("store", text));
            return body;
        }
    }

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
            @Mixin Details details)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "locations", id);
        return written(
                client,
                id,
                client.connect().put(query, details.body().put("kind", kind)).body());
    }

    @Command(description = "Change what is given of a location that is there; the rest of it stays.")
    int set(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID", description = "Its name, such as store-1.") String id,
            @Mixin Details details)
            throws CommandFailed, ApiException, InterruptedException {
        var locations = Query.of("catalogs", client.neededCatalog(), "locations");
        return written(
                client,
                id,
                client.connect().post(locations, details.body().put("id", id)).body());
    }

    private static int written(ClientOptions client, String id, JsonNode answer) {
        return client.print(answer, List.of("Location " + id + ", by version " + TextTable.field(answer, "version")));
    }

    @Command(description = "List locations: all, those of a group, or those that a store serves.")
    int list(
            @Mixin ClientOptions client,
            @Option(names = "--group", paramLabel = "GROUP", description = "Only those of this group.")
                    Optional<String> group,
            @Option(names = "--store", paramLabel = "STORE", description = "Only those that this store serves.")
                    Optional<String> store)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "locations")
                .with("group", group)
                .with("store", store);
        var answer = client.connect().get(query).body();
        var table = new TextTable("LOCATION", "KIND", "NAME", "TIME ZONE", "CURRENCY", "GROUP", "STORE");
        for (var location : answer.path("locations")) {
            table.add(
                    TextTable.field(location, "id"),
                    TextTable.field(location, "kind"),
                    TextTable.field(location, "name"),
                    TextTable.field(location, "timeZone"),
                    TextTable.field(location, "currency"),
                    TextTable.field(location, "group"),
                    TextTable.field(location, "store"));
        }
        return client.print(answer, table.lines());
    }
}
