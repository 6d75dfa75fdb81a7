package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes schema objects for tests: after the name come fields and their values in turn.
public final class SchemaObjects {
    private SchemaObjects() {}

    public static SchemaObject type(String name, Object... fields) {
        return object(StandardSchema.TYPE, "sys.t-" + name, "name", name, fields);
    }

    public static SchemaObject definition(String name, String valueType, Object... fields) {
        return with(object(StandardSchema.DEFINITION, "sys.d-" + name, "name", name, fields), "valueType", valueType);
    }

    public static SchemaObject constraint(String name, String kind, String definition, Object... fields) {
        var object = object(StandardSchema.CONSTRAINT, "sys.c-" + name, "name", name, fields);
        return with(with(object, "kind", kind), "definition", definition);
    }

    public static SchemaObject location(String id, Object... fields) {
        return with(object(StandardSchema.LOCATION, "sys.l-" + id, "id", id, fields), "kind", "store");
    }

    public static SchemaObject app(String name, Object... fields) {
        return object(StandardSchema.APP, "sys.a-" + name, "name", name, fields);
    }

    static SchemaObject object(TypeName type, String token, String nameField, String name, Object... fields) {
        var object = new SchemaObject(new ObjectToken(token), type, List.of());
        var named = with(object, nameField, name);
        for (var i = 0; i < fields.length; i += 2) {
            named = with(named, (String) fields[i], fields[i + 1]);
        }
        return named;
    }

    /// With another value of a field, or several.
    static SchemaObject with(SchemaObject object, String field, Object value) {
        var attributes = new ArrayList<>(without(object, field).attributes());
        var definition = StandardSchema.name(object.type(), field);
        (value instanceof List<?> list ? list : List.of(value))
                .forEach(one -> attributes.add(new Attribute(definition, Optional.empty(), value(one))));
        return new SchemaObject(object.token(), object.type(), attributes);
    }

    static SchemaObject without(SchemaObject object, String field) {
        var definition = StandardSchema.name(object.type(), field);
        return new SchemaObject(
                object.token(),
                object.type(),
                object.attributes().stream()
                        .filter(attribute -> !attribute.definition().equals(definition))
                        .toList());
    }

    private static Value value(Object value) {
        return switch (value) {
            case String text -> new Value.Text(text);
            case Boolean flag -> new Value.Flag(flag);
            case Integer number -> new Value.Whole(number);
            case BigDecimal number -> new Value.Decimal(number);
            default -> throw new IllegalArgumentException("value: " + value + " (expected: of another class)");
        };
    }
}
