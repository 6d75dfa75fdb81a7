package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;

/// A change of one slot that a store asks for, and what stands at HQ.
///
/// @param rows all that the object holds
/// @param requested the value that it shall have; empty: none
/// @param conflicted whether it changed at HQ since the store saw it
public record AskedChange(TypeName type, List<Row> rows, Slot slot, Optional<Value> requested, boolean conflicted) {
    public AskedChange {
        rows = List.copyOf(rows);
    }

    /// What is seen in the slot's place: its own value, or else the global one.
    Optional<Value> seen() {
        return value(slot).or(() -> value(new Slot(slot.definition(), Optional.empty())));
    }

    private Optional<Value> value(Slot wanted) {
        return rows.stream()
                .filter(row -> row.slot().equals(wanted))
                .map(row -> row.attribute().value())
                .findFirst();
    }
}
