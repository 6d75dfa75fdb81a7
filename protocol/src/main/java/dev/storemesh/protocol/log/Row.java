package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Slot;
import java.util.Optional;

/// An attribute and the version that wrote it. `overlaid`: no version did yet, a store has laid it over what HQ knows;
/// then `version` is the one that the store's write began with.
public record Row(Attribute attribute, Version version, Optional<Overlaid> overlaid) {
    /// Which of a store's own writes a row is of: they count from 1.
    public record Overlaid(long local) {}

    /// One that a version wrote.
    public Row(Attribute attribute, Version version) {
        this(attribute, version, Optional.empty());
    }

    public Slot slot() {
        return attribute.slot();
    }
}
