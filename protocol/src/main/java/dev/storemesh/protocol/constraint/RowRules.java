package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Regexes;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.Optional;

/// The rules that one row obeys or not, whatever else there is.
final class RowRules {
    private RowRules() {}

    static Optional<Violation> judge(Constraint constraint, ObjectToken object, Attribute row) {
        return switch (constraint.rule()) {
            case Rule.Range range ->
                number(row.value())
                        .flatMap(number -> outside(range, number, unit(row.value())))
                        .map(words -> Finding.of(constraint, Code.RANGE, object, row, about(row, words)));
            case Rule.Length length
            when row.value() instanceof Value.Text(var text) ->
                outside(length, text.codePointCount(0, text.length()))
                        .map(words -> Finding.of(constraint, Code.LENGTH, object, row, about(row, words)));
            case Rule.Pattern(var regex)
            when row.value() instanceof Value.Text(var text) ->
                Optional.of(about(row, " is not of the form " + regex + "."))
                        .filter(words -> !Regexes.matches(regex, text))
                        .map(words -> Finding.of(constraint, Code.PATTERN, object, row, words));
            case Rule.OneOf(var values) ->
                Optional.of(about(row, " is none of the " + values.size() + " values that are allowed."))
                        .filter(words -> !values.contains(row.value()))
                        .map(words -> Finding.of(constraint, Code.ONE_OF, object, row, words));
            case Rule.GlobalOnly globalOnly ->
                row.location()
                        .map(location -> "The attribute " + row.definition() + " has a value at " + location
                                + " (expected: global values only).")
                        .map(words -> Finding.of(constraint, Code.GLOBAL_ONLY, object, row, words));
            case Rule.Length length -> Optional.empty();
            case Rule.Pattern pattern -> Optional.empty();
            case Rule.Required required -> Optional.empty();
            case Rule.Count count -> Optional.empty();
            case Rule.Unique unique -> Optional.empty();
            case Rule.Refer refer -> Optional.empty();
            case Rule.Decided decided -> Optional.empty();
        };
    }

    private static String about(Attribute row, String words) {
        return "The value of " + row.definition() + words;
    }

    private static Optional<BigDecimal> number(Value value) {
        return switch (value) {
            case Value.Whole(var number) -> Optional.of(BigDecimal.valueOf(number));
            case Value.Decimal(var number) -> Optional.of(number);
            case Value.Money(var amount, var currency) -> Optional.of(BigDecimal.valueOf(amount));
            case Value.Text text -> Optional.empty();
            case Value.Flag flag -> Optional.empty();
            case Value.Moment moment -> Optional.empty();
            case Value.Reference reference -> Optional.empty();
        };
    }

    private static String unit(Value value) {
        return value instanceof Value.Money(var amount, var currency) ? " minor units of " + currency : "";
    }

    private static Optional<String> outside(Rule.Range range, BigDecimal number, String unit) {
        if (range.min().filter(min -> number.compareTo(min) < 0).isPresent()) {
            return Optional.of(" is " + number.toPlainString() + unit + " (expected: at least "
                    + range.min().get().toPlainString() + ").");
        }
        return range.max()
                .filter(max -> number.compareTo(max) > 0)
                .map(max ->
                        " is " + number.toPlainString() + unit + " (expected: at most " + max.toPlainString() + ").");
    }

    private static Optional<String> outside(Rule.Length length, long points) {
        if (length.min().filter(min -> points < min).isPresent()) {
            return Optional.of(" has " + points + " characters (expected: at least "
                    + length.min().get() + ").");
        }
        return length.max()
                .filter(max -> points > max)
                .map(max -> " has " + points + " characters (expected: at most " + max + ").");
    }
}
