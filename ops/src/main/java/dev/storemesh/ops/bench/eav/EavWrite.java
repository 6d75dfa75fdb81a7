package dev.storemesh.ops.bench.eav;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.Pointer;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One write as the tables take it: checked by the standard schema as far as that needs no look at them. Of
/// operations there are `put` with values, which makes an object or changes one; all values are global.
public record EavWrite(List<Made> made, List<Cell> changed, Optional<String> reason) {
    private static final int SPARE_BITS = 20; // objects of one hash, as good as always, get different ids

    public EavWrite {
        made = List.copyOf(made);
        changed = List.copyOf(changed);
    }

    /// A new object.
    record Made(String token, long id, int type, List<Cell> cells) {
        Made {
            cells = List.copyOf(cells);
        }
    }

    /// A value of an object. `key` is what its uniqueness, or who refers to what, is looked up by.
    ///
    /// @param carrier the type whose objects may have it
    record Cell(String object, int definition, int carrier, String value, Optional<Key> key) {}

    sealed interface Key {
        String text();

        /// No two objects hold it.
        record Unique(String text) implements Key {}

        /// An object of that type is there.
        record Reference(String text, int type) implements Key {}
    }

    /// Reads the body of a `POST …/writes`.
    ///
    /// @throws ProblemException if it breaks the schema
    static EavWrite parse(JsonNode body, Names names) {
        var made = new ArrayList<Made>();
        var changed = new ArrayList<Cell>();
        for (var operation : body.path("operations")) {
            var token = operation.path("object").asText();
            if (!operation.path("op").asText().equals("put") || token.isEmpty()) {
                throw refused("invalid_operation", "Only puts of objects with tokens can be done here.");
            }
            var cells = new ArrayList<Cell>();
            for (var set : operation.path("set")) {
                cells.add(cell(token, set, names));
            }
            if (operation.path("create").asBoolean()) {
                var type = type(operation.path("type").asText(), names);
                if (cells.stream().anyMatch(cell -> cell.carrier() != type)) {
                    throw refused("wrong_type", "An object of that type has no such attribute.");
                }
                made.add(new Made(token, id(token), type, cells));
            } else {
                changed.addAll(cells);
            }
        }
        return new EavWrite(
                made, changed, Optional.ofNullable(body.path("reason").textValue()));
    }

    private static Cell cell(String token, JsonNode set, Names names) {
        var name = set.path("attribute").asText();
        var definition = StandardSchema.SCHEMA
                .definition(new DefinitionName(name))
                .orElseThrow(() -> refused("unknown_attribute", "There is no attribute " + name + "."));
        var carrier = definition
                .carrier()
                .orElseThrow(() -> refused("unknown_attribute", name + " can not be written here."));
        var value = set.path("value");
        definition.read(LiteralJson.read(value, Pointer.ROOT.field("value")));
        return new Cell(
                token,
                names.definition(name).orElseThrow(),
                type(carrier.toString(), names),
                Json.text(value),
                key(definition, value, names));
    }

    private static Optional<Key> key(Definition definition, JsonNode value, Names names) {
        if (definition.type() == ValueType.REFERENCE) {
            var target = definition.target().map(TypeName::toString).orElse("");
            return Optional.of(new Key.Reference(value.asText(), type(target, names)));
        }
        return StandardSchema.SCHEMA.constraintsOn(definition.name()).stream()
                        .anyMatch(constraint -> constraint.rule() instanceof Rule.Unique)
                ? Optional.of(new Key.Unique(value.isTextual() ? Folding.fold(value.asText()) : Json.text(value)))
                : Optional.empty();
    }

    private static int type(String name, Names names) {
        return names.type(name).orElseThrow(() -> refused("unknown_type", "There is no type " + name + "."));
    }

    /// Grows with the place in pages.
    private static long id(String token) {
        var hash = Integer.toUnsignedLong(PageKey.of(new ObjectToken(token)).hash());
        return hash << SPARE_BITS | token.hashCode() & (1L << SPARE_BITS) - 1;
    }

    static ProblemException refused(String code, String detail) {
        return new ProblemException(Problem.of(422, code, detail));
    }
}
