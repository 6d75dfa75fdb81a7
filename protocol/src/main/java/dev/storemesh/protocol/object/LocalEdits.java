package dev.storemesh.protocol.object;

import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Put;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads by the schema what operations do to values, slot by slot, whatever stands there. What the schema has no
/// place for, or no value, is left out: of operations that it was asked about just now, nothing is.
public final class LocalEdits {
    private final Schema schema;

    private LocalEdits(Schema schema) {
        this.schema = schema;
    }

    public static List<LocalEdit> of(List<Operation> operations, Schema schema) {
        var edits = new LocalEdits(schema);
        return operations.stream().flatMap(edits::of).toList();
    }

    /// As when it is carried out: what goes first, then what comes.
    private Stream<LocalEdit> of(Operation operation) {
        return operation instanceof Put put && put.object() instanceof ObjectRef.Known(var token)
                ? Stream.concat(
                        put.unset().stream().flatMap(unsetting -> goes(token, unsetting).stream()),
                        put.set().stream().flatMap(setting -> comes(token, setting).stream()))
                : Stream.empty();
    }

    private Optional<LocalEdit> goes(ObjectToken token, Operation.Unsetting unsetting) {
        var slot = unsetting.slot();
        return unsetting.value().isEmpty()
                ? Optional.of(new LocalEdit.Clears(token, slot))
                : definition(slot)
                        .flatMap(known -> read(known, unsetting.value().get()))
                        .map(value -> new LocalEdit.Ends(token, slot, value));
    }

    private Optional<LocalEdit> comes(ObjectToken token, Operation.Setting setting) {
        var slot = setting.slot();
        return definition(slot)
                .flatMap(known -> read(known, setting.value())
                        .map(value -> new LocalEdit.Sets(token, slot, value, !known.isSet())));
    }

    private Optional<Definition> definition(Slot slot) {
        return schema.definition(slot.definition());
    }

    private static Optional<Value> read(Definition definition, Literal literal) {
        try {
            return Optional.of(definition.read(literal));
        } catch (IllegalArgumentException e) { // the schema has changed since
            return Optional.empty();
        }
    }
}
