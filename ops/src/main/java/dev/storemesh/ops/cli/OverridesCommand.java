package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh overrides`: where stores differ from what is global.
@Command(
        name = "overrides",
        description = "Where stores differ from the global values: list, show, clear, set everywhere.")
public final class OverridesCommand {
    private static final String PAGE_LIMIT = "1000";

    @Command(description = "List what stores have in place of the global values.")
    int list(
            @Mixin ClientOptions client,
            @Option(names = "--attribute", paramLabel = "NAME", description = "Only those of one attribute.")
                    Optional<String> attribute,
            @Option(names = "--location", paramLabel = "ID", description = "Only those of one place.")
                    Optional<String> location,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only those of one type's objects.")
                    Optional<String> type,
            @Option(names = "--all", description = "Those too that repeat the global value.") boolean all)
            throws CommandFailed, ApiException, InterruptedException {
        var catalog = client.neededCatalog();
        var found = everyPage(
                client.connect(),
                "overrides",
                () -> Query.of("catalogs", catalog, "overrides")
                        .with("attribute", attribute)
                        .with("location", location)
                        .with("type", type)
                        .with("all", all ? Optional.of("true") : Optional.empty()));
        var table = new TextTable("OBJECT", "ATTRIBUTE", "LOCATION", "THERE", "GLOBAL", "SINCE", "BY", "REASON");
        for (var override : found.path("overrides")) {
            table.add(
                    TextTable.field(override, "object"),
                    TextTable.field(override, "attribute"),
                    TextTable.field(override, "location"),
                    brief(override.path("values")),
                    brief(override.path("global")),
                    TextTable.field(override, "at"),
                    TextTable.field(override, "caller"),
                    TextTable.field(override, "reason"));
        }
        return client.print(found, table.lines());
    }

    @Command(description = "Show one object: the global values and the stores' own, side by side.")
    int show(@Mixin ClientOptions client, @Parameters(paramLabel = "TOKEN") String token)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "objects", token, "overrides");
        var answer = client.connect().get(query).body();
        var table = new TextTable("ATTRIBUTE", "LOCATION", "VALUE", "SINCE", "BY");
        for (var attribute : answer.path("attributes")) {
            table.add(TextTable.field(attribute, "attribute"), "", brief(attribute.path("global")), "", "");
            for (var override : attribute.path("overrides")) {
                table.add(
                        "",
                        TextTable.field(override, "location"),
                        brief(override.path("values"))
                                + (override.path("differs").asBoolean() ? "" : " (the same)"),
                        TextTable.field(override, "at"),
                        TextTable.field(override, "caller"));
            }
        }
        var lines = new ArrayList<>(table.lines());
        if (!answer.path("missingAt").isEmpty()) {
            var places = new StringJoiner(", ");
            answer.path("missingAt").forEach(place -> places.add(place.asText()));
            lines.add("Not shown at " + places + ".");
        }
        return client.print(answer, lines);
    }

    @Command(description = "List the objects that a place does not show although others do.")
    int missing(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "LOCATION") String location,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only those of one type.")
                    Optional<String> type)
            throws CommandFailed, ApiException, InterruptedException {
        var catalog = client.neededCatalog();
        var found = everyPage(
                client.connect(),
                "objects",
                () -> Query.of("catalogs", catalog, "missing")
                        .with("location", location)
                        .with("type", type));
        var table = new TextTable("OBJECT", "TYPE");
        found.path("objects")
                .forEach(object -> table.add(TextTable.field(object, "object"), TextTable.field(object, "type")));
        return client.print(found, table.lines());
    }

    @Command(description = "End overrides by one write: those places show the global values then.")
    int clear(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "TOKEN", arity = "0..*", description = "Of these objects only.")
                    List<String> tokens,
            @Option(names = "--attribute", paramLabel = "NAME", description = "Only those of one attribute.")
                    Optional<String> attribute,
            @Option(names = "--location", paramLabel = "ID", description = "Only those of one place.")
                    Optional<String> location,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only those of one type's objects.")
                    Optional<String> type,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        if (tokens != null && !tokens.isEmpty()) {
            tokens.forEach(body.putArray("objects")::add);
        }
        attribute.ifPresent(text -> body.put("attribute", text));
        location.ifPresent(text -> body.put("location", text));
        type.ifPresent(text -> body.put("type", text));
        reason.ifPresent(text -> body.put("reason", text));
        if (!body.has("objects") && !body.has("attribute") && !body.has("location")) {
            throw client.usage("Say which: TOKEN, --attribute or --location");
        }
        return write(client, "clear", body);
    }

    @Command(name = "set-everywhere", description = "Give an attribute of an object the same value at every place.")
    int setEverywhere(
            @Mixin ClientOptions client,
            @Parameters(index = "0", paramLabel = "TOKEN") String token,
            @Parameters(index = "1", paramLabel = "ATTRIBUTE") String attribute,
            @Parameters(
                            index = "2..*",
                            arity = "1..*",
                            paramLabel = "VALUE",
                            description = "In JSON, such as '{\"amount\": 350, \"currency\": \"USD\"}'; else a text.")
                    List<String> values,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("object", token).put("attribute", attribute);
        values.forEach(value -> body.withArray("values").add(value(value)));
        reason.ifPresent(text -> body.put("reason", text));
        return write(client, "set-everywhere", body);
    }

    /// What is no JSON of a value is a text.
    private static JsonNode value(String text) {
        try {
            var parsed = Json.parse(text);
            return parsed.isObject() || parsed.isIntegralNumber() || parsed.isBoolean() || parsed.isTextual()
                    ? parsed
                    : TextNode.valueOf(text);
        } catch (IllegalArgumentException e) {
            return TextNode.valueOf(text);
        }
    }

    private static int write(ClientOptions client, String verb, ObjectNode body)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "overrides", verb);
        var answer =
                client.connect().post(query, body, "cli-" + UUID.randomUUID()).body();
        var sentence = answer.has("changeRequest")
                ? "Asked of HQ by " + TextTable.field(answer, "changeRequest") + "."
                : TextTable.field(answer, "ended") + " overrides ended, by version "
                        + TextTable.field(answer, "version") + ".";
        return client.print(answer, List.of(sentence));
    }

    private static ObjectNode everyPage(ApiClient api, String field, Supplier<Query> query)
            throws ApiException, InterruptedException {
        var all = JsonNodeFactory.instance.objectNode();
        var list = all.putArray(field);
        Optional<String> next = Optional.empty();
        do {
            var page = api.get(query.get().with("limit", PAGE_LIMIT).with("page", next))
                    .body();
            page.path(field).forEach(list::add);
            all.set("version", page.path("version"));
            next = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
        } while (next.isPresent());
        return all;
    }

    /// Such as `375 USD`, in minor units, as everywhere.
    private static String brief(JsonNode values) {
        var parts = new StringJoiner(", ");
        values.forEach(value -> parts.add(
                value.isObject()
                        ? value.path("amount").asText() + " "
                                + value.path("currency").asText()
                        : value.asText()));
        return parts.toString();
    }
}
