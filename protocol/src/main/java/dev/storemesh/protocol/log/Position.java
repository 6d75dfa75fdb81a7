package dev.storemesh.protocol.log;

/// A place in a log: the sequence number of a journal row, from 1; 0 is before the first. Feeds, look-ups and reads
/// carry the position they need, so that a partition knows whether it is behind.
public record Position(long number) implements Comparable<Position> {
    public static final Position START = new Position(0);

    public Position {
        if (number < 0) {
            throw new IllegalArgumentException("position: " + number + " (expected: >= 0)");
        }
    }

    public Position next() {
        return new Position(number + 1);
    }

    public boolean isAfter(Position other) {
        return number > other.number;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
