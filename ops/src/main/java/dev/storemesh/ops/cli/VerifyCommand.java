package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `storemesh verify`: whether two sites hold the same at one version, and if not, in which objects they differ.
@Command(
        name = "verify",
        description = "Hold a site's catalog against another's, at the newest version that both have.")
public final class VerifyCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int SHOWN = 100;
    private static final String PAGE_LIMIT = "1000";

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(
            names = "--against",
            required = true,
            paramLabel = "URL",
            description = "The other site, such as HQ, where --url or --home is a store.")
    private String against = "";

    @Option(
            names = "--against-token",
            paramLabel = "TOKEN",
            description = "Who we are there (else --token, else STOREMESH_TOKEN).")
    private Optional<String> againstToken = Optional.empty();

    @Option(names = "--against-home", paramLabel = "DIR", description = "Its home, where it is on this machine.")
    private Optional<Path> againstHome = Optional.empty();

    @Override
    public Integer call() throws CommandFailed, ApiException, InterruptedException {
        var catalog = client.neededCatalog();
        var here = client.connect();
        var there = client.connect(against, againstToken, againstHome);
        var head = head(here, catalog);
        var thatHead = head(there, catalog);
        var version =
                Math.min(head.path("visible").asLong(), thatHead.path("visible").asLong());
        var location = both(location(head), location(thatHead));
        var ours = digests(here, catalog, version, location);
        var answer =
                JsonNodeFactory.instance.objectNode().put("version", version).put("rows", rows(ours));
        location.ifPresent(place -> answer.putObject("scope").put("location", place));
        var differing = answer.putArray("objects");
        var lines = new ArrayList<String>();
        var same = true;
        if (ours.equals(digests(there, catalog, version, location))) {
            lines.add("The same at version " + version + ": " + rows(ours) + " rows"
                    + location.map(place -> ", of what is global and at " + place)
                            .orElse("") + ".");
        } else {
            var mine = objects(here, catalog, version, location);
            var theirs = objects(there, catalog, version, location);
            var table = new TextTable("OBJECT", "HERE", "THERE");
            theirs.keySet().forEach(object -> mine.putIfAbsent(object, ""));
            mine.forEach((object, text) -> {
                var other = theirs.getOrDefault(object, "");
                if (!text.equals(other)) {
                    differing.add(object);
                    if (differing.size() <= SHOWN) {
                        table.add(
                                object,
                                text.isEmpty() ? "is missing" : "differs",
                                other.isEmpty() ? "is missing" : "differs");
                    }
                }
            });
            same = false;
            lines.add("Different at version " + version + ", in " + differing.size() + " objects.");
            lines.addAll(table.lines());
        }
        client.print(answer.put("same", same), lines);
        return same ? 0 : DIFFERENT;
    }

    private static JsonNode head(ApiClient api, String catalog) throws ApiException, InterruptedException {
        return api.get(Query.of("catalogs", catalog)).body();
    }

    /// What a site holds is what is global and at this location; empty: all.
    private static Optional<String> location(JsonNode head) {
        return Optional.ofNullable(head.path("scope").get("location")).map(JsonNode::asText);
    }

    /// What both sites hold.
    private static Optional<String> both(Optional<String> here, Optional<String> there) throws CommandFailed {
        if (here.isPresent() && there.isPresent() && !here.equals(there)) {
            throw new CommandFailed("the sites hold different parts of the catalog: what is at " + here.get()
                    + " here, what is at " + there.get() + " there (expected: hold each against HQ)");
        }
        return here.or(() -> there);
    }

    private static JsonNode digests(ApiClient api, String catalog, long version, Optional<String> location)
            throws ApiException, InterruptedException {
        return api.get(Query.of("catalogs", catalog, "digest")
                        .with("version", String.valueOf(version))
                        .with("location", location))
                .body()
                .path("digests");
    }

    private static long rows(JsonNode digests) {
        var rows = 0L;
        for (var digest : digests) {
            rows += digest.path("rows").asLong();
        }
        return rows;
    }

    /// As they are where only what is global and at one location is held; in which version they changed last only a
    /// site can tell that holds all.
    private static JsonNode held(JsonNode object, Optional<String> location) {
        if (location.isEmpty() || !(object instanceof ObjectNode node)) {
            return object;
        }
        var attributes = JsonNodeFactory.instance.arrayNode();
        for (var row : node.path("attributes")) {
            if (!row.has("location") || row.path("location").asText().equals(location.get())) {
                attributes.add(row);
            }
        }
        node.remove("version");
        return node.set("attributes", attributes);
    }

    private static Map<String, String> objects(ApiClient api, String catalog, long version, Optional<String> location)
            throws ApiException, InterruptedException {
        var objects = new TreeMap<String, String>();
        Optional<String> next = Optional.empty();
        do {
            var query = Query.of("catalogs", catalog, "objects")
                    .with("version", String.valueOf(version))
                    .with("limit", PAGE_LIMIT)
                    .with("page", next);
            var page = api.get(query).body();
            page.path("objects")
                    .forEach(object -> objects.put(
                            object.path("object").asText(),
                            held(object, location).toString()));
            next = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
        } while (next.isPresent());
        return objects;
    }
}
