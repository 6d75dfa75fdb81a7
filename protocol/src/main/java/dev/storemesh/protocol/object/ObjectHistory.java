package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;

/// What happened to one object, or to one of its attributes: the versions that touched it, oldest first, and whether
/// there are more after the last of them. A deleted object has a history, too.
public record ObjectHistory(ObjectToken object, TypeName type, List<Entry> entries, boolean more) {
    public ObjectHistory {
        entries = List.copyOf(entries);
    }

    /// One version with who wrote it.
    public record Entry(Written written, Step step) {}

    /// What one version did: the rows it set and those it ended. `deleted`: it ended the object and with it all rows.
    public record Step(Version version, boolean deleted, List<Row> set, List<Row> ended) {
        public Step {
            set = List.copyOf(set);
            ended = List.copyOf(ended);
        }
    }

    /// Which steps: those at or before `upTo` and after `after`, at most `limit` of them. With an `attribute`, those
    /// that set or ended a value of it; with a location's scope, those of rows that are global or its own.
    public record Query(
            Optional<DefinitionName> attribute, Scope scope, Version upTo, Optional<Version> after, int limit) {
        boolean wants(Row row) {
            return scope.covers(row.attribute().location())
                    && attribute.map(row.attribute().definition()::equals).orElse(true);
        }

        boolean wants(Version version) {
            return !version.isAfter(upTo) && after.map(version::isAfter).orElse(true);
        }

        /// Whether a step counts that touches no row of these.
        boolean wantsBareSteps() {
            return attribute.isEmpty();
        }
    }
}
