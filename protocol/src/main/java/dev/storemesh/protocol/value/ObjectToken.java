package dev.storemesh.protocol.value;

/// The name of an object: unique in its catalog and never reused, also after a delete. `[A-Za-z0-9._~-]{1,64}`;
/// servers make ULIDs, clients may choose. Tokens that begin with `cr-` are the servers' own; those that begin with
/// `sys.` name schema objects and what servers keep, and no others.
public record ObjectToken(String text) implements Comparable<ObjectToken> {
    /// What the tokens of schema objects begin with.
    public static final String SCHEMA_PREFIX = "sys.";

    public ObjectToken {
        Names.unreserved("object", text);
    }

    /// Whether a text is one.
    public static boolean isToken(String text) {
        return Names.isUnreserved(text);
    }

    /// Whether no data object may have this token.
    public boolean isReserved() {
        return isOfSchema() || text.startsWith("cr-");
    }

    /// Whether a schema object may have this token.
    public boolean isOfSchema() {
        return text.startsWith(SCHEMA_PREFIX);
    }

    @Override
    public int compareTo(ObjectToken other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
