package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.ValueType;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// The kinds of constraints: which values they rule, and what is said beside their kind. In JSON in lower case.
enum RuleKind {
    REQUIRED(EnumSet.allOf(ValueType.class), "perLocation", "group"),
    CARDINALITY(EnumSet.allOf(ValueType.class), "min", "max"),
    RANGE(EnumSet.of(ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY), "min", "max"),
    LENGTH(EnumSet.of(ValueType.STRING), "min", "max"),
    PATTERN(EnumSet.of(ValueType.STRING), "pattern"),
    ONE_OF(EnumSet.complementOf(EnumSet.of(ValueType.MONEY)), "value"),
    UNIQUE(EnumSet.allOf(ValueType.class), "perLocation"),
    REFERENCE(EnumSet.of(ValueType.REFERENCE), "target", "onDelete"),
    GLOBAL_ONLY(EnumSet.allOf(ValueType.class));

    private static final Set<String> COMMON = Set.of("name", "kind", "type", "definition", "fromNowOn", "message");

    private final Set<ValueType> types;
    private final Set<String> parameters;

    RuleKind(Set<ValueType> types, String... parameters) {
        this.types = types;
        this.parameters = Set.of(parameters);
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean rules(ValueType type) {
        return types.contains(type);
    }

    boolean knows(String field) {
        return COMMON.contains(field) || parameters.contains(field);
    }
}
