package dev.storemesh.protocol.log;

import java.time.Instant;
import java.util.List;

/// One version of a catalog as everybody sees it: who wrote what when; or a part of one that a transaction made.
/// `chain` vouches for it and for all before it (see [ChainHash]). `at` is for people and never orders anything:
/// versions do.
public record LogEntry(
        Version version,
        Instant at,
        Provenance provenance,
        ChainHash chain,
        boolean isVoid,
        List<ObjectChange> changes,
        Part part) {

    /// What of its version an entry is.
    public sealed interface Part {
        /// All of it.
        record Whole() implements Part {}

        /// One of a transaction's steps, which nobody but its holder sees before the end. `number` counts from 1.
        record Step(int number) implements Part {}

        /// The end of a transaction of so many steps: its version is there with all of them, or void.
        record End(int steps) implements Part {}
    }

    private static final Part WHOLE = new Part.Whole();

    public LogEntry {
        changes = List.copyOf(changes);
    }

    /// A whole version.
    public LogEntry(
            Version version,
            Instant at,
            Provenance provenance,
            ChainHash chain,
            boolean isVoid,
            List<ObjectChange> changes) {
        this(version, at, provenance, chain, isVoid, changes, WHOLE);
    }

    /// The same as another part of its version.
    public LogEntry as(Part other) {
        return new LogEntry(version, at, provenance, chain, isVoid, changes, other);
    }

    /// The same of some of its changes: what a part of the catalog sees of it. Its chain still vouches for all of them.
    public LogEntry with(List<ObjectChange> some) {
        return new LogEntry(version, at, provenance, chain, isVoid, some, part);
    }

    /// What a reader of the log holds when it has this entry and all before it.
    public LogPlace place() {
        return switch (part) {
            case Part.Step(var number) -> new LogPlace(version.previous(), number);
            case Part.Whole whole -> LogPlace.of(version);
            case Part.End end -> LogPlace.of(version);
        };
    }

    public boolean isStep() {
        return part instanceof Part.Step;
    }
}
