package dev.storemesh.protocol.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.constraint.CaseOutcome.Standing;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs cases through the real decider over one partition in memory.
final class DeciderRunner implements CaseRunner {
    /// The part of a stage's schema, the kind of its objects, and the attribute they are known by.
    private static final Map<String, String> KINDS =
            Map.of("types", "type", "definitions", "definition", "constraints", "constraint", "locations", "location");

    @Override
    public CaseOutcome run(ConformanceCase one) {
        var bench = new CatalogBench();
        bench.run(new Create(Samples.HISTORY, Provenance.of("operator")));
        stage(bench, schema(one));
        stage(bench, array(one.objects().stream().map(DeciderRunner::create)));
        stage(
                bench,
                array(one.objects().stream()
                        .filter(object -> object.path("deleted").booleanValue())
                        .map(object -> Json.object()
                                .put("op", "delete")
                                .put("object", object.path("object").textValue()))));
        one.history().forEach(write -> stage(bench, write.path("operations")));
        var before = standing(bench);
        var tokens = tokens(bench);
        var answer = submit(bench, one.write().path("operations"));
        var schema = bench.standing().schemas().now();
        return switch (answer) {
            case Answer.Accepted accepted -> new CaseOutcome.Accepted(before, standing(bench), schema);
            case Answer.Refused(Refusal.Violations(var violations, var count), var at) ->
                new CaseOutcome.Refused(before, standing(bench), schema, tokens, violations, count);
            default -> throw new AssertionError("neither accepted nor refused by a rule: " + answer);
        };
    }

    private static void stage(CatalogBench bench, JsonNode operations) {
        if (!operations.isEmpty() && !(submit(bench, operations) instanceof Answer.Accepted)) {
            throw new AssertionError("the stage is not accepted: " + submit(bench, operations));
        }
    }

    private static Answer submit(CatalogBench bench, JsonNode operations) {
        var tokens = tokens(bench);
        ArrayNode resolved = operations.deepCopy();
        for (var operation : resolved) {
            var object = operation.path("object").textValue();
            ((ObjectNode) operation).put("object", tokens.getOrDefault(object, object));
        }
        var body = Json.object();
        body.set("operations", resolved);
        return bench.write(WriteJson.operations(Fields.of(body)).toArray(new Operation[0]));
    }

    private static JsonNode schema(ConformanceCase one) {
        return array(ConformanceCase.SCHEMA.stream().flatMap(part -> {
            var kind = Objects.requireNonNull(KINDS.get(part));
            var bodies = one.schema(part);
            return Stream.iterate(0, i -> i < bodies.size(), i -> i + 1)
                    .map(i -> make("#" + kind + i, "sys." + kind, bodies.get(i)));
        }));
    }

    /// The operation that a convenience endpoint would build of this body.
    private static JsonNode make(String name, String type, JsonNode body) {
        var set = JsonNodeFactory.instance.arrayNode();
        body.properties().forEach(field -> {
            var values = field.getValue().isArray() ? field.getValue().valueStream() : Stream.of(field.getValue());
            values.forEach(value -> set.add(
                    Json.object().put("attribute", type + "." + field.getKey()).set("value", value)));
        });
        return Json.object()
                .put("op", "put")
                .put("object", name)
                .put("type", type)
                .set("set", set);
    }

    private static JsonNode create(JsonNode object) {
        return Json.object()
                .put("op", "put")
                .put("object", object.path("object").textValue())
                .put("create", true)
                .put("type", object.path("type").textValue())
                .set("set", object.path("attributes"));
    }

    private static ArrayNode array(Stream<? extends JsonNode> nodes) {
        var array = JsonNodeFactory.instance.arrayNode();
        nodes.forEach(array::add);
        return array;
    }

    /// The tokens of the schema objects by `@kind:name`.
    private static Map<String, String> tokens(CatalogBench bench) {
        return bench.partition()
                .objects()
                .live()
                .filter(object -> object.type().isSchema())
                .collect(Collectors.toMap(
                        DeciderRunner::called, object -> object.token().text()));
    }

    private static String called(VersionedObject object) {
        var type = object.type().text();
        var known = type + (type.equals("sys.location") ? ".id" : ".name");
        return "@" + type.substring("sys.".length()) + ":"
                + attributes(object).stream()
                        .filter(attribute -> attribute.definition().text().equals(known))
                        .map(attribute -> attribute.value() instanceof Value.Text(var text) ? text : "")
                        .findFirst()
                        .orElseThrow();
    }

    private static List<Attribute> attributes(VersionedObject object) {
        return object.live().stream().map(Row::attribute).toList();
    }

    private static Map<String, Standing> standing(CatalogBench bench) {
        return bench.partition()
                .objects()
                .live()
                .filter(object -> !object.type().isSchema())
                .collect(Collectors.toMap(
                        object -> object.token().text(),
                        object -> new Standing(object.type(), Set.copyOf(attributes(object)))));
    }
}
