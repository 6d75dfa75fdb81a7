package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What an [Audit] of some of the objects found: how much is wrong, and the first of it in the order of the objects.
/// `held` says who holds which value under the audited uniqueness rules, so that the findings of several partitions
/// can be put together; [Audit#concluded] counts what is held twice, too. `elsewhere` are objects that were
/// referred to and are not among those of who examined: while there are some, the rest is worth nothing, and the
/// examination is to be made again by who knows what they are.
public record Findings(
        long count,
        List<Violation> first,
        Map<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>> held,
        Set<ObjectToken> elsewhere) {
    public static final Findings NONE = new Findings(0, List.of(), Map.of());

    /// Of who knew all that was referred to.
    public Findings(long count, List<Violation> first, Map<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>> held) {
        this(count, first, held, Set.of());
    }

    /// How many violations are named.
    public static final int NAMED = 100;

    public Findings {
        first = List.copyOf(first);
        held = Map.copyOf(held);
        elsewhere = Set.copyOf(elsewhere);
    }

    /// The same, if it were not for these.
    public Findings lacking(Set<ObjectToken> tokens) {
        return new Findings(count, first, held, tokens);
    }

    /// Of both parts; they have no object in common.
    public Findings and(Findings other) {
        var both = Stream.concat(first.stream(), other.first.stream())
                .sorted(Tally.ORDER)
                .limit(NAMED)
                .toList();
        return new Findings(count + other.count, both, merged(held, other.held), union(elsewhere, other.elsewhere));
    }

    private static Set<ObjectToken> union(Set<ObjectToken> one, Set<ObjectToken> other) {
        var all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    private static Map<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>> merged(
            Map<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>> one,
            Map<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        var all = new HashMap<ConstraintName, Map<Audit.Shown, Set<ObjectToken>>>();
        Stream.of(one, other)
                .forEach(part -> part.forEach((constraint, values) -> {
                    var merged = all.computeIfAbsent(constraint, c -> new HashMap<>());
                    values.forEach((shown, holders) ->
                            merged.computeIfAbsent(shown, s -> new HashSet<>()).addAll(holders));
                }));
        return all;
    }
}
