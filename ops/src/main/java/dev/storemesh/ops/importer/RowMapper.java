package dev.storemesh.ops.importer;

import dev.storemesh.ops.importer.Remark.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Gathers what one line says, column by column, and ends in a [Row]. Used once, by one thread.
///
/// A column that the file has decides its attribute: a cell with a value states it, an empty cell or a placeholder
/// states that there is none. A cell that cannot be read says nothing, with a [Remark]; so does a column that is
/// not there.
final class RowMapper {
    private static final int LONGEST_TEXT_BYTES = 64 * 1024;

    private final CsvTable.Line line;
    private final String token;
    private final Map<String, Value> values = new HashMap<>();
    private final Set<String> none = new HashSet<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();

    RowMapper(CsvTable.Line line, String token) {
        this.line = line;
        this.token = token;
        if (!line.whole()) {
            refuse("has another number of columns than the header");
        }
    }

    Row end(String type) {
        return reasons.isEmpty()
                ? new Row.Taken(line.number(), new ImportObject(token, type, values, none), remarks)
                : new Row.Refused(line.number(), token, reasons);
    }

    void refuse(String reason) {
        reasons.add(reason);
    }

    void remark(Kind kind, String detail) {
        remarks.add(new Remark(kind, line.number(), token, detail));
    }

    void state(String definition, Value value) {
        values.put(definition, value);
    }

    /// Text as it stands. A text that no catalog takes (over 64 KiB, or with signs that JSON cannot carry) refuses
    /// the row: shortening it would change its meaning.
    boolean text(String column, String definition, Set<String> placeholders) {
        var cell = stated(column, definition, placeholders::contains);
        cell.ifPresent(text -> {
            if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT_BYTES) {
                refuse(column + ": longer than " + LONGEST_TEXT_BYTES + " bytes");
            } else if (text.indexOf('\0') >= 0) {
                refuse(column + ": holds a NUL character");
            } else {
                state(definition, new Value.Text(text));
            }
        });
        return cell.isPresent();
    }

    /// `0` and `1`.
    void flag(String column, String definition) {
        value(column, definition, text -> false, "0 or 1", text -> switch (text) {
            case "0" -> Optional.of(new Value.Flag(false));
            case "1" -> Optional.of(new Value.Flag(true));
            default -> Optional.empty();
        });
    }

    void whole(String column, String definition) {
        value(
                column,
                definition,
                text -> false,
                "a whole number",
                text -> Decimals.parseWhole(text).map(Value.Whole::new));
    }

    /// A number of which 0 means: none.
    void decimal(String column, String definition) {
        value(
                column,
                definition,
                RowMapper::isZero,
                "a number",
                text -> Decimals.parse(text).map(Value.Decimal::new));
    }

    /// An amount of which 0 means: not known.
    void knownMoney(String column, String definition, Currency currency) {
        value(
                column,
                definition,
                RowMapper::isZero,
                expected(currency),
                text -> Decimals.parse(text).flatMap(number -> money(number, currency)));
    }

    /// The price, without which a row is refused; 0 and less are taken, with a remark.
    void price(String column, String definition, Currency currency) {
        var text = line.cell(column).map(String::strip).orElse("");
        var number = Decimals.parse(text);
        var price = number.flatMap(exact -> money(exact, currency));
        if (price.isEmpty()) {
            refuse(column + ": '" + shown(text) + "' (expected: " + expected(currency) + ")");
            return;
        }
        state(definition, price.get());
        var sign = number.map(BigDecimal::signum).orElse(1);
        if (sign < 0) {
            remark(Kind.NEGATIVE_PRICE, text);
        } else if (sign == 0) {
            remark(Kind.ZERO_PRICE, text);
        }
    }

    /// Any other value: `read` makes it of a cell, or cannot.
    <V extends Value> void value(
            String column,
            String definition,
            Predicate<String> isPlaceholder,
            String expected,
            Function<String, Optional<V>> read) {
        stated(column, definition, isPlaceholder).ifPresent(text -> {
            var value = read.apply(text.strip());
            if (value.isPresent()) {
                state(definition, value.get());
            } else {
                remark(Kind.UNUSABLE_VALUE, column + ": '" + shown(text) + "' (expected: " + expected + ")");
            }
        });
    }

    private Optional<String> stated(String column, String definition, Predicate<String> isPlaceholder) {
        if (!line.has(column)) {
            return Optional.empty();
        }
        var cell = line.cell(column).filter(text -> !isPlaceholder.test(text.strip()));
        if (cell.isEmpty()) {
            none.add(definition);
        }
        return cell;
    }

    private static Optional<Value> money(BigDecimal number, Currency currency) {
        return Decimals.units(number, currency.getDefaultFractionDigits())
                .map(amount -> new Value.Money(amount, currency.getCurrencyCode()));
    }

    private static String expected(Currency currency) {
        return "a number with at most " + currency.getDefaultFractionDigits() + " decimals of "
                + currency.getCurrencyCode();
    }

    private static boolean isZero(String text) {
        return Decimals.parse(text).filter(number -> number.signum() == 0).isPresent();
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
