package dev.storemesh.protocol.model;

import dev.storemesh.protocol.value.Literal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;

/// What a literal means where a definition asks for a type, as text.
final class Meanings {
    private static final String DECIMAL = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";
    private static final String TOKEN = "[A-Za-z0-9._~-]{1,64}";

    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Meanings() {}

    /// The literal is nothing of that type; the code says how.
    static final class NoValue extends Exception {
        final String code;

        NoValue(String code) {
            super(code);
            this.code = code;
        }
    }

    static String read(Def definition, Literal literal) throws NoValue {
        var meaning = read(definition.valueType(), literal);
        if (definition.valueType().equals("string")
                && text(meaning).getBytes(StandardCharsets.UTF_8).length > definition.maxBytes()) {
            throw new NoValue("invalid_value");
        }
        return meaning;
    }

    static String read(String type, Literal literal) throws NoValue {
        return type + ":"
                + switch (type) {
                    case "integer" -> whole(literal);
                    case "boolean" -> flag(literal);
                    case "money" -> money(literal);
                    case "decimal" -> decimal(needText(literal));
                    case "instant" -> instant(needText(literal));
                    case "reference" -> matching(needText(literal), TOKEN);
                    default -> needText(literal);
                };
    }

    /// A value as it is shown: as it was written, but for instants, which have three digits of a second's fraction.
    static Literal shown(String meaning, Literal written) {
        return type(meaning).equals("instant")
                ? new Literal.Text(SHOWN.format(Instant.ofEpochMilli(Long.parseLong(text(meaning)))))
                : written;
    }

    /// What stands after the type.
    static String text(String meaning) {
        return meaning.substring(meaning.indexOf(':') + 1);
    }

    static String type(String meaning) {
        return meaning.substring(0, meaning.indexOf(':'));
    }

    /// Of an integer, decimal or amount.
    static BigDecimal number(String meaning) {
        return new BigDecimal(text(meaning).split(" ", 2)[0]);
    }

    private static String needText(Literal literal) throws NoValue {
        if (literal instanceof Literal.Text(var text)) {
            return text;
        }
        throw new NoValue("wrong_value_type");
    }

    private static String whole(Literal literal) throws NoValue {
        if (!(literal instanceof Literal.Whole(var number))) {
            throw new NoValue("wrong_value_type");
        }
        return bounded(number);
    }

    private static String bounded(long number) throws NoValue {
        if (number > 9007199254740991L || number < -9007199254740991L) {
            throw new NoValue("invalid_value");
        }
        return Long.toString(number);
    }

    private static String flag(Literal literal) throws NoValue {
        if (!(literal instanceof Literal.Flag(var flag))) {
            throw new NoValue("wrong_value_type");
        }
        return Boolean.toString(flag);
    }

    private static String money(Literal literal) throws NoValue {
        if (!(literal instanceof Literal.Amount(var amount, var currency))) {
            throw new NoValue("wrong_value_type");
        }
        if (!isCurrency(currency)) {
            throw new NoValue("invalid_value");
        }
        return bounded(amount) + " " + currency;
    }

    static boolean isCurrency(String code) {
        return Currency.getAvailableCurrencies().stream()
                .anyMatch(currency -> currency.getCurrencyCode().equals(code));
    }

    private static String decimal(String text) throws NoValue {
        var number = new BigDecimal(matching(text, DECIMAL));
        if (text.replaceAll("[^0-9]", "").length() > 34 || number.signum() == 0 && text.startsWith("-")) {
            throw new NoValue("invalid_value");
        }
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String instant(String text) throws NoValue {
        try {
            return Long.toString(Instant.parse(text).toEpochMilli());
        } catch (DateTimeException e) {
            throw new NoValue("invalid_value");
        }
    }

    private static String matching(String text, String regex) throws NoValue {
        if (!text.matches(regex)) {
            throw new NoValue("invalid_value");
        }
        return text;
    }
}
