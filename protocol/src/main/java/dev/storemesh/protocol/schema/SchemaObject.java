package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An object of one of the schema types, as it stands.
public record SchemaObject(ObjectToken token, TypeName type, List<Attribute> attributes) {
    public SchemaObject {
        attributes = List.copyOf(attributes);
    }

    /// The values of one of its type's definitions, such as `name`.
    Stream<Value> values(String name) {
        DefinitionName definition = StandardSchema.name(type, name);
        return attributes.stream()
                .filter(attribute -> attribute.definition().equals(definition))
                .map(Attribute::value);
    }

    Optional<Value> value(String name) {
        return values(name).findFirst();
    }
}
