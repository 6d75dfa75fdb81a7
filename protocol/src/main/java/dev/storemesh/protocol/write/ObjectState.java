package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.List;

/// What deciding needs to know of one object.
public sealed interface ObjectState {
    static ObjectState unknown() {
        return new Unknown();
    }

    /// The version that changed it last.
    Version changed();

    /// No object ever had this token.
    record Unknown() implements ObjectState {
        @Override
        public Version changed() {
            return Version.NONE;
        }
    }

    /// There was one; its token is never given out again.
    record Deleted(TypeName type, Version changed) implements ObjectState {}

    record Live(TypeName type, List<Row> rows, Version changed) implements ObjectState {
        public Live {
            rows = List.copyOf(rows);
        }

        /// In order; several, where the slot holds a set.
        public List<Value> values(Slot slot) {
            return rows.stream()
                    .filter(row -> row.slot().equals(slot))
                    .map(row -> row.attribute().value())
                    .toList();
        }
    }

    /// The state after a version changed it.
    default ObjectState after(Version version, ObjectChange change) {
        if (change.deleted()) {
            return new Deleted(change.type(), version);
        }
        var rows = new ArrayList<>(this instanceof Live live ? live.rows() : List.of());
        rows.removeAll(change.ended());
        change.set().forEach(attribute -> rows.add(new Row(attribute, version)));
        return new Live(change.type(), rows, version);
    }
}
