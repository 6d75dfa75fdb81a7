package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
        var version = Math.min(visible(here, catalog), visible(there, catalog));
        var ours = digests(here, catalog, version);
        var answer =
                JsonNodeFactory.instance.objectNode().put("version", version).put("rows", rows(ours));
        var differing = answer.putArray("objects");
        var lines = new ArrayList<String>();
        var same = true;
        if (ours.equals(digests(there, catalog, version))) {
            lines.add("The same at version " + version + ": " + rows(ours) + " rows.");
        } else {
            var mine = objects(here, catalog, version);
            var theirs = objects(there, catalog, version);
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

    private static long visible(ApiClient api, String catalog) throws ApiException, InterruptedException {
        return api.get(Query.of("catalogs", catalog)).body().path("visible").asLong();
    }

    private static JsonNode digests(ApiClient api, String catalog, long version)
            throws ApiException, InterruptedException {
        return api.get(Query.of("catalogs", catalog, "digest").with("version", String.valueOf(version)))
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

    private static Map<String, String> objects(ApiClient api, String catalog, long version)
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
                    .forEach(object -> objects.put(object.path("object").asText(), object.toString()));
            next = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
        } while (next.isPresent());
        return objects;
    }
}
