package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Location;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Rule.OnDelete;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.TypeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What of a schema is to change so that objects may not fit it any more: definitions (with what they become; empty:
/// nothing), types and locations that go, constraints that rule more than they did.
record AuditPlan(
        Map<DefinitionName, Optional<Definition>> definitions,
        Set<TypeName> types,
        Set<LocationId> locations,
        List<Constraint> constraints) {
    static AuditPlan of(Schema before, Schema after) {
        var types = new HashSet<>(before.types());
        types.removeAll(after.types());
        var locations = before.locations().stream().map(Location::id).collect(Collectors.toSet());
        locations.removeIf(after::hasLocation);
        return new AuditPlan(
                definitions(before, after),
                types,
                locations,
                after.constraints().stream()
                        .filter(constraint -> !constraint.fromNowOn() && rulesMore(before, after, constraint))
                        .toList());
    }

    boolean isEmpty() {
        return definitions.isEmpty() && types.isEmpty() && locations.isEmpty() && constraints.isEmpty();
    }

    private static Map<DefinitionName, Optional<Definition>> definitions(Schema before, Schema after) {
        var narrower = new HashMap<DefinitionName, Optional<Definition>>();
        for (var was : before.definitions()) {
            var is = after.definition(was.name());
            if (is.isEmpty() || isNarrower(was, is.get())) {
                narrower.put(was.name(), is);
            }
        }
        return narrower;
    }

    private static boolean isNarrower(Definition was, Definition is) {
        return was.type() != is.type()
                || isNarrower(was.carrier(), is.carrier())
                || was.isSet() && !is.isSet()
                || was.variesByLocation() && !is.variesByLocation()
                || is.target().isPresent() && !is.target().equals(was.target())
                || is.maxBytes() < was.maxBytes();
    }

    /// No carrier means every type but those of schema and bookkeeping.
    private static boolean isNarrower(Optional<TypeName> was, Optional<TypeName> is) {
        return !is.equals(was)
                && (is.isPresent()
                        || was.filter(type -> type.isSchema() || type.isBookkeeping())
                                .isPresent());
    }

    private static boolean rulesMore(Schema before, Schema after, Constraint is) {
        var was = before.constraint(is.name());
        return was.isEmpty()
                || was.get().fromNowOn()
                || !demand(was.get()).equals(demand(is))
                || is.type().isEmpty() && !carrier(before, is).equals(carrier(after, is))
                || rulesMorePlaces(before, after, is);
    }

    private static List<Object> demand(Constraint constraint) {
        var rule = constraint.rule() instanceof Rule.Refer(var target, var onDelete)
                ? new Rule.Refer(target, OnDelete.BLOCK) // what happens later is no demand on what stands
                : constraint.rule();
        return List.of(constraint.type(), constraint.definition(), rule);
    }

    private static Optional<TypeName> carrier(Schema schema, Constraint constraint) {
        return schema.definition(constraint.definition()).flatMap(Definition::carrier);
    }

    private static boolean rulesMorePlaces(Schema before, Schema after, Constraint constraint) {
        return constraint.rule() instanceof Rule.Required(var perLocation, var group)
                && perLocation
                && !Set.copyOf(before.locations(group)).containsAll(after.locations(group));
    }
}
