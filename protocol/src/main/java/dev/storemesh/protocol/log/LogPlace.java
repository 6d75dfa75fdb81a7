package dev.storemesh.protocol.log;

/// How much of a log somebody holds: all up to `version`, and the first `steps` steps of the one after it.
public record LogPlace(Version version, int steps) implements Comparable<LogPlace> {
    public LogPlace {
        if (steps < 0) {
            throw new IllegalArgumentException("step: " + steps + " (expected: >= 0)");
        }
    }

    /// Right after a whole version.
    public static LogPlace of(Version version) {
        return new LogPlace(version, 0);
    }

    public boolean isAfter(LogPlace other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(LogPlace other) {
        var order = version.compareTo(other.version);
        return order != 0 ? order : Integer.compare(steps, other.steps);
    }

    @Override
    public String toString() {
        return steps == 0 ? version.toString() : version + " and " + steps + " steps";
    }
}
