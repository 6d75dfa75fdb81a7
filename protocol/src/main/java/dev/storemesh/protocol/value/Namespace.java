package dev.storemesh.protocol.value;

/// Where the names of an app's types and definitions lie: `com.acme` holds itself, `com.acme.points` and
/// `com.acme.loyalty.tier`, not `com.acmed`. Which case its letters have makes no difference to what it holds.
public record Namespace(String text) implements Comparable<Namespace> {
    public Namespace {
        Names.dotted("namespace", text);
    }

    /// Whether a dotted name is this namespace or lies in it.
    public boolean contains(String dottedName) {
        var length = text.length();
        return dottedName.regionMatches(true, 0, text, 0, length)
                && (dottedName.length() == length || dottedName.charAt(length) == '.');
    }

    /// Whether some name could lie in both.
    public boolean overlaps(Namespace other) {
        return contains(other.text) || other.contains(text);
    }

    /// Whether it lies in `sys` or `retail`, which are the standard's.
    public boolean isReserved() {
        return text.regionMatches(true, 0, "sys.", 0, 4) || text.regionMatches(true, 0, "retail.", 0, 7);
    }

    @Override
    public int compareTo(Namespace other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
