package dev.storemesh.persistence.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Format 2 of a row: format 1, compressed. After the byte 2 come the length of what the row of format 1 holds after
/// its first byte, as a varint, and that in raw DEFLATE (RFC 1951), to the last byte.
///
/// What is unpacked is never longer than [#MOST_TIMES] the row. Writers leave a row that would be as it is, so readers
/// may refuse it before they allocate anything: a bomb costs no more than a sound row of some times its length.
final class Packed {
    static final int FORMAT = 2;

    /// So many times as long as the row may be what it holds; the rows of real catalogs come to 2 to 5.
    static final int MOST_TIMES = 32;

    /// The longest array that every JVM makes.
    private static final int MOST = Integer.MAX_VALUE - 8;

    /// Shorter rows hold little that repeats.
    private static final int WORTH_PACKING = 512;

    /// How hard to try.
    enum Effort {
        /// For rows that somebody waits for.
        LITTLE(Deflater.BEST_SPEED),
        /// For what is written seldom and stands twice: a fifth smaller, for twice the time.
        MORE(6);

        private final int level;

        Effort(int level) {
            this.level = level;
        }
    }

    private Packed() {}

    /// A row of format 1 in the shorter of both formats.
    static byte[] pack(byte[] row, Effort effort) {
        if (row.length < WORTH_PACKING) {
            return row;
        }
        var head = head(row.length - 1);
        var packed = Arrays.copyOf(head, row.length);
        var deflater = new Deflater(effort.level, true);
        try {
            deflater.setInput(row, 1, row.length - 1);
            deflater.finish();
            var length = head.length + deflater.deflate(packed, head.length, packed.length - head.length);
            return deflater.finished() && row.length - 1 <= (long) MOST_TIMES * length
                    ? Arrays.copyOf(packed, length)
                    : row;
        } finally {
            deflater.end();
        }
    }

    private static byte[] head(int length) {
        var head = new byte[6];
        var size = 0;
        head[size++] = FORMAT;
        var rest = length;
        while ((rest & ~0x7f) != 0) {
            head[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        head[size++] = (byte) rest;
        return Arrays.copyOf(head, size);
    }

    /// What a row of format 1 would hold after its first byte.
    ///
    /// @param row from its first byte on
    /// @param length what the row says of it
    /// @param packed the rest of the row
    /// @throws UnreadableRowException if that is not so
    static byte[] unpack(byte[] row, long length, ByteBuffer packed) {
        if (length > Math.min((long) MOST_TIMES * row.length, MOST)) {
            throw new UnreadableRowException("damaged row: " + row.length + " bytes that say they hold " + length
                    + " (expected: at most " + MOST_TIMES + " times as many)");
        }
        var unpacked = new byte[(int) length];
        var inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            var size = inflater.inflate(unpacked);
            if (size == unpacked.length && !inflater.finished()) { // its end may still be to come
                size += inflater.inflate(new byte[1]);
            }
            if (size != unpacked.length || !inflater.finished() || packed.hasRemaining()) {
                throw new UnreadableRowException("damaged row: it does not hold the " + length + " bytes that it says");
            }
            return unpacked;
        } catch (DataFormatException e) {
            throw new UnreadableRowException("damaged row: what it packs cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }
}
