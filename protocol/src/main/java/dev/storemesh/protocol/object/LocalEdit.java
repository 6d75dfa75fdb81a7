package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;

/// What a store's own write does to one slot, whatever stands there: HQ may change it meanwhile.
public sealed interface LocalEdit {
    ObjectToken object();

    Slot slot();

    /// The slot has no value any more.
    record Clears(ObjectToken object, Slot slot) implements LocalEdit {}

    /// It has this one of its values no more.
    record Ends(ObjectToken object, Slot slot, Value value) implements LocalEdit {}

    /// It has this value. `alone`: and no other.
    record Sets(ObjectToken object, Slot slot, Value value, boolean alone) implements LocalEdit {}
}
