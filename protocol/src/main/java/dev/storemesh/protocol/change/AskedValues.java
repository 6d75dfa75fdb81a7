package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Row;
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

/// What operations ask to change, three values each, for people to compare. Pure.
public final class AskedValues {
    private AskedValues() {}

    /// Of the operations on one object.
    ///
    /// @param base the rows that the store saw
    /// @param current those that stand
    public static List<Conflict> of(
            ObjectToken object, List<Operation> operations, Schema schema, List<Row> base, List<Row> current) {
        return operations.stream()
                .flatMap(operation ->
                        operation instanceof Put put && put.object().equals(new ObjectRef.Known(object))
                                ? slots(put, schema)
                                : Stream.<Asked>empty())
                .map(asked -> new Conflict(
                        object,
                        Optional.of(asked.slot()),
                        value(base, asked.slot()),
                        asked.value(),
                        value(current, asked.slot())))
                .toList();
    }

    private record Asked(Slot slot, Optional<Value> value) {}

    private static Stream<Asked> slots(Put put, Schema schema) {
        return Stream.concat(
                put.set().stream()
                        .map(setting -> new Asked(
                                setting.slot(),
                                schema.definition(setting.slot().definition())
                                        .flatMap(definition -> read(definition, setting.value())))),
                put.unset().stream().map(unsetting -> new Asked(unsetting.slot(), Optional.empty())));
    }

    /// The value that a literal stands for; empty: none.
    public static Optional<Value> read(Definition definition, Literal literal) {
        try {
            return Optional.of(definition.read(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Value> value(List<Row> rows, Slot slot) {
        return rows.stream()
                .filter(row -> row.slot().equals(slot))
                .map(row -> row.attribute().value())
                .findFirst();
    }
}
