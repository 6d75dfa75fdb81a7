package dev.storemesh.protocol.log;

/// What a reader of a catalog can see: 1, 2, 3 …, one per write or whole transaction; 0 before the first. Only grows;
/// a void one is never given out again. Not a position: one row of the journal may make many versions, or none.
public record Version(long number) implements Comparable<Version> {
    public static final Version NONE = new Version(0);

    public Version {
        if (number < 0) {
            throw new IllegalArgumentException("version: " + number + " (expected: >= 0)");
        }
    }

    public Version next() {
        return new Version(number + 1);
    }

    /// The one before it, void or not.
    public Version previous() {
        return new Version(number - 1);
    }

    public boolean isAfter(Version other) {
        return number > other.number;
    }

    @Override
    public int compareTo(Version other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
