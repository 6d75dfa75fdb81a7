package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Judges what stands already by a schema that is to change: changed definitions, types and locations that go, and
/// constraints that are new or changed, unless they hold from now on only.
public final class Audit {
    private Audit() {}

    /// A value in the view of one place; without a place: held anywhere, or seen globally.
    public record Shown(Optional<LocationId> place, Value value) {}

    /// Whether objects must be looked at at all.
    public static boolean isNeeded(Schema before, Schema after) {
        throw new UnsupportedOperationException();
    }

    /// Examines objects that the write leaves as they are.
    ///
    /// @param object finds the target of a reference; empty: it is not there
    public static Findings examine(
            Schema before,
            Schema after,
            Stream<Standing> objects,
            Function<ObjectToken, Optional<Standing>> object) {
        throw new UnsupportedOperationException();
    }

    /// What is wrong with all that was found together, values held twice included.
    public static List<Violation> violations(Schema after, Findings all) {
        throw new UnsupportedOperationException();
    }
}
