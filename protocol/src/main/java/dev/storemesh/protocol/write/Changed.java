package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// An object that is not what a writer took it for: which slots changed since the version that it named, and what
/// stands there now, so that it can merge. `deleted`: it is gone.
public record Changed(ObjectToken object, boolean deleted, Version version, List<Difference> slots) {
    /// The values of one slot then and now; none, where there was or is nothing.
    public record Difference(Slot slot, List<Value> was, List<Value> is) {
        public Difference {
            was = List.copyOf(was);
            is = List.copyOf(is);
        }
    }

    public Changed {
        slots = List.copyOf(slots);
    }

    static Changed between(ObjectToken object, ObjectState then, ObjectState now) {
        var slots = Stream.of(then, now)
                .flatMap(Changed::slots)
                .distinct()
                .sorted(Comparator.comparing(Slot::toString))
                .map(slot -> new Difference(slot, values(then, slot), values(now, slot)))
                .filter(difference -> !Set.copyOf(difference.was()).equals(Set.copyOf(difference.is())))
                .toList();
        return new Changed(object, now instanceof ObjectState.Deleted, now.changed(), slots);
    }

    private static Stream<Slot> slots(ObjectState state) {
        return state instanceof ObjectState.Live live ? live.rows().stream().map(Row::slot) : Stream.empty();
    }

    private static List<Value> values(ObjectState state, Slot slot) {
        return state instanceof ObjectState.Live live ? live.values(slot) : List.of();
    }
}
