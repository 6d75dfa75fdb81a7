package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;

/// An object as a reader sees it at one version in one scope. `version` is the last one that changed it in that
/// scope.
public sealed interface ObjectView {
    ObjectToken object();

    TypeName type();

    Version version();

    /// Its rows in order of definition, then location (global first). `pending`: the undecided change requests
    /// that are laid over it, in order, for who asked to see them.
    record Live(ObjectToken object, TypeName type, Version version, List<Row> rows, List<PendingMark> pending)
            implements ObjectView {
        public Live {
            rows = List.copyOf(rows);
            pending = List.copyOf(pending);
        }

        /// One that no undecided change request is laid over.
        public Live(ObjectToken object, TypeName type, Version version, List<Row> rows) {
            this(object, type, version, rows, List.of());
        }

        Live with(List<PendingMark> marks) {
            return marks.isEmpty() ? this : new Live(object, type, version, rows, marks);
        }

        /// The undecided change request that laid a row over it.
        Optional<PendingMark> pending(Row row) {
            return row.overlaid()
                    .flatMap(over -> pending.stream()
                            .filter(mark -> mark.number() == over.local())
                            .findFirst());
        }

        /// The value of a definition, wherever it holds.
        public Optional<Value> value(DefinitionName definition) {
            return rows.stream()
                    .filter(row -> row.attribute().definition().equals(definition))
                    .map(row -> row.attribute().value())
                    .findFirst();
        }
    }

    /// It was there, and is no more.
    record Tombstone(ObjectToken object, TypeName type, Version version, Reason reason) implements ObjectView {}

    /// Why an object is gone from a reader's view; in JSON in lower case.
    enum Reason {
        DELETED,
        /// It is there, but not at the reader's location.
        DISABLED;

        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
