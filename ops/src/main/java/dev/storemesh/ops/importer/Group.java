package dev.storemesh.ops.importer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rows of one file, of one type of object. Groups go in an order in which references are met.
///
/// @param what for people, such as `departments`
public record Group(String what, String type, List<Row> rows) {
    public Group {
        rows = List.copyOf(rows);
    }

    /// Refuses rows that name an object which an earlier row has: the file says two things about it.
    static Group of(String what, String type, List<Row> rows) {
        Set<String> seen = new HashSet<>();
        return new Group(
                what,
                type,
                rows.stream()
                        .map(row -> row instanceof Row.Taken taken
                                        && !seen.add(taken.object().token())
                                ? new Row.Refused(
                                        taken.number(),
                                        taken.object().token(),
                                        List.of("an earlier row has the same number"))
                                : row)
                        .toList());
    }

    Set<String> tokens() {
        Set<String> tokens = new HashSet<>();
        for (var row : rows) {
            if (row instanceof Row.Taken taken) {
                tokens.add(taken.object().token());
            }
        }
        return tokens;
    }
}
