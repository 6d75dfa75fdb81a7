package dev.storemesh.protocol.value;

import java.util.Set;

/// The namespaced name of a type of objects, such as `retail.item`. Types under `sys.` are the standard's own: those
/// of [#isSchema] hold the schema and are written like any other object; the rest is bookkeeping, which servers write
/// and reads leave out unless they ask for one.
public record TypeName(String text) implements Comparable<TypeName> {
    private static final String STANDARD = "sys.";
    private static final Set<String> SCHEMA =
            Set.of("sys.type", "sys.definition", "sys.constraint", "sys.location", "sys.app", "sys.decision_rule");

    public TypeName {
        Names.dotted("type", text);
    }

    /// Whether objects of this type say what other objects may be.
    public boolean isSchema() {
        return isSchema(text);
    }

    /// Whether a text names such a type.
    public static boolean isSchema(String text) {
        return text.startsWith(STANDARD) && SCHEMA.contains(text);
    }

    public boolean isBookkeeping() {
        return text.startsWith(STANDARD) && !SCHEMA.contains(text);
    }

    @Override
    public int compareTo(TypeName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
