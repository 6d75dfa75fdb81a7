package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/// Reads the values of a `one_of` constraint, which stand as texts, as values of the definition.
final class ChoiceReader {
    static final int MOST = 10_000;

    private final SchemaFields fields;
    private final Definition definition;

    ChoiceReader(SchemaFields fields, Definition definition) {
        this.fields = fields;
        this.definition = definition;
    }

    Set<Value> read() {
        var texts = fields.all("value");
        if (texts.isEmpty() || texts.size() > MOST) {
            fields.refuse(
                    Code.INVALID_CONSTRAINT,
                    "value",
                    texts.size() + " values are listed (expected: 1 to " + MOST + ").");
            return Set.of();
        }
        var choices = new HashSet<Value>();
        for (var text : texts) {
            if (text instanceof Value.Text(var listed)) {
                read(listed, choices);
            }
        }
        return choices;
    }

    private void read(String listed, Set<Value> choices) {
        try {
            choices.add(definition.read(literal(listed)));
        } catch (IllegalArgumentException e) {
            fields.refuse(
                    Code.INVALID_CONSTRAINT,
                    "value",
                    new Literal.Text(listed),
                    "The listed value is no value of " + definition.name() + ": " + e.getMessage() + ".");
        }
    }

    /// As the value would stand in JSON.
    private Literal literal(String listed) {
        return switch (definition.type()) {
            case INTEGER -> new Literal.Whole(integer(listed));
            case BOOLEAN -> new Literal.Flag(flag(listed));
            case STRING, DECIMAL, INSTANT, REFERENCE, MONEY -> new Literal.Text(listed);
        };
    }

    private static long integer(String listed) {
        var number = Value.Decimal.parse(listed).number();
        if (number.scale() > 0) {
            throw new IllegalArgumentException("integer: a fraction (expected: a whole number)");
        }
        return number.abs().compareTo(BigDecimal.valueOf(Value.MAX_INTEGER)) > 0 ? Long.MAX_VALUE : number.longValue();
    }

    private static boolean flag(String listed) {
        if (!listed.equals("true") && !listed.equals("false")) {
            throw new IllegalArgumentException("boolean: neither (expected: true or false)");
        }
        return listed.equals("true");
    }
}
