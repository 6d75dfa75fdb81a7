package dev.storemesh.protocol.value;

/// The kinds of values a definition can ask for; their names in JSON are the lower-case ones.
public enum ValueType {
    STRING,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    INSTANT,
    MONEY,
    REFERENCE;

    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
