package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What deciding needs to know of one object.
public sealed interface ObjectState {
    static ObjectState unknown() {
        return new Unknown();
    }

    /// No object ever had this token.
    record Unknown() implements ObjectState {}

    /// There was one; its token is never given out again.
    record Deleted(TypeName type) implements ObjectState {}

    record Live(TypeName type, List<Row> rows) implements ObjectState {
        public Live {
            rows = List.copyOf(rows);
        }

        public Optional<Row> row(Slot slot) {
            return rows.stream().filter(row -> row.slot().equals(slot)).findFirst();
        }

        public Optional<Value> value(Slot slot) {
            return row(slot).map(row -> row.attribute().value());
        }
    }

    /// The state after a version changed it.
    default ObjectState after(Version version, ObjectChange change) {
        if (change.deleted()) {
            return new Deleted(change.type());
        }
        var rows = new ArrayList<>(this instanceof Live live ? live.rows() : List.of());
        rows.removeAll(change.ended());
        change.set().forEach(attribute -> rows.add(new Row(attribute, version)));
        return new Live(change.type(), rows);
    }
}
