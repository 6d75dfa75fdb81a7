package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Judges what stands already by a schema that is to change: definitions that become narrower or go, types and
/// locations that go, and constraints that rule more than before, unless they hold from now on only.
public final class Audit {
    private Audit() {}

    /// A value and the place where it stands; without a place: globally.
    public record Shown(Optional<LocationId> place, Value value) {}

    /// Whether objects must be looked at at all.
    public static boolean isNeeded(Schema before, Schema after) {
        return !AuditPlan.of(before, after).isEmpty();
    }

    /// Examines objects as they are at the end of the write, each at most once over all parts. It looks at all of
    /// their rows, so it sees what [Constraints] passes over in an object that the write touched elsewhere.
    ///
    /// @param typeOf the type of a reference's target at the end of the write; empty: it is not there
    public static Findings examine(
            Schema before, Schema after, Stream<Standing> objects, Function<ObjectToken, Optional<TypeName>> typeOf) {
        var auditor = new Auditor(AuditPlan.of(before, after), after, typeOf);
        objects.forEach(auditor::examine);
        return auditor.findings();
    }

    /// The findings of all parts with the values that are held twice: what is to be told.
    public static Findings concluded(Schema after, Findings all) {
        var tally = new Tally();
        all.held()
                .forEach((name, held) -> after.constraint(name).ifPresent(constraint -> {
                    var clashes = new Clashes(constraint, held);
                    var found = constraint.rule() instanceof Rule.Unique(var perLocation) && perLocation
                            ? clashes.shown()
                            : clashes.held();
                    found.forEach(tally::add);
                }));
        return new Findings(all.count(), all.first(), Map.of())
                .and(new Findings(tally.count(), tally.first(), Map.of()));
    }

    /// The first of what is wrong with all that was found together, values held twice included.
    public static List<Violation> violations(Schema after, Findings all) {
        return concluded(after, all).first();
    }
}
