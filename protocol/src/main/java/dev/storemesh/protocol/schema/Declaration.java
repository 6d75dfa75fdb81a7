package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What somebody says a type, a definition, a constraint or a location shall be: the values of its attributes, among
/// them the one that names it. Not judged yet.
public record Declaration(SchemaKind kind, String name, SortedMap<DefinitionName, List<Literal>> values) {
    public Declaration {
        var copy = new TreeMap<DefinitionName, List<Literal>>();
        values.forEach((definition, literals) -> copy.put(definition, List.copyOf(literals)));
        values = Collections.unmodifiableSortedMap(copy);
    }

    /// Of a kind and name, and nothing else.
    public static Declaration of(SchemaKind kind, String name) {
        return new Declaration(kind, name, new TreeMap<>(Map.of(kind.naming(), List.of(new Literal.Text(name)))));
    }

    /// What a schema object says.
    public static Declaration of(SchemaKind kind, SchemaObject object) {
        var values = object.attributes().stream()
                .collect(Collectors.groupingBy(
                        attribute -> attribute.definition(),
                        TreeMap::new,
                        Collectors.mapping(attribute -> attribute.value().literal(), Collectors.toList())));
        return new Declaration(kind, kind.nameIn(object.attributes()), values);
    }

    Declaration with(String attribute, Literal... literals) {
        var more = new TreeMap<>(values);
        more.put(StandardSchema.name(kind.type(), attribute), List.of(literals));
        return new Declaration(kind, name, more);
    }

    Declaration with(String attribute, String text) {
        return with(attribute, new Literal.Text(text));
    }
}
