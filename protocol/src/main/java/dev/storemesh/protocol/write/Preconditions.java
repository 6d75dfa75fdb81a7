package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether what a write was thought out on still stands: each of its operations may name the version since which its
/// object did not change, and the write the one since which none did. Bookkeeping objects do not count.
public final class Preconditions {
    /// How many changed objects are named.
    public static final int NAMED = 100;

    private final Fetched.Round round;
    private final Set<Lookup> missing = new LinkedHashSet<>();
    private final List<Changed> changed = new ArrayList<>();

    /// What checking comes to.
    public sealed interface Checked {}

    public record Met() implements Checked {}

    public record Failed(List<Changed> changed) implements Checked {
        public Failed {
            changed = List.copyOf(changed);
        }
    }

    /// Fetch these and check again.
    public record Lacking(Set<Lookup> lookups) implements Checked {
        public Lacking {
            lookups = Set.copyOf(lookups);
        }
    }

    private Preconditions(Fetched.Round round) {
        this.round = round;
    }

    /// Checks those of one write.
    ///
    /// @param head the newest version
    public static Checked check(
            List<Operation> operations, Optional<Version> ifVersion, Version head, Fetched.Round round) {
        return new Preconditions(round).check(operations, ifVersion, head);
    }

    private Checked check(List<Operation> operations, Optional<Version> ifVersion, Version head) {
        since(operations).forEach(this::check);
        ifVersion.filter(head::isAfter).ifPresent(this::checkAll);
        if (!missing.isEmpty()) {
            return new Lacking(missing);
        }
        return changed.isEmpty() ? new Met() : new Failed(changed);
    }

    private static Map<ObjectToken, Version> since(List<Operation> operations) {
        var since = new LinkedHashMap<ObjectToken, Version>();
        for (var operation : operations) {
            if (operation.object() instanceof ObjectRef.Known(var token)) {
                operation
                        .ifVersion()
                        .ifPresent(version ->
                                since.merge(token, version, (first, second) -> first.isAfter(second) ? second : first));
            }
        }
        return since;
    }

    private void check(ObjectToken token, Version since) {
        var now = round.head(token);
        if (now.isEmpty()) {
            missing.add(new Lookup.Head(token));
        } else if (now.get().changed().isAfter(since)) {
            compare(token, since, now.get());
        }
    }

    private void compare(ObjectToken token, Version since, ObjectState now) {
        var lookup = new Lookup.AsOf(token, since);
        var then = round.past(lookup);
        if (then.isEmpty()) {
            missing.add(lookup);
        } else if (changed.size() < NAMED) {
            changed.add(Changed.between(token, then.get(), now));
        }
    }

    private void checkAll(Version since) {
        var lookup = new Lookup.ChangedSince(since, NAMED);
        var before = round.set(lookup);
        if (before.isEmpty()) {
            missing.add(lookup);
            return;
        }
        var tokens = new LinkedHashSet<>(before.get());
        round.changed().keySet().stream()
                .filter(token -> round.head(token).filter(Preconditions::counts).isPresent())
                .forEach(tokens::add);
        tokens.stream().limit(NAMED).forEach(token -> check(token, since));
    }

    private static boolean counts(ObjectState state) {
        return switch (state) {
            case ObjectState.Live live -> !live.type().isBookkeeping();
            case ObjectState.Deleted deleted -> !deleted.type().isBookkeeping();
            case ObjectState.Unknown unknown -> false;
        };
    }
}
