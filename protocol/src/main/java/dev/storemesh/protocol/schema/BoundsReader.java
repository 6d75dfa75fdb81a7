package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Reads `min` and `max` of a constraint.
final class BoundsReader {
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Value.MAX_INTEGER);

    private final SchemaFields fields;

    BoundsReader(SchemaFields fields) {
        this.fields = fields;
    }

    /// A bound that counts something.
    Optional<Long> whole(String field, long least) {
        var bound = fields.decimal(field);
        if (bound.isPresent() && (!isWhole(bound.get()) || bound.get().longValue() < least)) {
            refuse(
                    field,
                    "The bound " + field + " is " + bound.get().toPlainString() + " (expected: a whole number from "
                            + least + ").");
            return Optional.empty();
        }
        return bound.map(BigDecimal::longValue);
    }

    /// Whoever writes a fraction here thinks of dollars, and would get cents.
    void checkMinorUnits() {
        for (var field : List.of("min", "max")) {
            fields.decimal(field)
                    .filter(bound -> !isWhole(bound))
                    .ifPresent(bound -> refuse(
                            field,
                            "The bound " + field + " is " + bound.toPlainString()
                                    + " (expected: a whole number of minor units, such as cents)."));
        }
    }

    /// Refuses that there is no bound, and bounds that contradict each other.
    void check() {
        var min = fields.decimal("min");
        var max = fields.decimal("max");
        if (min.isEmpty() && max.isEmpty()) {
            refuse("min", "The constraint needs min, or max, or both.");
        } else if (min.isPresent() && max.isPresent() && min.get().compareTo(max.get()) > 0) {
            refuse("max", "The bound max is " + max.get().toPlainString() + ", less than min.");
        }
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(LARGEST) <= 0;
    }

    private void refuse(String field, String message) {
        fields.refuse(Code.INVALID_CONSTRAINT, field, message);
    }
}
