package dev.storemesh.protocol.value;

import java.util.Optional;

/// Where a value of one object stands: a definition at a location, or globally. With the object's token it addresses
/// one value (several, where the definition has many).
public record Slot(DefinitionName definition, Optional<LocationId> location) {
    @Override
    public String toString() {
        return location.map(l -> definition + "@" + l).orElse(definition.text());
    }
}
