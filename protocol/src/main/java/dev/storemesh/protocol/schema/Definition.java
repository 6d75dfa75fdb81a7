package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What an attribute means: its value's type, which objects carry it (without `carrier` all but those under `sys.`),
/// how many values a slot has, and whether a location may have values of its own. `target` is the type of object that
/// a reference must name; `maxBytes` bounds a string (in UTF-8).
public record Definition(
        DefinitionName name,
        Optional<TypeName> carrier,
        ValueType type,
        Cardinality cardinality,
        boolean variesByLocation,
        Optional<TypeName> target,
        int maxBytes) {
    /// The bound of a string that a client may write: 64 KiB.
    public static final int CLIENT_BYTES = 64 << 10;

    public boolean isSet() {
        return cardinality == Cardinality.MANY;
    }

    /// Whether objects of `candidate` may carry it.
    public boolean isCarriedBy(TypeName candidate) {
        return carrier.map(candidate::equals).orElse(!candidate.isSchema() && !candidate.isBookkeeping());
    }

    /// The value that a literal stands for here.
    ///
    /// @throws IllegalArgumentException if it is none, saying what was expected
    public Value read(Literal literal) {
        var value = Value.read(type, literal);
        if (value instanceof Value.Text(var text)
                && text.length() > maxBytes / 3
                && text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new IllegalArgumentException(
                    "value: a string of more than " + maxBytes + " bytes (expected: at most that)");
        }
        return value;
    }
}
