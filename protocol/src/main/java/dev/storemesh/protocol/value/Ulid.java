package dev.storemesh.protocol.value;

import java.time.Instant;
import java.util.random.RandomGenerator;

/// Makes ULIDs (github.com/ulid/spec): 48 bits of milliseconds and 80 random bits in 26 characters of Crockford's
/// base 32, so that ids made later sort later.
public final class Ulid {
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 26;

    private Ulid() {}

    public static String make(Instant now, RandomGenerator random) {
        var high = now.toEpochMilli() << 16 | random.nextLong() & 0xFFFF;
        return encode(high, random.nextLong());
    }

    /// The text of 128 bits.
    public static String encode(long high, long low) {
        var text = new char[LENGTH];
        for (var i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (low & 31)];
            low = low >>> 5 | high << 59;
            high >>>= 5;
        }
        return new String(text);
    }
}
