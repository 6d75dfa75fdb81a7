package dev.storemesh.protocol.bulk;

import dev.storemesh.protocol.schema.Violation;
import java.util.List;
import java.util.Optional;

/// A line that was refused; without a number: an object that the file lacks and that could not be deleted.
/// `code` is for programs: that of the first violation, or one of a line's own (`duplicate_object`,
/// `too_many_held_back` …).
public record RefusedLine(Optional<Long> number, String object, String code, String message, List<Violation> violations)
        implements BulkReader.Parsed {
    /// How many violations of one line are told.
    public static final int TOLD = 10;

    public RefusedLine {
        violations = violations.stream().limit(TOLD).toList();
    }

    public static RefusedLine of(BulkLine line, String code, String message) {
        return new RefusedLine(Optional.of(line.number()), line.object().text(), code, message, List.of());
    }

    /// Of a line that breaks rules.
    ///
    /// @param violations at least one
    public static RefusedLine of(BulkLine line, List<Violation> violations) {
        return of(Optional.of(line.number()), line.object().text(), violations);
    }

    /// Of a line, or of a deletion, which has no number.
    ///
    /// @param violations at least one
    public static RefusedLine of(Optional<Long> number, String object, List<Violation> violations) {
        var first = violations.getFirst();
        return new RefusedLine(number, object, first.code().wireName(), first.message(), violations);
    }

    /// About how many bytes it takes in a report.
    long weight() {
        return 200
                + message.length()
                + violations.stream()
                        .mapToLong(violation -> 300L + violation.message().length())
                        .sum();
    }
}
