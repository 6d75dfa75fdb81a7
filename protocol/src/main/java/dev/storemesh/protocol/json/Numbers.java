package dev.storemesh.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/// Which numbers a JSON text may hold: at most 40 digits, and neither beyond the largest double nor nearer to zero
/// than the smallest, so that no reader makes infinity or nothing of them.
final class Numbers {
    private static final int DIGITS = 40;
    private static final BigDecimal LARGEST = new BigDecimal(Double.MAX_VALUE);
    private static final BigDecimal SMALLEST = new BigDecimal(Double.MIN_VALUE);

    private Numbers() {}

    static void check(JsonNode number) {
        if (!number.isInt() && !number.isLong()) {
            check(number.decimalValue());
        }
    }

    private static void check(BigDecimal number) {
        if (number.precision() > DIGITS) {
            throw new MalformedInput("malformed_json", "", "A number has more than " + DIGITS + " digits.");
        }
        var size = number.abs();
        if (size.compareTo(LARGEST) > 0 || size.signum() > 0 && size.compareTo(SMALLEST) < 0) {
            throw new MalformedInput("malformed_json", "", "A number is beyond those of IEEE 754 (binary64).");
        }
    }
}
