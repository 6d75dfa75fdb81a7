package dev.storemesh.protocol.change;

import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.util.Optional;

/// A slot that a change request wants to change and that has changed since the version the reviewer saw. Empty: no
/// value; where `slot` is empty, the whole object was changed under a request to delete it.
public record Conflict(
        ObjectToken object,
        Optional<Slot> slot,
        Optional<Value> base,
        Optional<Value> requested,
        Optional<Value> current) {}
