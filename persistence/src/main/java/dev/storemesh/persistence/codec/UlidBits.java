package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.value.Ulid;
import java.util.Arrays;
import java.util.Optional;

/// The 128 bits of a ULID's canonical text: 26 digits of Crockford's base 32 in capitals, the first at most 7
/// (github.com/ulid/spec). Any other text, the same ULID in small letters included, has none, so that each comes back
/// as it was written.
record UlidBits(long high, long low) {
    static final int BYTES = 16;

    private static final int DIGITS = 26;
    private static final byte[] VALUES = values();

    static Optional<UlidBits> of(String text) {
        if (text.length() != DIGITS || text.charAt(0) > '7') {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < DIGITS; i++) {
            var digit = text.charAt(i);
            if (digit >= VALUES.length || VALUES[digit] < 0) {
                return Optional.empty();
            }
            high = (high << 5) | (low >>> 59);
            low = (low << 5) | VALUES[digit];
        }
        return Optional.of(new UlidBits(high, low));
    }

    String text() {
        return Ulid.encode(high, low);
    }

    private static byte[] values() {
        var values = new byte[128];
        Arrays.fill(values, (byte) -1);
        var digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        for (int i = 0; i < digits.length(); i++) {
            values[digits.charAt(i)] = (byte) i;
        }
        return values;
    }
}
