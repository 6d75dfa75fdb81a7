package dev.storemesh.protocol.bulk;

import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Setting;
import java.util.List;
import java.util.stream.Stream;

/// One line of an import: an object with all that the line says of it. `number` counts the lines of the file
/// from 1; `sizeBytes` is what the line took in it.
public record BulkLine(long number, ObjectToken object, TypeName type, List<Setting> set, int sizeBytes)
        implements BulkReader.Parsed {
    public BulkLine {
        set = List.copyOf(set);
    }

    /// Whether it is of the schema, which rules the lines after it.
    public boolean isOfSchema() {
        return object.isOfSchema();
    }

    /// What it asks for.
    ///
    /// @param whole whether the object is to have nothing but what the line says
    public Operation operation(boolean whole) {
        return new Operation.Bring(new ObjectRef.Known(object), type, set, whole);
    }

    /// All texts that may name other objects: which of them do only the schema knows.
    Stream<String> mentioned() {
        return set.stream()
                .map(Setting::value)
                .flatMap(value -> value instanceof Literal.Text(var text) ? Stream.of(text) : Stream.empty());
    }
}
