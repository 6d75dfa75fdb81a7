package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Judges the objects that a write touches, as they are at its end.
public final class Constraints {
    private Constraints() {}

    /// What must follow the deletions among the edits; empty: nothing more. Whoever asks applies it and asks again.
    public static List<Consequence> consequences(Schema schema, Collection<Edit> edits, Surroundings end) {
        var deletions = new Deletions(schema, edits, end);
        var all = edits.stream()
                .filter(Edit::isDeleted)
                .flatMap(edit -> deletions.consequences(edit.object()))
                .distinct()
                .toList();
        var gone = all.stream()
                .filter(Consequence.Cascade.class::isInstance)
                .map(Consequence::object)
                .collect(Collectors.toSet());
        return all.stream()
                .filter(consequence ->
                        consequence instanceof Consequence.Cascade || !gone.contains(consequence.object()))
                .toList();
    }

    /// All that is wrong, in the order of the edits. Only what the write changed is judged: rows that it set, objects
    /// that it made, and definitions of which it changed a row.
    public static List<Violation> violations(Schema schema, Collection<Edit> edits, Surroundings end) {
        var deletions = new Deletions(schema, edits, end);
        var judge = new ObjectJudge(schema, end);
        return edits.stream()
                .flatMap(edit -> edit.isDeleted()
                        ? deletions.violations(edit.object()).stream()
                        : edit.after().isEmpty() ? Stream.<Violation>empty() : judge.judge(edit))
                .toList();
    }
}
