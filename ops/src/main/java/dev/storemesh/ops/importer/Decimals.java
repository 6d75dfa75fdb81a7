package dev.storemesh.ops.importer;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/// Exact numbers as people and databases write them: `-1`, `3.50`, `.5`; no exponents, no thousands marks.
final class Decimals {
    private static final Pattern PLAIN = Pattern.compile("[+-]?(\\d{1,34}(\\.\\d{0,34})?|\\.\\d{1,34})");
    private static final int MOST_DIGITS = 34;

    private Decimals() {}

    static Optional<BigDecimal> parse(String text) {
        if (!PLAIN.matcher(text).matches()) {
            return Optional.empty();
        }
        var number = new BigDecimal(text);
        return number.precision() > MOST_DIGITS ? Optional.empty() : Optional.of(number);
    }

    /// The number when it is whole and every JSON reader holds it exactly.
    static Optional<Long> parseWhole(String text) {
        return parse(text).flatMap(Decimals::whole);
    }

    /// `number` as a count of units of 10^-digits, when it is exactly that.
    static Optional<Long> units(BigDecimal number, int digits) {
        return whole(number.movePointRight(digits));
    }

    private static Optional<Long> whole(BigDecimal number) {
        var isWhole = number.stripTrailingZeros().scale() <= 0;
        var fits = number.abs().compareTo(BigDecimal.valueOf(Value.LARGEST_WHOLE)) <= 0;
        return isWhole && fits ? Optional.of(number.longValueExact()) : Optional.empty();
    }
}
