package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;

/// An object of one of the schema types, as it stands.
public record SchemaObject(ObjectToken token, TypeName type, List<Attribute> attributes) {
    public SchemaObject {
        attributes = List.copyOf(attributes);
    }
}
