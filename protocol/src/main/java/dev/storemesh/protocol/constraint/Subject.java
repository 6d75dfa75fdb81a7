package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// An object under judgement, its rows by definition.
final class Subject {
    private final ObjectToken object;
    private final TypeName type;
    private final Map<DefinitionName, List<Attribute>> rows;

    private Subject(ObjectToken object, TypeName type, Collection<Attribute> rows) {
        this.object = object;
        this.type = type;
        this.rows =
                rows.stream().collect(Collectors.groupingBy(Attribute::definition, TreeMap::new, Collectors.toList()));
    }

    static Subject of(Standing standing) {
        return new Subject(standing.object(), standing.type(), standing.attributes());
    }

    static Subject of(Edit edit) {
        return new Subject(edit.object(), edit.type(), edit.after().orElse(List.of()));
    }

    ObjectToken object() {
        return object;
    }

    TypeName type() {
        return type;
    }

    Set<DefinitionName> definitions() {
        return rows.keySet();
    }

    List<Attribute> rows(DefinitionName definition) {
        return rows.getOrDefault(definition, List.of());
    }

    /// The values of one attribute by the places that have any.
    Map<Optional<LocationId>, Set<Value>> places(DefinitionName definition) {
        var places = new LinkedHashMap<Optional<LocationId>, Set<Value>>();
        rows(definition)
                .forEach(row -> places.computeIfAbsent(row.location(), p -> new LinkedHashSet<>())
                        .add(row.value()));
        return places;
    }
}
