package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.ValueType;
import java.util.Locale;
import java.util.Set;

/// The kinds of constraints: which values they rule, and what is said beside their kind. In JSON in lower case.
enum RuleKind {
    REQUIRED,
    CARDINALITY,
    RANGE,
    LENGTH,
    PATTERN,
    ONE_OF,
    UNIQUE,
    REFERENCE,
    GLOBAL_ONLY,
    AUTHORITY;

    private static final Set<String> COMMON = Set.of("name", "kind", "type", "definition", "fromNowOn", "message");

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean rules(ValueType type) {
        return switch (this) {
            case RANGE -> type == ValueType.INTEGER || type == ValueType.DECIMAL || type == ValueType.MONEY;
            case LENGTH, PATTERN -> type == ValueType.STRING;
            case ONE_OF -> type != ValueType.MONEY;
            case REFERENCE -> type == ValueType.REFERENCE;
            case REQUIRED, CARDINALITY, UNIQUE, GLOBAL_ONLY, AUTHORITY -> true;
        };
    }

    boolean knows(String field) {
        return COMMON.contains(field) || parameters().contains(field);
    }

    private Set<String> parameters() {
        return switch (this) {
            case REQUIRED -> Set.of("perLocation", "group");
            case CARDINALITY, RANGE, LENGTH -> Set.of("min", "max");
            case PATTERN -> Set.of("pattern");
            case ONE_OF -> Set.of("value");
            case UNIQUE -> Set.of("perLocation");
            case REFERENCE -> Set.of("target", "onDelete");
            case GLOBAL_ONLY -> Set.of();
            case AUTHORITY -> Set.of("authority");
        };
    }
}
