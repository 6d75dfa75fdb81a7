package dev.storemesh.protocol.value;

/// The name of a merchant's one catalog, the same at every site. `[a-z0-9][a-z0-9_-]{0,62}`.
public record CatalogId(String text) implements Comparable<CatalogId> {
    private static final int LENGTH = 63;

    public CatalogId {
        var fits = !text.isEmpty() && text.length() <= LENGTH && text.charAt(0) != '-' && text.charAt(0) != '_';
        for (var i = 0; fits && i < text.length(); i++) {
            var c = text.charAt(i);
            fits = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "catalog: " + Names.shown(text) + " (expected: 1 to " + LENGTH + " of a-z 0-9 _ -)");
        }
    }

    @Override
    public int compareTo(CatalogId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
