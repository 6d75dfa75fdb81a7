package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import java.util.Collection;
import java.util.List;

/// Judges the objects that a write touches, as they are at its end.
public final class Constraints {
    private Constraints() {}

    /// What must follow the deletions among the edits; empty: nothing more. Whoever asks applies it and asks again.
    public static List<Consequence> consequences(Schema schema, Collection<Edit> edits, Surroundings end) {
        throw new UnsupportedOperationException();
    }

    /// All that is wrong, in the order of the edits. Only what the write changed is judged: rows that it set, objects
    /// that it made, and definitions of which it changed a row.
    public static List<Violation> violations(Schema schema, Collection<Edit> edits, Surroundings end) {
        throw new UnsupportedOperationException();
    }
}
