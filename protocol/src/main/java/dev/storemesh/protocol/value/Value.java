package dev.storemesh.protocol.value;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Currency;

/// What an attribute holds. Values compare by what they mean: the decimals `12.5` and `12.50` are equal, and each
/// keeps the digits it was written with.
public sealed interface Value {
    /// The largest integer that JSON numbers carry exactly everywhere (RFC 8259, section 6): 2⁵³−1.
    long MAX_INTEGER = (1L << 53) - 1;

    ValueType type();

    /// As it stands in JSON.
    Literal literal();

    record Text(String text) implements Value {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public Literal literal() {
            return new Literal.Text(text);
        }
    }

    /// Within ±(2⁵³−1).
    record Whole(long number) implements Value {
        public Whole {
            checkRange("integer", number);
        }

        @Override
        public ValueType type() {
            return ValueType.INTEGER;
        }

        @Override
        public Literal literal() {
            return new Literal.Whole(number);
        }
    }

    /// At most 34 digits (IEEE 754 decimal128), written plainly: no exponent, no leading zeros, no negative zero.
    record Decimal(BigDecimal number) implements Value {
        private static final int DIGITS = 34;

        public Decimal {
            var digits =
                    number.toPlainString().chars().filter(Character::isDigit).count();
            if (digits > DIGITS || number.scale() < 0) {
                throw new IllegalArgumentException("decimal: " + digits + " digits (expected: at most " + DIGITS + ")");
            }
        }

        /// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?`.
        public static Decimal parse(String text) {
            if (!isPlain(text) || text.length() > DIGITS + 3) {
                throw new IllegalArgumentException("decimal: " + Names.shown(text)
                        + " (expected: digits such as \"12.50\", at most " + DIGITS + ")");
            }
            var number = new BigDecimal(text);
            if (number.signum() == 0 && text.startsWith("-")) {
                throw new IllegalArgumentException(
                        "decimal: " + Names.shown(text) + " (expected: zero without a sign)");
            }
            return new Decimal(number);
        }

        private static boolean isPlain(String text) {
            var i = text.startsWith("-") ? 1 : 0;
            var whole = digits(text, i);
            if (whole == i || text.charAt(i) == '0' && whole > i + 1) {
                return false;
            }
            if (whole == text.length()) {
                return true;
            }
            return text.charAt(whole) == '.' && digits(text, whole + 1) == text.length() && whole + 1 < text.length();
        }

        private static int digits(String text, int from) {
            var i = from;
            while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                i++;
            }
            return i;
        }

        @Override
        public ValueType type() {
            return ValueType.DECIMAL;
        }

        @Override
        public Literal literal() {
            return new Literal.Text(number.toPlainString());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Decimal decimal && number.compareTo(decimal.number) == 0;
        }

        @Override
        public int hashCode() {
            return number.stripTrailingZeros().hashCode();
        }
    }

    record Flag(boolean flag) implements Value {
        @Override
        public ValueType type() {
            return ValueType.BOOLEAN;
        }

        @Override
        public Literal literal() {
            return new Literal.Flag(flag);
        }
    }

    /// UTC, in milliseconds; years 0001 to 9999, as RFC 3339 writes them.
    record Moment(Instant instant) implements Value {
        private static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
        private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

        public Moment {
            if (instant.isBefore(FIRST)
                    || instant.isAfter(LAST)
                    || !instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))) {
                throw new IllegalArgumentException(
                        "instant: " + instant + " (expected: whole milliseconds, years 0001 to 9999)");
            }
        }

        /// `2026-01-31T08:00:00.000Z`, always with three digits of milliseconds.
        public static String format(Instant instant) {
            return FORMAT.format(instant);
        }

        /// RFC 3339 in UTC (`Z`), with at most three digits of a second's fraction.
        public static Instant parse(String text) {
            var dot = text.indexOf('.');
            if (!text.endsWith("Z")
                    || dot >= 0 && text.length() - dot > 5
                    || text.length() > 24
                    || text.length() < 20) {
                throw malformed(text);
            }
            Instant instant;
            try {
                instant = new Moment(Instant.parse(text)).instant();
            } catch (DateTimeException e) {
                throw malformed(text);
            }
            // Java takes 24:00:00, :60 and a bare dot, too, and means another text by them
            if (!format(instant).startsWith(text.substring(0, text.length() - 1)) || text.endsWith(".Z")) {
                throw malformed(text);
            }
            return instant;
        }

        private static IllegalArgumentException malformed(String text) {
            return new IllegalArgumentException(
                    "instant: " + Names.shown(text) + " (expected: UTC such as \"2026-01-31T08:00:00.000Z\")");
        }

        @Override
        public ValueType type() {
            return ValueType.INSTANT;
        }

        @Override
        public Literal literal() {
            return new Literal.Text(format(instant));
        }
    }

    /// An amount in the currency's minor units (cents), within ±(2⁵³−1), and the currency by ISO 4217.
    record Money(long amount, String currency) implements Value {
        public Money {
            checkRange("amount", amount);
            if (!Currencies.KNOWN.contains(currency)) {
                throw new IllegalArgumentException(
                        "currency: " + Names.shown(currency) + " (expected: a code of ISO 4217 such as USD)");
            }
        }

        @Override
        public ValueType type() {
            return ValueType.MONEY;
        }

        @Override
        public Literal literal() {
            return new Literal.Amount(amount, currency);
        }
    }

    /// Names another object of the same catalog.
    record Reference(ObjectToken target) implements Value {
        @Override
        public ValueType type() {
            return ValueType.REFERENCE;
        }

        @Override
        public Literal literal() {
            return new Literal.Text(target.text());
        }
    }

    /// The value that a literal stands for where `type` is asked for.
    ///
    /// @throws IllegalArgumentException if it is none, saying what was expected
    static Value read(ValueType type, Literal literal) {
        return switch (type) {
            case STRING -> literal instanceof Literal.Text(var text) ? new Text(text) : wrong(type, literal);
            case INTEGER -> literal instanceof Literal.Whole(var number) ? new Whole(number) : wrong(type, literal);
            case DECIMAL -> literal instanceof Literal.Text(var text) ? Decimal.parse(text) : wrong(type, literal);
            case BOOLEAN -> literal instanceof Literal.Flag(var flag) ? new Flag(flag) : wrong(type, literal);
            case INSTANT ->
                literal instanceof Literal.Text(var text) ? new Moment(Moment.parse(text)) : wrong(type, literal);
            case MONEY ->
                literal instanceof Literal.Amount(var amount, var currency)
                        ? new Money(amount, currency)
                        : wrong(type, literal);
            case REFERENCE ->
                literal instanceof Literal.Text(var text) ? new Reference(new ObjectToken(text)) : wrong(type, literal);
        };
    }

    private static Value wrong(ValueType type, Literal literal) {
        throw new WrongValueType(type, literal);
    }

    private static void checkRange(String what, long number) {
        if (number < -MAX_INTEGER || number > MAX_INTEGER) {
            throw new IllegalArgumentException(what + ": " + number + " (expected: within ±9007199254740991)");
        }
    }

    /// The shape of the literal does not fit the type at all.
    final class WrongValueType extends IllegalArgumentException {
        WrongValueType(ValueType type, Literal literal) {
            super("value: " + literal.kind() + " (expected: " + type.wireName() + ")");
        }
    }

    /// Read once: `Currency.getInstance` throws for each unknown code.
    final class Currencies {
        private static final java.util.Set<String> KNOWN = Currency.getAvailableCurrencies().stream()
                .map(Currency::getCurrencyCode)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());

        private Currencies() {}
    }
}
