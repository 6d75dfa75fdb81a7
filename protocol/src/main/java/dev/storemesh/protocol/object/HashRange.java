package dev.storemesh.protocol.object;

/// The part of all objects and idempotency keys that one partition owns: one of `count` equal ranges of the hash of
/// [PageKey], numbered from 0 in page order.
public record HashRange(int number, int count) {
    /// All there is.
    public static final HashRange WHOLE = new HashRange(0, 1);

    public HashRange {
        if (number < 0 || number >= count) {
            throw new IllegalArgumentException("number: " + number + " (expected: 0 to " + (count - 1) + ")");
        }
    }

    /// That of a partition of this generation: see [PartitionMap#doubled()].
    public static HashRange of(int generation, int number) {
        return new HashRange(number, 1 << generation - 1);
    }

    /// The number of the range that has this hash, where there are so many.
    static int numberOf(int hash, int count) {
        return (int) (Integer.toUnsignedLong(hash) * count >>> 32);
    }

    boolean isWhole() {
        return count == 1;
    }

    boolean holds(PageKey key) {
        return numberOf(key.hash(), count) == number;
    }

    /// Whether what is routed by `text` is in it: an object's token, or an idempotency key.
    public boolean holds(String text) {
        return numberOf(PageKey.hash(text), count) == number;
    }
}
