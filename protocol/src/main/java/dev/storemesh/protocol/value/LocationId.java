package dev.storemesh.protocol.value;

/// A store or a virtual place of a merchant. An attribute without one is global.
public record LocationId(String text) implements Comparable<LocationId> {
    public LocationId {
        Names.unreserved("location", text);
    }

    @Override
    public int compareTo(LocationId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
