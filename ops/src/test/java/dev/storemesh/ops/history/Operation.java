package dev.storemesh.ops.history;

import java.util.List;
import java.util.Optional;

/// One thing that one client wanted, however often it had to ask for it, and what it was told in the end.
///
/// @param invoked when it was first asked for, in nanoseconds since the run began; all clients have the same clock
/// @param ended when the last answer was there
/// @param node who gave that answer, from 1; 0: nobody
public record Operation(
        int client, String catalog, long invoked, long ended, int node, Action action, Outcome outcome) {
    /// The idempotency key of what changes objects.
    public Optional<String> key() {
        return switch (action) {
            case Action.Write write -> Optional.of(write.key());
            case Action.Step step -> Optional.of(step.key());
            default -> Optional.empty();
        };
    }

    /// The transaction that it is about.
    Optional<String> transaction() {
        return switch (action) {
            case Action.Open open -> Optional.of(open.transaction());
            case Action.Step step -> Optional.of(step.transaction());
            case Action.Commit commit -> Optional.of(commit.transaction());
            case Action.RollBack rollBack -> Optional.of(rollBack.transaction());
            case Action.LookInside look -> Optional.of(look.transaction());
            default -> Optional.empty();
        };
    }

    Changes changes() {
        return switch (action) {
            case Action.Write write -> write.changes();
            case Action.Step step -> step.changes();
            default -> Changes.NONE;
        };
    }

    /// Whether the catalog took it, as far as the client was told.
    boolean isAcknowledged() {
        return switch (outcome) {
            case Outcome.Made made -> true;
            case Outcome.Staged staged -> true;
            case Outcome.Opened opened -> true;
            case Outcome.Ended ended -> true;
            default -> false;
        };
    }

    /// The newest version that was visible, as the answer has it; empty where it does not say.
    Optional<Long> visible() {
        return switch (outcome) {
            case Outcome.Made(var version) -> Optional.of(version);
            case Outcome.Ended(var version, var undone) -> Optional.of(version);
            case Outcome.Saw(var version, var objects) when action instanceof Action.Look -> Optional.of(version);
            case Outcome.Leafed(var pages) -> pages.stream().map(Page::version).findFirst();
            case Outcome.Stood(var version, var chain, var open) -> Optional.of(version);
            case Outcome.Followed(var version, var links) -> Optional.of(version);
            default -> Optional.empty();
        };
    }

    /// An object as somebody saw it: the value that the writers change, and the version that changed it last.
    public record Seen(String object, String value, long version) {}

    /// One page of all objects.
    public record Page(int node, long version, List<Seen> objects) {
        public Page {
            objects = List.copyOf(objects);
        }
    }

    /// A version as a follower got it.
    public record Link(long version, String chain) {}
}
