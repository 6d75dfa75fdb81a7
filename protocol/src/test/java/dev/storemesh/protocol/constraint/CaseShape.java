package dev.storemesh.protocol.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.protocol.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What is left of a case when its literals are taken away and its names are numbered by first use: two cases of one
/// shape differ in a literal or a name only, and count as one.
final class CaseShape {
    private static final Set<String> LITERALS = Set.of(
            "min", "max", "pattern", "value", "maxBytes", "message", "description", "timeZone", "currency", "count");
    private static final Set<String> NAMES = Set.of(
            "name", "type", "definition", "target", "group", "id", "object", "attribute", "location", "constraint");
    private final Map<String, String> numbered = new HashMap<>();

    private CaseShape() {}

    static String of(ConformanceCase one) {
        var shape = new CaseShape();
        var whole = Json.object();
        for (var part : ConformanceCase.SCHEMA) {
            whole.set(part, shape.of(array(one.schema(part)), part));
        }
        whole.set("objects", shape.of(array(one.objects()), "objects"));
        whole.set("history", shape.of(array(one.history()), "history"));
        whole.set("write", shape.of(one.write(), "write"));
        whole.set("expect", shape.of(one.expect(), "expect"));
        return Json.text(whole);
    }

    private static ArrayNode array(Iterable<JsonNode> nodes) {
        var array = JsonNodeFactory.instance.arrayNode();
        nodes.forEach(array::add);
        return array;
    }

    private JsonNode of(JsonNode node, String field) {
        if (LITERALS.contains(field)) {
            return kind(node);
        }
        if (node.isObject()) {
            var attribute = node.path("attribute").asText();
            var shape = Json.object();
            node.properties()
                    .forEach(property -> shape.set(
                            property.getKey(),
                            property.getKey().equals("value") && isOfSchema(attribute)
                                    ? of(property.getValue(), attribute.substring(attribute.lastIndexOf('.') + 1))
                                    : of(property.getValue(), property.getKey())));
            return shape;
        }
        if (node.isArray()) {
            var shape = JsonNodeFactory.instance.arrayNode();
            node.forEach(entry -> shape.add(of(entry, field)));
            return shape;
        }
        return node.isTextual() && NAMES.contains(field)
                ? JsonNodeFactory.instance.textNode(numbered(node.textValue()))
                : node;
    }

    private static boolean isOfSchema(String attribute) {
        return attribute.startsWith("sys.") && !attribute.equals("sys.enabled");
    }

    private static JsonNode kind(JsonNode literal) {
        return JsonNodeFactory.instance.textNode(literal.getNodeType().name());
    }

    /// Standard names say what they are; all others are just different from each other.
    private String numbered(String name) {
        if (name.startsWith("retail.") || name.startsWith("sys.")) {
            return name;
        }
        return numbered.computeIfAbsent(name, unused -> "name " + numbered.size());
    }
}
