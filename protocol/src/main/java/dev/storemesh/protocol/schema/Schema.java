package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The types, definitions, constraints, locations and decision rules that a catalog knows at one version: the
/// standard ones and the merchant's own. Compares by what is in it.
public final class Schema {
    private final Set<TypeName> types;
    private final Map<DefinitionName, Definition> definitions;
    private final Map<ConstraintName, Constraint> constraints;
    private final Map<LocationId, Location> locations;
    private final List<DecisionRule> decisionRules;
    private final Map<DefinitionName, List<Constraint>> byDefinition;

    public Schema(
            Collection<TypeName> types,
            Collection<Definition> definitions,
            Collection<Constraint> constraints,
            Collection<Location> locations,
            Collection<DecisionRule> decisionRules) {
        this.types = new LinkedHashSet<>(new TreeSet<>(types));
        this.definitions = byName(definitions, Definition::name);
        this.constraints = byName(constraints, Constraint::name);
        this.locations = byName(locations, Location::id);
        this.decisionRules = byName(decisionRules, DecisionRule::name).values().stream()
                .sorted(Comparator.comparingLong(DecisionRule::order))
                .toList();
        this.byDefinition = this.constraints.values().stream()
                .collect(Collectors.groupingBy(Constraint::definition, Collectors.toUnmodifiableList()));
    }

    /// One without decision rules.
    public Schema(
            Collection<TypeName> types,
            Collection<Definition> definitions,
            Collection<Constraint> constraints,
            Collection<Location> locations) {
        this(types, definitions, constraints, locations, List.of());
    }

    /// In the order of the names, and found by their hashes; of two with one name the first counts.
    private static <K extends Comparable<K>, V> Map<K, V> byName(Collection<V> all, Function<V, K> name) {
        return new LinkedHashMap<>(all.stream()
                .collect(Collectors.toMap(name, Function.identity(), (first, second) -> first, TreeMap::new)));
    }

    public boolean hasType(TypeName type) {
        return types.contains(type);
    }

    public boolean hasLocation(LocationId location) {
        return locations.containsKey(location);
    }

    public Optional<Definition> definition(DefinitionName name) {
        return Optional.ofNullable(definitions.get(name));
    }

    public Optional<Constraint> constraint(ConstraintName name) {
        return Optional.ofNullable(constraints.get(name));
    }

    public boolean isReference(DefinitionName name) {
        var definition = definitions.get(name);
        return definition != null && definition.type() == ValueType.REFERENCE;
    }

    public Set<TypeName> types() {
        return Collections.unmodifiableSet(types);
    }

    public Collection<Definition> definitions() {
        return Collections.unmodifiableCollection(definitions.values());
    }

    public Collection<Constraint> constraints() {
        return Collections.unmodifiableCollection(constraints.values());
    }

    public Collection<Location> locations() {
        return Collections.unmodifiableCollection(locations.values());
    }

    /// The constraints on one attribute.
    public List<Constraint> constraintsOn(DefinitionName name) {
        return byDefinition.getOrDefault(name, List.of());
    }

    /// In the order in which they are asked.
    public List<DecisionRule> decisionRules() {
        return decisionRules;
    }

    /// Who decides about an attribute of objects of `type`: what a constraint for this type says, else one for all; HQ
    /// where they differ, or where there is none.
    public Authority authority(DefinitionName name, TypeName type) {
        var all = constraintsOn(name).stream()
                .filter(constraint -> constraint.rule() instanceof Rule.Decided && constraint.rules(type))
                .toList();
        var own =
                all.stream().filter(constraint -> constraint.type().isPresent()).toList();
        var asked = own.isEmpty() ? all : own;
        return !asked.isEmpty()
                        && asked.stream()
                                .allMatch(constraint -> constraint.rule().equals(new Rule.Decided(Authority.STORE)))
                ? Authority.STORE
                : Authority.HQ;
    }

    /// The locations of a group; without one, all.
    public List<LocationId> locations(Optional<String> group) {
        return locations.values().stream()
                .filter(location -> group.isEmpty() || location.group().equals(group))
                .map(Location::id)
                .toList();
    }

    /// The locations that a store's site serves, by id.
    public List<LocationId> servedBy(StoreId store) {
        return locations.values().stream()
                .filter(location -> location.isServedBy(store))
                .map(Location::id)
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Schema schema
                && types.equals(schema.types)
                && definitions.equals(schema.definitions)
                && constraints.equals(schema.constraints)
                && locations.equals(schema.locations)
                && decisionRules.equals(schema.decisionRules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(types, definitions, constraints, locations, decisionRules);
    }
}
