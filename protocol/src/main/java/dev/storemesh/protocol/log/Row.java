package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Slot;

/// An attribute and the version that wrote it.
public record Row(Attribute attribute, Version version) {
    public Slot slot() {
        return attribute.slot();
    }
}
