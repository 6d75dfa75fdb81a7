package dev.storemesh.protocol.bulk;

import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The types whose objects others refer to by the schema. An export writes their objects before the others, and an
/// import that deletes does so after them.
public final class ReferredTypes {
    private ReferredTypes() {}

    /// Each after the types that its own objects refer to; else by name, as where types refer to each other in a
    /// circle.
    public static List<TypeName> inOrder(Schema schema) {
        var targets = new TreeSet<TypeName>();
        schema.definitions().forEach(definition -> targets(schema, definition).forEach(targets::add));
        targets.removeIf(type -> type.isSchema() || type.isBookkeeping());
        var needed = needed(schema, targets);
        var ordered = new ArrayList<TypeName>();
        while (!targets.isEmpty()) {
            var first = targets.stream()
                    .filter(type -> needed.getOrDefault(type, Set.of()).stream().noneMatch(targets::contains))
                    .findFirst()
                    .orElseGet(targets::first);
            ordered.add(first);
            targets.remove(first);
        }
        return ordered;
    }

    private static Map<TypeName, Set<TypeName>> needed(Schema schema, Set<TypeName> types) {
        var needed = new HashMap<TypeName, Set<TypeName>>();
        for (var definition : schema.definitions()) {
            var targets = targets(schema, definition).toList();
            types.stream()
                    .filter(definition::isCarriedBy)
                    .forEach(type -> targets.stream()
                            .filter(target -> !target.equals(type))
                            .forEach(target -> needed.computeIfAbsent(type, unused -> new TreeSet<>())
                                    .add(target)));
        }
        return needed;
    }

    private static Stream<TypeName> targets(Schema schema, Definition definition) {
        return Stream.concat(
                definition.target().stream(),
                schema.constraintsOn(definition.name()).stream()
                        .flatMap(constraint -> constraint.rule() instanceof Rule.Refer(var target, var onDelete)
                                ? target.stream()
                                : Optional.<TypeName>empty().stream()));
    }
}
