package dev.storemesh.protocol.query;

import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.query.Fault.Code;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Value;
import java.util.Optional;

/// A value of a unique attribute as it stands in a URL: a string, integer, decimal, boolean, instant or reference as
/// in JSON, without quotes. It names at most one object.
public sealed interface UniqueKey {
    /// The value that is looked for.
    record Known(Value value) implements UniqueKey {}

    record Invalid(Fault fault) implements UniqueKey {}

    static UniqueKey read(DefinitionName attribute, String text, Schema schema) {
        var definition = schema.definition(attribute);
        if (definition.isEmpty()) {
            return invalid("definition", Code.UNKNOWN_ATTRIBUTE, "attribute: " + attribute + " is not known here");
        }
        if (!isUnique(attribute, schema)) {
            return invalid(
                    "definition",
                    Code.NOT_UNIQUE_ATTRIBUTE,
                    "attribute: " + attribute + " (expected: one with a unique constraint)");
        }
        return literal(definition.get(), text)
                .<UniqueKey>map(literal -> value(definition.get(), literal))
                .orElseGet(() -> wrong(definition.get(), text));
    }

    private static boolean isUnique(DefinitionName attribute, Schema schema) {
        return schema.constraintsOn(attribute).stream()
                .anyMatch(constraint -> constraint.rule() instanceof Rule.Unique);
    }

    private static UniqueKey value(Definition definition, Literal literal) {
        try {
            return new Known(Value.read(definition.type(), literal));
        } catch (IllegalArgumentException e) {
            return invalid("value", Code.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Literal> literal(Definition definition, String text) {
        return switch (definition.type()) {
            case STRING, DECIMAL, INSTANT, REFERENCE -> Optional.of(new Literal.Text(text));
            case INTEGER ->
                text.matches("-?[0-9]{1,16}") ? Optional.of(new Literal.Whole(Long.parseLong(text))) : Optional.empty();
            case BOOLEAN ->
                text.equals("true") || text.equals("false")
                        ? Optional.of(new Literal.Flag(text.equals("true")))
                        : Optional.empty();
            case MONEY -> Optional.empty();
        };
    }

    private static UniqueKey wrong(Definition definition, String text) {
        return invalid(
                "value",
                Code.WRONG_VALUE_TYPE,
                "value: \"" + Texts.shortened(text, 80) + "\" (expected: "
                        + definition.type().wireName() + ")");
    }

    private static UniqueKey invalid(String parameter, Code code, String message) {
        return new Invalid(new Fault(parameter, code, message));
    }
}
