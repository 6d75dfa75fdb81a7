package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The attributes of one schema object by the last part of their names, and what is wrong with them.
final class SchemaFields {
    private final SchemaObject object;
    private final Map<String, List<Value>> values = new HashMap<>();
    private final List<Violation> faults = new ArrayList<>();

    SchemaFields(SchemaObject object) {
        this.object = object;
        var prefix = object.type() + ".";
        for (var attribute : object.attributes()) {
            var name = attribute.definition().text();
            if (name.startsWith(prefix)) {
                values.computeIfAbsent(name.substring(prefix.length()), n -> new ArrayList<>())
                        .add(attribute.value());
            }
        }
    }

    SchemaObject object() {
        return object;
    }

    List<Violation> faults() {
        return faults;
    }

    boolean isSound() {
        return faults.isEmpty();
    }

    boolean has(String field) {
        return values.containsKey(field);
    }

    Set<String> names() {
        return values.keySet();
    }

    List<Value> all(String field) {
        return values.getOrDefault(field, List.of());
    }

    Optional<Value> value(String field) {
        return all(field).stream().findFirst();
    }

    Optional<String> text(String field) {
        return value(field).flatMap(v -> v instanceof Value.Text(var text) ? Optional.of(text) : Optional.empty());
    }

    boolean flag(String field) {
        return value(field).filter(new Value.Flag(true)::equals).isPresent();
    }

    Optional<Long> whole(String field) {
        return value(field).flatMap(v -> v instanceof Value.Whole(var number) ? Optional.of(number) : Optional.empty());
    }

    Optional<BigDecimal> decimal(String field) {
        return value(field)
                .flatMap(v -> v instanceof Value.Decimal(var number) ? Optional.of(number) : Optional.empty());
    }

    /// What a field stands for, where there is one.
    ///
    /// @param parser throws an [IllegalArgumentException] for what it does not know
    <T> Optional<T> read(String field, Function<String, T> parser) {
        try {
            return text(field).map(parser);
        } catch (IllegalArgumentException e) {
            refuse(Code.INVALID_SCHEMA, field, "The attribute " + field + " does not read: " + e.getMessage() + ".");
            return Optional.empty();
        }
    }

    /// Like [#read]; that there is none is a fault.
    <T> Optional<T> need(String field, Function<String, T> parser) {
        if (text(field).isEmpty()) {
            refuse(Code.INVALID_SCHEMA, field, "The attribute " + field + " is missing.");
        }
        return read(field, parser);
    }

    void refuse(Code code, String field, String message) {
        var violation = Violation.of(code, object.token().text(), slot(field), message);
        faults.add(value(field).map(Value::literal).map(violation::with).orElse(violation));
    }

    /// Refuses one of several values.
    void refuse(Code code, String field, Literal value, String message) {
        faults.add(
                Violation.of(code, object.token().text(), slot(field), message).with(value));
    }

    private Slot slot(String field) {
        return new Slot(StandardSchema.name(object.type(), field), Optional.empty());
    }
}
