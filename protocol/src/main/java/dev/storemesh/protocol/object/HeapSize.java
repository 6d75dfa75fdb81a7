package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;

/// About how many bytes of the heap things take, on a 64-bit JVM with compressed references and without compact
/// headers. What objects share counts once, where it is made.
final class HeapSize {
    static final int REFERENCE = 4;

    /// The tables of a partition that holds nothing.
    static final int EMPTY_CONTENTS = 2_000;

    /// What the tables of [VersionedObjects] take for an object, half-empty as they are.
    static final int TABLES = 44;

    /// A node of a hash table and its slot.
    static final int HASHED = 40;

    /// An entry of a sorted table, which is three quarters full.
    static final int SORTED = 11;

    private static final int HEADER = 16; // of an array, and of an object with one reference
    private static final int OBJECT = 56; // without what it refers to
    private static final int KEY = 24 + 16; // with its token

    private HeapSize() {}

    static long of(String text) {
        return 24L + array(text.length()); // one byte a character; most texts are Latin
    }

    /// Of an object without its attributes: an array of references for them, and one of versions.
    static long ofObject(String token, int lives, int live, int written, int ended, int spans, int marks) {
        return OBJECT
                + KEY
                + of(token)
                + numbers(lives)
                + references(live)
                + numbers(written)
                + references(ended)
                + numbers(spans)
                + 80L * marks;
    }

    private static long numbers(int count) {
        return count == 0 ? 0 : array((long) Long.BYTES * count);
    }

    private static long references(int count) {
        return count == 0 ? 0 : array((long) REFERENCE * count);
    }

    static long array(long bytes) {
        return HEADER + (bytes + 7 & ~7L);
    }

    /// Of one whose names are shared.
    static long of(Attribute attribute) {
        return 24
                + switch (attribute.value()) {
                    case Value.Text(var text) -> HEADER + of(text);
                    case Value.Reference(var target) -> HEADER; // most targets are there
                    case Value.Decimal decimal -> HEADER + 40;
                    case Value.Whole whole -> 24;
                    case Value.Flag flag -> HEADER;
                    case Value.Moment moment -> HEADER + 24;
                    case Value.Money money -> 24;
                };
    }

    static long of(Provenance provenance) {
        return 400L + provenance.reason().map(String::length).orElse(0);
    }

    static long of(IdempotencyKey key, Remembered answer) {
        return HASHED
                + of(key.text())
                + of(answer.digest())
                + 192L
                + 160L * answer.names().size();
    }
}
