package dev.storemesh.protocol.query;

/// What a question to one partition comes to that must not cost too much.
public sealed interface Bounded<T> {
    record Within<T>(T value) implements Bounded<T> {}

    /// Given up at `limit` of `what`.
    record TooCostly<T>(String what, long limit) implements Bounded<T> {}
}
