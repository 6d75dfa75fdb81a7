package dev.storemesh.protocol.value;

/// A store of the chain: a site of its own, and the location of what belongs to it. `[a-z0-9][a-z0-9-]{0,39}`.
public record StoreId(String text) implements Comparable<StoreId> {
    private static final int LENGTH = 40;

    public StoreId {
        var fits = !text.isEmpty() && text.length() <= LENGTH && text.charAt(0) != '-';
        for (var i = 0; fits && i < text.length(); i++) {
            var c = text.charAt(i);
            fits = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-';
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "store: " + Names.shown(text) + " (expected: 1 to " + LENGTH + " of a-z 0-9 -)");
        }
    }

    public LocationId location() {
        return new LocationId(text);
    }

    @Override
    public int compareTo(StoreId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
