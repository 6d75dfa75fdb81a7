package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The rule that no two objects have, or show, the same value.
final class UniqueRules {
    /// The global place first, then the locations.
    static final Comparator<Optional<LocationId>> PLACES =
            Comparator.comparing(place -> place.map(LocationId::text).orElse(""));

    private final Surroundings end;

    UniqueRules(Surroundings end) {
        this.end = end;
    }

    Stream<Violation> judge(Constraint constraint, Subject subject) {
        return constraint.rule() instanceof Rule.Unique(var perLocation)
                ? perLocation ? shown(constraint, subject) : held(constraint, subject)
                : Stream.empty();
    }

    /// One for each value that another object holds, wherever.
    private Stream<Violation> held(Constraint constraint, Subject subject) {
        var firsts = new LinkedHashMap<Value, Attribute>();
        subject.rows(constraint.definition()).stream()
                .sorted(Comparator.comparing(Attribute::location, PLACES))
                .forEach(row -> firsts.putIfAbsent(row.value(), row));
        return firsts.values().stream()
                .flatMap(row -> others(constraint, subject, row.value())
                        .findFirst()
                        .map(other -> violation(constraint, subject.object(), row.slot(), row.value(), other.object()))
                        .stream());
    }

    /// One for each value and place in whose view another object shows it.
    private Stream<Violation> shown(Constraint constraint, Subject subject) {
        var definition = constraint.definition();
        return subject.rows(definition).stream()
                .map(Attribute::value)
                .distinct()
                .flatMap(value -> clashes(constraint, subject, value).entrySet().stream()
                        .map(clash -> violation(
                                constraint,
                                subject.object(),
                                new Slot(definition, clash.getKey()),
                                value,
                                clash.getValue())));
    }

    /// The places where both show the value, each with the first of the others.
    private Map<Optional<LocationId>, ObjectToken> clashes(Constraint constraint, Subject subject, Value value) {
        var clashes = new TreeMap<Optional<LocationId>, ObjectToken>(PLACES);
        others(constraint, subject, value)
                .forEach(other -> bothShow(constraint.definition(), subject, other, value)
                        .forEach(place -> clashes.putIfAbsent(place, other.object())));
        return clashes;
    }

    private static Stream<Optional<LocationId>> bothShow(
            DefinitionName definition, Subject subject, Subject other, Value value) {
        var mine = subject.places(definition);
        var theirs = other.places(definition);
        return Stream.of(List.of(Optional.<LocationId>empty()), mine.keySet(), theirs.keySet())
                .flatMap(places -> places.stream())
                .distinct()
                .filter(place -> shows(mine, place, value) && shows(theirs, place, value));
    }

    private static boolean shows(
            Map<Optional<LocationId>, Set<Value>> places, Optional<LocationId> place, Value value) {
        var own = places.get(place);
        var seen = own == null ? places.get(Optional.<LocationId>empty()) : own;
        return seen != null && seen.contains(value);
    }

    /// In the order of their tokens.
    private Stream<Subject> others(Constraint constraint, Subject subject, Value value) {
        return end.holders(constraint.definition(), value).stream()
                .filter(holder -> !holder.equals(subject.object()))
                .sorted()
                .flatMap(holder -> end.object(holder).stream())
                .filter(holder -> constraint.rules(holder.type()))
                .map(Subject::of);
    }

    static Violation violation(Constraint constraint, ObjectToken object, Slot slot, Value value, ObjectToken other) {
        return Finding.of(
                constraint,
                Code.NOT_UNIQUE,
                object,
                new Attribute(slot.definition(), slot.location(), value),
                "The object " + other + " has this value of " + slot.definition() + " already.");
    }
}
