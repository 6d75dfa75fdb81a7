package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Position;

/// A fact in a partition's own journal. The partition is not the truth: the log is.
public sealed interface PartitionEvent {
    /// A checkpoint of all rows of the log up to this position was begun.
    record Checkpointed(Position position) implements PartitionEvent {}
}
