package dev.storemesh.protocol.schema;

import java.util.Locale;

/// How many values a slot may have: one, which a new value replaces, or a set of them. In JSON in lower case.
public enum Cardinality {
    ONE,
    MANY;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
