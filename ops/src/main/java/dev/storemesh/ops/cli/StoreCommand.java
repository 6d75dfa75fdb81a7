package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Endpoint;
import dev.storemesh.ops.api.Locations;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh store`: the stores that follow HQ.
@Command(name = "store", description = "Stores: let them join, see them, suspend and remove them.")
public final class StoreCommand {
    @Command(
            description = "Let a store join: prints a one-time join token and the command to run at the store. "
                    + "Makes the location of that name where there is none.")
    int add(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID", description = "The store's name, such as store-1.") String id,
            @Option(
                            names = "--valid",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            description = "The join token ends after, such as 12h (default: what HQ gives).")
                    Optional<Duration> valid,
            @Option(names = "--no-location", description = "Do not make the location of the store's name.")
                    boolean noLocation)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("store", id).put("catalog", client.neededCatalog());
        valid.ifPresent(span -> body.put("validSeconds", span.toSeconds()));
        var api = client.connect();
        var store = api.post(Query.of("stores"), body).body();
        if (!noLocation) {
            Locations.ensure(api, client.neededCatalog(), id);
        }
        return client.print(store, joinLines(store, api.endpoint()));
    }

    @Command(description = "List all stores: how far behind, how many requests queued, whether its clock is right.")
    int list(@Mixin ClientOptions client) throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("stores").with("catalog", client.catalog());
        var answer = client.connect().get(query).body();
        var table = new TextTable(
                "STORE",
                "CATALOG",
                "LOCATIONS",
                "ENROLLED",
                "STANDING",
                "VERSION",
                "BEHIND",
                "QUEUED",
                "NODE",
                "CLOCK",
                "LAST CONTACT");
        for (var store : answer.path("stores")) {
            table.add(
                    TextTable.field(store, "store"),
                    TextTable.field(store, "catalog"),
                    locations(store),
                    TextTable.field(store, "enrolled"),
                    TextTable.field(store, "standing"),
                    TextTable.field(store, "appliedVersion"),
                    FleetTexts.behind(store),
                    TextTable.field(store, "queued"),
                    TextTable.field(store, "nodeVersion"),
                    FleetTexts.clock(store),
                    TextTable.field(store, "lastContactAt"));
        }
        return client.print(answer, table.lines());
    }

    @Command(description = "Show which stores have a version: did a change arrive everywhere? Exit code 1: not yet.")
    int arrived(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "VERSION", description = "The version that a write answered.") long version)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("stores").with("catalog", client.catalog()).with("version", Optional.of("" + version));
        var answer = client.connect().get(query).body();
        var table = new TextTable("STORE", "HAS IT", "VERSION", "BEHIND", "STANDING", "LAST CONTACT");
        for (var store : answer.path("stores")) {
            table.add(
                    TextTable.field(store, "store"),
                    FleetTexts.arrived(store),
                    TextTable.field(store, "appliedVersion"),
                    FleetTexts.behind(store),
                    TextTable.field(store, "standing"),
                    TextTable.field(store, "lastContactAt"));
        }
        var lines = new ArrayList<>(table.lines());
        lines.add("Version " + version + ": " + answer.path("arrived").asInt() + " have it, "
                + answer.path("missing").asInt() + " do not, "
                + answer.path("unknown").asInt() + " are not known.");
        client.print(answer, lines);
        return answer.path("missing").asInt() + answer.path("unknown").asInt() == 0 ? 0 : 1;
    }

    private static String locations(JsonNode store) {
        var ids = new ArrayList<String>();
        store.path("locations").forEach(id -> ids.add(id.asText()));
        return ids.isEmpty() ? "-" : String.join(", ", ids);
    }

    @Command(description = "Show one store.")
    int show(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id)
            throws CommandFailed, ApiException, InterruptedException {
        var store = client.connect().get(Query.of("stores", id)).body();
        return client.print(store, Fields.lines(store));
    }

    @Command(description = "Keep a store's link out until it is resumed; the store goes on working by itself.")
    int suspend(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id)
            throws CommandFailed, ApiException, InterruptedException {
        var answer = client.connect().post(Query.of("stores", id, "suspend")).body();
        return client.print(answer, List.of("Store " + id + " is suspended: its link is kept out within 5 s."));
    }

    @Command(description = "Let a suspended store's link in again.")
    int resume(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id)
            throws CommandFailed, ApiException, InterruptedException {
        var answer = client.connect().post(Query.of("stores", id, "resume")).body();
        return client.print(answer, List.of("Store " + id + " is let in again."));
    }

    @Command(description = "Remove a store: its link and the tokens of its staff end. It can join anew.")
    int remove(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id)
            throws CommandFailed, ApiException, InterruptedException {
        var answer = client.connect().delete(Query.of("stores", id)).body();
        return client.print(answer, List.of("Store " + id + " is removed: its link is kept out within 5 s."));
    }

    @Command(
            description = "Have a store hold its copy against HQ's, and HQ keep what comes of it. "
                    + "With --repair, a copy that differs is loaded anew, and compared again. "
                    + "With --wait, exit code 1: they differ.")
    int verify(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--repair", description = "Where it differs, load it anew.") boolean repair,
            @Option(names = "--wait", description = "Wait until the store has done it.") boolean wait,
            @Option(
                            names = "--timeout",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            description = "How long to wait (default: 2m).")
                    Optional<Duration> timeout)
            throws CommandFailed, ApiException, InterruptedException {
        var api = client.connect();
        var body = JsonNodeFactory.instance.objectNode().put("repair", repair);
        var answer = api.post(Query.of("stores", id, "verify"), body).body();
        var order = answer.path("order").path("id").asText();
        if (!wait) {
            return client.print(
                    answer, List.of("Ordered: storemesh store verifications " + id + " shows what comes of it."));
        }
        var result = VerificationTexts.await(api, id, order, timeout.orElse(Duration.ofMinutes(2)));
        client.print(result, VerificationTexts.lines(result));
        return result.path("outcome").asText().equals("same") ? 0 : 1;
    }

    @Command(description = "Show what came of holding a store's copy against HQ's, newest first.")
    int verifications(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id)
            throws CommandFailed, ApiException, InterruptedException {
        var answer =
                client.connect().get(Query.of("stores", id, "verifications")).body();
        var table = new TextTable("KEPT", "WHY", "VERSION", "OUTCOME");
        for (var one : answer.path("verifications")) {
            table.add(
                    TextTable.field(one, "keptAt"),
                    TextTable.field(one, "cause"),
                    TextTable.field(one, "version"),
                    VerificationTexts.outcome(one));
        }
        var lines = new ArrayList<>(table.lines());
        if (answer.has("order")) {
            lines.add("Ordered at " + TextTable.field(answer.path("order"), "orderedAt") + ", and not done yet.");
        }
        return client.print(answer, lines);
    }

    @Command(
            description =
                    "At a store: take HQ's state over anew in the place of what the store holds. It goes on answering "
                            + "from that until the new one is whole; queued requests and own values stay.")
    int resync(@Mixin ClientOptions client) throws CommandFailed, ApiException, InterruptedException {
        var answer = client.connect()
                .post(Query.of("catalogs", client.neededCatalog(), "resync"))
                .body();
        return client.print(
                answer,
                List.of(
                        answer.path("asked").asBoolean()
                                ? "The store takes HQ's state over anew as soon as HQ is within reach; "
                                        + "until it is whole, the catalog shows \"loading\"."
                                : "This is HQ: it has nothing to take over."));
    }

    private static List<String> joinLines(JsonNode store, Endpoint hq) {
        var id = TextTable.field(store, "store");
        var token = TextTable.field(store, "joinToken");
        var lines = new ArrayList<String>();
        lines.add(
                "Store " + id + " may join once, until " + TextTable.field(store, "expiresAt") + ", with this token:");
        lines.add("  " + token);
        lines.add("Run at the store:");
        lines.add("  storemesh node --home ./" + id + " --join " + hq.base() + " --token " + token);
        if (hq.isLoopback()) {
            lines.add("That address is this machine's own: from another machine, name the one HQ has in the network;");
            lines.add("on this machine, add --port N, since HQ has its port already.");
        }
        return lines;
    }
}
