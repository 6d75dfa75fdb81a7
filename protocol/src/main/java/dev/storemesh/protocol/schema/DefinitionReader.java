package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.Optional;

/// Makes a definition of an object of `sys.definition`.
final class DefinitionReader {
    private final SchemaFields fields;

    DefinitionReader(SchemaFields fields) {
        this.fields = fields;
    }

    /// Empty if anything is wrong with it; the fields say what.
    Optional<Definition> read() {
        var name = fields.need("name", DefinitionName::new);
        var type = fields.need("valueType", SchemaWords.of(ValueType.class, ValueType::wireName));
        var carrier = fields.read("type", TypeName::new);
        var cardinality = fields.read("cardinality", SchemaWords.of(Cardinality.class, Cardinality::wireName));
        var target = fields.read("target", TypeName::new);
        type.ifPresent(this::checkFit);
        checkBytes();
        if (name.isEmpty() || type.isEmpty() || !fields.isSound()) {
            return Optional.empty();
        }
        return Optional.of(new Definition(
                name.get(),
                carrier,
                type.get(),
                cardinality.orElse(Cardinality.ONE),
                fields.flag("variesByLocation"),
                target,
                fields.whole("maxBytes").map(Math::toIntExact).orElse(Definition.CLIENT_BYTES)));
    }

    private void checkFit(ValueType type) {
        if (fields.has("target") && type != ValueType.REFERENCE) {
            fields.refuse(Code.INVALID_SCHEMA, "target", "Only a reference has a target, not " + type.wireName() + ".");
        }
        if (fields.has("maxBytes") && type != ValueType.STRING) {
            fields.refuse(
                    Code.INVALID_SCHEMA,
                    "maxBytes",
                    "Only a string has a bound in bytes, not " + type.wireName() + ".");
        }
    }

    private void checkBytes() {
        fields.whole("maxBytes")
                .filter(bytes -> bytes < 1 || bytes > Definition.CLIENT_BYTES)
                .ifPresent(bytes -> fields.refuse(
                        Code.INVALID_SCHEMA,
                        "maxBytes",
                        "maxBytes is " + bytes + " (expected: 1 to " + Definition.CLIENT_BYTES + ")."));
    }
}
