package dev.storemesh.protocol.object;

/// Says of most hashes that were not added that they were not, by a look at one word: a Bloom filter that keeps all
/// bits of a hash in one word (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007).
/// With five hashes in a word of 64 bits, and three bits each, about one in a hundred is let through in vain.
final class ValueFilter {
    private static final int FIRST = 2; // words
    private static final int PER_WORD = 5;

    private final long[] words;
    private int size;

    /// One with room for so many, and for as many again.
    ValueFilter(int expected) {
        words = new long[Integer.highestOneBit(Math.max(FIRST, expected / PER_WORD * 2))];
    }

    /// Whether one with more room is to take its place.
    boolean isFull() {
        return size >= words.length * PER_WORD;
    }

    void add(int hash) {
        var mixed = mix(hash);
        words[place(mixed)] |= bits(mixed);
        size++;
    }

    /// False: it was never added.
    boolean mayHold(int hash) {
        var mixed = mix(hash);
        var bits = bits(mixed);
        return (words[place(mixed)] & bits) == bits;
    }

    long heapBytes() {
        return HeapSize.array((long) Long.BYTES * words.length);
    }

    private int place(long mixed) {
        return (int) (mixed >>> 40) & words.length - 1;
    }

    private static long bits(long mixed) {
        return 1L << mixed | 1L << (mixed >>> 6) | 1L << (mixed >>> 12); // shifts take the lowest six bits
    }

    private static long mix(int hash) {
        var spread = hash * 0x9E3779B97F4A7C15L;
        return (spread ^ spread >>> 32) * 0xD6E8FEB86659FD93L;
    }
}
