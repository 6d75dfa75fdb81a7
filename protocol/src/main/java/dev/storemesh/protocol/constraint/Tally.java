package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Counts violations and keeps the first of them, whatever order they come in.
final class Tally {
    static final Comparator<Violation> ORDER = Comparator.comparing(Violation::object)
            .thenComparing(v -> v.attribute().map(DefinitionName::text).orElse(""))
            .thenComparing(v -> v.location().map(LocationId::text).orElse(""))
            .thenComparing(Violation::code)
            .thenComparing(v -> v.constraint().map(ConstraintName::text).orElse(""))
            .thenComparing(v -> v.value().toString())
            .thenComparing(Violation::message);

    private final PriorityQueue<Violation> first = new PriorityQueue<>(ORDER.reversed());
    private long count;

    void add(Violation violation) {
        count++;
        first.add(violation);
        if (first.size() > Findings.NAMED) {
            first.remove();
        }
    }

    long count() {
        return count;
    }

    List<Violation> first() {
        return first.stream().sorted(ORDER).toList();
    }
}
