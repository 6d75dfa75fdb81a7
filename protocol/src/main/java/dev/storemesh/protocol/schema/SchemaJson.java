package dev.storemesh.protocol.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Types, definitions, constraints and locations in JSON: a field for each attribute, under its name without the
/// type's. Decimals are read from numbers as well as from strings, and written as strings.
public final class SchemaJson {
    /// No decimal has more digits.
    private static final int DIGITS = 34;

    private SchemaJson() {}

    /// Reads the fields of a kind and leaves all others to the caller.
    ///
    /// @param named the name where it stands elsewhere, too; then the body need not repeat it
    /// @throws dev.storemesh.protocol.json.MalformedInput naming the field that is not of the form
    public static Declaration read(SchemaKind kind, Fields fields, Optional<String> named) {
        var values = new TreeMap<DefinitionName, List<Literal>>();
        for (var attribute : kind.attributes()) {
            var field = kind.field(attribute);
            fields.optional(field)
                    .ifPresent(node -> values.put(
                            attribute.name(),
                            attribute.isSet()
                                    ? fields.list(field, (one, pointer) -> member(fields, field, one))
                                    : List.of(literal(attribute.type(), fields, field, node))));
        }
        var name = fields.optionalText(kind.key()).or(() -> named).orElseThrow(() -> fields.missing(kind.key()));
        if (named.filter(other -> !other.equals(name)).isPresent()) {
            throw fields.wrong(kind.key(), "that of the path, or be left out");
        }
        values.put(kind.naming(), List.of(new Literal.Text(name)));
        return new Declaration(kind, name, values);
    }

    /// The elements of an array field, each of which is a declaration.
    public static List<Declaration> readAll(SchemaKind kind, Fields fields) {
        return fields.list(kind.plural(), (node, pointer) -> {
            var inner = Fields.of(node, pointer);
            var declaration = read(kind, inner, Optional.empty());
            inner.end();
            return declaration;
        });
    }

    private static Literal literal(ValueType type, Fields fields, String field, JsonNode node) {
        return switch (type) {
            case BOOLEAN -> new Literal.Flag(fields.flag(field, false));
            case INTEGER -> new Literal.Whole(fields.number(field));
            case DECIMAL -> new Literal.Text(node.isNumber() ? plain(fields, field, node) : text(fields, field, node));
            default -> new Literal.Text(fields.text(field));
        };
    }

    private static String text(Fields fields, String field, JsonNode node) {
        if (!node.isTextual()) {
            throw fields.wrong(field, "a number, or a decimal as a string");
        }
        return node.textValue();
    }

    private static String plain(Fields fields, String field, JsonNode node) {
        var number = node.decimalValue();
        if (number.precision() > DIGITS || Math.abs((long) number.scale()) > DIGITS) {
            throw fields.wrong(field, "a number of few digits");
        }
        return number.signum() == 0 ? "0" : number.toPlainString();
    }

    /// A value that a constraint lists, as text.
    private static Literal member(Fields fields, String field, JsonNode node) {
        if (node.isNumber()) {
            return new Literal.Text(plain(fields, field, node));
        }
        if (!node.isTextual() && !node.isBoolean()) {
            throw fields.wrong(field, "an array of strings, numbers or booleans");
        }
        return new Literal.Text(node.asText());
    }

    /// The name first, then the other fields in order.
    public static ObjectNode write(Declaration declaration) {
        var kind = declaration.kind();
        var node = Json.object().put(kind.key(), declaration.name());
        for (var attribute : kind.attributes()) {
            var literals = declaration.values().getOrDefault(attribute.name(), List.of());
            if (attribute.isSet() && !literals.isEmpty()) {
                var array = node.putArray(kind.field(attribute));
                literals.forEach(literal -> array.add(LiteralJson.write(literal)));
            } else if (!literals.isEmpty()) {
                node.set(kind.field(attribute), LiteralJson.write(literals.getFirst()));
            }
        }
        return node;
    }
}
