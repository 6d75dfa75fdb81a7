package dev.storemesh.protocol.overrides;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The values that one location has of a definition, at least one, and the global ones that they hide, perhaps none.
public record SlotOverride(
        ObjectToken object,
        TypeName type,
        DefinitionName definition,
        LocationId location,
        List<Row> own,
        List<Row> global) {
    public SlotOverride {
        own = List.copyOf(own);
        global = List.copyOf(global);
        if (own.isEmpty()) {
            throw new IllegalArgumentException("own: none (expected: at least one value)");
        }
    }

    /// Whether the location shows something else than it would without it.
    public boolean differs() {
        return !values(own).equals(values(global));
    }

    private static Set<Value> values(List<Row> rows) {
        return rows.stream().map(row -> row.attribute().value()).collect(Collectors.toSet());
    }

    /// The last version that wrote one of its values.
    public Version version() {
        return own.stream().map(Row::version).max(Version::compareTo).orElseThrow();
    }

    Slot slot() {
        return new Slot(definition, Optional.of(location));
    }
}
