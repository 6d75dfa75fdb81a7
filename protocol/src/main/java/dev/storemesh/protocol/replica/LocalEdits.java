package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.object.LocalEdit;
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
import java.util.stream.Stream;

/// Reads by the schema what a sound write of values comes to, slot by slot, whatever stands there.
final class LocalEdits {
    private final Schema schema;

    private LocalEdits(Schema schema) {
        this.schema = schema;
    }

    static List<LocalEdit> of(List<Operation> operations, Schema schema) {
        var edits = new LocalEdits(schema);
        return operations.stream().flatMap(edits::of).toList();
    }

    /// As when it is carried out: what goes first, then what comes.
    private Stream<LocalEdit> of(Operation operation) {
        if (!(operation instanceof Put put) || !(put.object() instanceof ObjectRef.Known(var token))) {
            throw new IllegalArgumentException("operation: " + operation + " (expected: values of a known object)");
        }
        return Stream.concat(
                put.unset().stream().map(unsetting -> goes(token, unsetting)),
                put.set().stream()
                        .map(setting -> new LocalEdit.Sets(
                                token,
                                setting.slot(),
                                read(setting.slot(), setting.value()),
                                !definition(setting.slot()).isSet())));
    }

    private LocalEdit goes(ObjectToken token, Operation.Unsetting unsetting) {
        var slot = unsetting.slot();
        return unsetting
                .value()
                .<LocalEdit>map(value -> new LocalEdit.Ends(token, slot, read(slot, value)))
                .orElseGet(() -> new LocalEdit.Clears(token, slot));
    }

    private Value read(Slot slot, Literal literal) {
        return definition(slot).read(literal);
    }

    private Definition definition(Slot slot) {
        return schema.definition(slot.definition())
                .orElseThrow(() -> new IllegalArgumentException("slot: " + slot + " (expected: of a known attribute)"));
    }
}
