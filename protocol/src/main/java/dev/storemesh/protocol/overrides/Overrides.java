package dev.storemesh.protocol.overrides;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where stores differ from what is global, found in objects of which all rows are given. Pure.
public final class Overrides {
    private Overrides() {}

    /// Those of one object, in order of definition, then location.
    public static List<SlotOverride> of(ObjectView.Live all) {
        var slots = new LinkedHashMap<Slot, List<Row>>();
        all.rows()
                .forEach(row -> slots.computeIfAbsent(row.slot(), unused -> new ArrayList<>(1))
                        .add(row));
        return slots.entrySet().stream()
                .flatMap(slot -> slot
                        .getKey()
                        .location()
                        .map(location -> new SlotOverride(
                                all.object(),
                                all.type(),
                                slot.getKey().definition(),
                                location,
                                slot.getValue(),
                                slots.getOrDefault(new Slot(slot.getKey().definition(), Optional.empty()), List.of())))
                        .stream())
                .toList();
    }

    /// The locations, of those given, that do not show an object: it is disabled there, or has values at others only.
    /// None, where it is shown nowhere.
    public static List<LocationId> missing(ObjectView.Live all, Collection<LocationId> locations) {
        var missing = locations.stream()
                .filter(location -> !isShown(all, Optional.of(location)))
                .toList();
        return missing.size() < locations.size() || isShown(all, Optional.empty()) ? missing : List.of();
    }

    /// Whether one location shows the object, or who has no location of their own.
    private static boolean isShown(ObjectView.Live all, Optional<LocationId> location) {
        var enabled = flag(all, location).or(() -> flag(all, Optional.empty())).orElse(true);
        return enabled
                && all.rows().stream()
                        .map(row -> row.attribute().location())
                        .anyMatch(place -> place.isEmpty() || place.equals(location));
    }

    private static Optional<Boolean> flag(ObjectView.Live all, Optional<LocationId> location) {
        return all.rows().stream()
                .map(Row::attribute)
                .filter(attribute -> attribute.definition().equals(StandardSchema.ENABLED)
                        && attribute.location().equals(location))
                .map(attribute -> attribute.value().equals(new Value.Flag(true)))
                .findFirst();
    }

    /// What ends these, so that their locations show what is global: one operation for each object.
    public static List<Operation> clearing(List<SlotOverride> overrides) {
        return overrides.stream()
                .collect(Collectors.groupingBy(SlotOverride::object, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(object -> put(
                        object.getKey(),
                        List.of(),
                        object.getValue().stream().map(SlotOverride::slot).toList()))
                .toList();
    }

    /// What gives an object these values of a definition, and no others, at every location.
    public static List<Operation> everywhere(ObjectView.Live all, DefinitionName definition, List<Literal> values) {
        var slots = all.rows().stream()
                .map(Row::slot)
                .filter(slot -> slot.definition().equals(definition))
                .distinct()
                .toList();
        var global = new Slot(definition, Optional.empty());
        var setting = put(
                all.object(),
                values.stream()
                        .map(value -> new Operation.Setting(global, value))
                        .toList(),
                List.of());
        return slots.isEmpty() ? List.of(setting) : List.of(put(all.object(), List.of(), slots), setting);
    }

    private static Operation put(ObjectToken object, List<Operation.Setting> set, List<Slot> unset) {
        return new Operation.Put(
                new ObjectRef.Known(object),
                false,
                Optional.empty(),
                set,
                unset.stream()
                        .map(slot -> new Operation.Unsetting(slot, Optional.empty()))
                        .toList(),
                Optional.empty());
    }
}
