package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.protocol.install.SchemaWrites;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.schema.Declaration;
import dev.storemesh.protocol.schema.SchemaJson;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh schema`: a catalog's types, definitions and constraints.
@Command(name = "schema", description = "Types, attributes and constraints of a catalog: see and change them.")
public final class SchemaCommand {
    private static final List<SchemaKind> KINDS = List.of(
            SchemaKind.LOCATION,
            SchemaKind.TYPE,
            SchemaKind.DEFINITION,
            SchemaKind.CONSTRAINT,
            SchemaKind.DECISION_RULE);

    private static final List<SchemaKind> LISTED =
            List.of(SchemaKind.TYPE, SchemaKind.DEFINITION, SchemaKind.CONSTRAINT, SchemaKind.DECISION_RULE);

    @Command(description = "List types, definitions, constraints and decision rules.")
    int list(
            @Mixin ClientOptions client,
            @Option(names = "--all", description = "Those of every catalog, too.") boolean all)
            throws CommandFailed, ApiException, InterruptedException {
        var catalog = client.neededCatalog();
        var api = client.connect();
        var schema = JsonNodeFactory.instance.objectNode();
        var table = new TextTable("WHAT", "NAME", "OF", "IS");
        for (var kind : LISTED) {
            var array = schema.putArray(kind.plural());
            for (var entry :
                    api.get(Query.of("catalogs", catalog, kind.path())).body().path(kind.plural())) {
                if (all || !entry.path("standard").asBoolean()) {
                    array.add(entry);
                    table.add(kind.words(), TextTable.field(entry, "name"), carrier(entry), brief(kind, entry));
                }
            }
        }
        return client.print(schema, table.lines());
    }

    private static String carrier(JsonNode entry) {
        return entry.has("definition") ? TextTable.field(entry, "definition") : TextTable.field(entry, "type");
    }

    private static String brief(SchemaKind kind, JsonNode entry) {
        return switch (kind) {
            case DEFINITION ->
                TextTable.field(entry, "valueType")
                        + (entry.path("cardinality").asText().equals("many") ? ", many" : "")
                        + (entry.path("variesByLocation").asBoolean() ? ", by location" : "");
            case CONSTRAINT -> TextTable.field(entry, "kind");
            case DECISION_RULE -> TextTable.field(entry, "decision");
            default -> TextTable.field(entry, "description");
        };
    }

    @Command(description = "Have a catalog's schema contain what a file declares, by one write.")
    int apply(
            @Mixin ClientOptions client,
            @Parameters(
                            paramLabel = "FILE",
                            description =
                                    "JSON with any of: locations, types, definitions, constraints," + " decisionRules.")
                    Path file,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var declared = read(file);
        var catalog = client.neededCatalog();
        var api = client.connect();
        var body = write(declared, present(api, catalog));
        reason.ifPresent(text -> body.put("reason", text));
        var answer = api.post(Query.of("catalogs", catalog, "writes"), body, "cli-" + UUID.randomUUID())
                .body();
        return client.print(
                answer, List.of(declared.size() + " declared, by version " + TextTable.field(answer, "version")));
    }

    private static List<Declaration> read(Path file) throws CommandFailed {
        try {
            var fields = Fields.of(Json.parse(Files.readAllBytes(file)));
            var declared = new ArrayList<Declaration>();
            KINDS.forEach(kind -> declared.addAll(SchemaJson.readAll(kind, fields)));
            fields.end();
            if (declared.isEmpty()) {
                throw new CommandFailed(file + ": nothing is declared.");
            }
            return declared;
        } catch (MalformedInput e) {
            throw new CommandFailed(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailed(file + " cannot be read: " + e, e);
        }
    }

    private static Map<SchemaKind, Map<String, ObjectToken>> present(ApiClient api, String catalog)
            throws ApiException, InterruptedException {
        var all = new EnumMap<SchemaKind, Map<String, ObjectToken>>(SchemaKind.class);
        for (var kind : KINDS) {
            var tokens = new HashMap<String, ObjectToken>();
            var answer = api.get(Query.of("catalogs", catalog, kind.path())).body();
            for (var entry : answer.path(kind.plural())) {
                if (entry.has("object")) {
                    tokens.put(
                            entry.path(kind.key()).asText(),
                            new ObjectToken(entry.path("object").asText()));
                }
            }
            all.put(kind, tokens);
        }
        return all;
    }

    static ObjectNode write(List<Declaration> declared, Map<SchemaKind, Map<String, ObjectToken>> present) {
        var operations = declared.stream()
                .<Operation>map(declaration -> SchemaWrites.replacing(
                        declaration,
                        Optional.ofNullable(present.getOrDefault(declaration.kind(), Map.of())
                                .get(declaration.name())),
                        Optional.empty()))
                .toList();
        var body = JsonNodeFactory.instance.objectNode();
        body.set("operations", WriteJson.write(operations));
        return body;
    }
}
