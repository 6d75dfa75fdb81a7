package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Audit.Shown;
import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Finds values that several objects hold, or show, under one uniqueness rule, in what an audit noted of all objects.
/// Says of each object what [UniqueRules] would say if a write had touched it.
final class Clashes {
    private final Constraint constraint;
    private final Map<Shown, Set<ObjectToken>> held;
    private final List<Violation> found = new ArrayList<>();

    Clashes(Constraint constraint, Map<Shown, Set<ObjectToken>> held) {
        this.constraint = constraint;
        this.held = held;
    }

    /// No object shows in one place what another shows there.
    List<Violation> shown() {
        var owners = new HashMap<LocationId, Set<ObjectToken>>();
        held.forEach((shown, holders) -> shown.place()
                .ifPresent(place ->
                        owners.computeIfAbsent(place, p -> new HashSet<>()).addAll(holders)));
        held.forEach((shown, holders) -> {
            var global = new TreeSet<ObjectToken>();
            shown.place().ifPresent(place -> {
                global.addAll(held.getOrDefault(new Shown(Optional.empty(), shown.value()), Set.of()));
                global.removeAll(owners.getOrDefault(place, Set.of()));
            });
            clash(shown, new TreeSet<>(holders), global);
        });
        return found;
    }

    /// @param own those with the value in this very place
    /// @param global those that show it there because they have no own one
    private void clash(Shown shown, Set<ObjectToken> own, Set<ObjectToken> global) {
        var all = new TreeSet<>(own);
        all.addAll(global);
        own.forEach(object -> add(object, shown, all));
        global.forEach(object -> add(object, shown, own));
    }

    /// No object holds anywhere what another holds anywhere.
    List<Violation> held() {
        var places = new HashMap<Value, Map<ObjectToken, Set<Optional<LocationId>>>>();
        held.forEach((shown, holders) ->
                holders.forEach(holder -> places.computeIfAbsent(shown.value(), value -> new TreeMap<>())
                        .computeIfAbsent(holder, object -> new TreeSet<>(UniqueRules.PLACES))
                        .add(shown.place())));
        places.forEach((value, holders) -> holders.forEach(
                (object, where) -> add(object, new Shown(where.iterator().next(), value), holders.keySet())));
        return found;
    }

    private void add(ObjectToken object, Shown shown, Set<ObjectToken> holders) {
        holders.stream()
                .filter(holder -> !holder.equals(object))
                .findFirst()
                .ifPresent(other -> found.add(UniqueRules.violation(
                        constraint, object, new Slot(constraint.definition(), shown.place()), shown.value(), other)));
    }
}
