package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;

/// What follows for an object that refers to a deleted one, by the rules on its reference.
public sealed interface Consequence {
    ObjectToken object();

    /// The referring row ends.
    record Clear(ObjectToken object, Attribute row) implements Consequence {}

    /// The referring object is deleted, too.
    record Cascade(ObjectToken object) implements Consequence {}
}
