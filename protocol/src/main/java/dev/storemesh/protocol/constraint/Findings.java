package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an [Audit] of some of the objects found: how much is wrong, and the first of it. `held` says who holds which
/// value under the audited uniqueness rules, so that the findings of several partitions can be put together.
public record Findings(
        long count, List<Violation> first, Map<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>> held) {
    public static final Findings NONE = new Findings(0, List.of(), Map.of());

    /// How many violations are named.
    public static final int NAMED = 100;

    public Findings {
        first = List.copyOf(first);
        held = Map.copyOf(held);
    }

    /// Of both parts; they have no object in common.
    public Findings and(Findings other) {
        throw new UnsupportedOperationException();
    }

}
