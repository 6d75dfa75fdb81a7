package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Rule.Length;
import dev.storemesh.protocol.schema.Violation.Code;
import java.util.stream.LongStream;

/// Refuses patterns that may cost too much on the longest value that their definition, and the bounds of its length,
/// allow.
final class PatternWork {
    /// Of one code point in UTF-8, at most.
    private static final int BYTES = 4;

    private final Schema schema;

    PatternWork(Schema schema) {
        this.schema = schema;
    }

    void check(SchemaReading reading) {
        for (var read : reading.constraints()) {
            if (read.value().rule() instanceof Rule.Pattern(var regex)) {
                check(read.fields(), read.value(), regex);
            }
        }
    }

    private void check(SchemaFields fields, Constraint constraint, String regex) {
        var bytes = Math.max(1, longest(constraint));
        var steps = Regexes.programSize(regex);
        if (steps * bytes > Regexes.MAX_WORK) {
            fields.refuse(
                    Code.INVALID_CONSTRAINT,
                    "pattern",
                    "The pattern has " + steps + " steps, and values may be " + bytes
                            + " bytes long (expected: the product" + " at most " + Regexes.MAX_WORK
                            + "); a constraint on the length makes them shorter.");
        }
    }

    /// In bytes of UTF-8.
    private long longest(Constraint pattern) {
        var definition = schema.definition(pattern.definition());
        var bounds = schema.constraintsOn(pattern.definition()).stream()
                .filter(other -> other.type().isEmpty()
                        || other.type().equals(pattern.type())
                        || other.type().equals(definition.flatMap(Definition::carrier)))
                .flatMap(other -> other.rule() instanceof Length(var min, var max) ? max.stream() : null)
                .mapToLong(max -> Math.min(max, Definition.CLIENT_BYTES) * BYTES);
        return LongStream.concat(definition.stream().mapToLong(Definition::maxBytes), bounds)
                .min()
                .orElse(Definition.CLIENT_BYTES);
    }
}
