package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.LocationId;
import java.util.Optional;

/// What a reader gets of each object: all its rows, or the view of one location, where the location's own value hides
/// the global one of the same definition.
public sealed interface Scope {
    static Scope all() {
        return new All();
    }

    record All() implements Scope {}

    record At(LocationId location) implements Scope {}

    static Scope of(Optional<LocationId> location) {
        return location.<Scope>map(At::new).orElse(all());
    }

    /// Whether rows of this location belong to the scope.
    default boolean covers(Optional<LocationId> location) {
        return switch (this) {
            case All all -> true;
            case At(var own) -> location.isEmpty() || location.get().equals(own);
        };
    }
}
