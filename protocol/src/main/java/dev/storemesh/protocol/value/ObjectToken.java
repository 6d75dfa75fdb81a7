package dev.storemesh.protocol.value;

/// The name of an object: unique in its catalog and never reused, also after a delete. `[A-Za-z0-9._~-]{1,64}`;
/// servers make ULIDs, clients may choose. Tokens that begin with `sys.` or `cr-` are the servers' own.
public record ObjectToken(String text) implements Comparable<ObjectToken> {
    public ObjectToken {
        Names.unreserved("object", text);
    }

    /// Whether only servers may make an object of this name.
    public boolean isReserved() {
        return text.startsWith("sys.") || text.startsWith("cr-");
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
