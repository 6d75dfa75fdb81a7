package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lines of left-aligned columns under upper-case heads.
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... heads) {
        rows.add(List.of(heads));
    }

    public void add(String... cells) {
        rows.add(Arrays.stream(cells).map(TextTable::clean).toList());
    }

    public List<String> lines() {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (var i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (var i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    /// What a field of an answer says; `-` where it says nothing.
    static String field(JsonNode node, String name) {
        var value = node.path(name);
        return clean(
                value.isMissingNode() || value.isNull()
                        ? "-"
                        : value.isValueNode() ? value.asText() : value.toString());
    }

    /// Texts come from other sites: none of them may steer the terminal.
    static String clean(String text) {
        return text.codePoints()
                .map(sign -> Character.isISOControl(sign) || Character.getType(sign) == Character.FORMAT ? '?' : sign)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
