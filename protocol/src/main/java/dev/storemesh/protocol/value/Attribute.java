package dev.storemesh.protocol.value;

import java.util.Optional;

/// One value of an object: what it means, where it holds, and what it is.
public record Attribute(DefinitionName definition, Optional<LocationId> location, Value value) {
    public Slot slot() {
        return new Slot(definition, location);
    }
}
