package dev.storemesh.ops.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What a client may want of a catalog.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "wants")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Action.Write.class, name = "write"),
    @JsonSubTypes.Type(value = Action.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Action.Step.class, name = "step"),
    @JsonSubTypes.Type(value = Action.Commit.class, name = "commit"),
    @JsonSubTypes.Type(value = Action.RollBack.class, name = "rollBack"),
    @JsonSubTypes.Type(value = Action.Look.class, name = "look"),
    @JsonSubTypes.Type(value = Action.LookBack.class, name = "lookBack"),
    @JsonSubTypes.Type(value = Action.LookInside.class, name = "lookInside"),
    @JsonSubTypes.Type(value = Action.Leaf.class, name = "leaf"),
    @JsonSubTypes.Type(value = Action.Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = Action.Follow.class, name = "follow")
})
public sealed interface Action {
    /// A write outside of any transaction.
    record Write(String key, Changes changes) implements Action {}

    /// Begins a transaction, which ends by itself when it is idle for so long. Its name is its idempotency key.
    record Open(String transaction, long idleNanos) implements Action {}

    /// A write in a transaction.
    record Step(String transaction, String key, Changes changes) implements Action {}

    record Commit(String transaction) implements Action {}

    record RollBack(String transaction) implements Action {}

    /// An object at the newest version.
    record Look(String object) implements Action {}

    /// An object at an earlier version.
    record LookBack(String object, long version) implements Action {}

    /// An object as the holder of a transaction sees it.
    record LookInside(String transaction, String object) implements Action {}

    /// All objects, page by page, each page from any node.
    record Leaf() implements Action {}

    /// How far the catalog is.
    record Ask() implements Action {}

    /// The log after a version.
    record Follow(long after) implements Action {}
}
