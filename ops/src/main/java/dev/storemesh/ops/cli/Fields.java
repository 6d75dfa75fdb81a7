package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// One answer as `name  value` lines; lists get a line for each of their parts.
final class Fields {
    private Fields() {}

    static List<String> lines(JsonNode answer) {
        var width = 0;
        for (var field : answer.properties()) {
            width = Math.max(width, field.getKey().length());
        }
        var lines = new ArrayList<String>();
        for (var field : answer.properties()) {
            var name = field.getKey() + " ".repeat(width - field.getKey().length() + 2);
            if (field.getValue().isArray()) {
                lines.add(name.stripTrailing());
                field.getValue().forEach(part -> lines.add("  " + TextTable.clean(part.toString())));
            } else {
                lines.add(name + TextTable.field(answer, field.getKey()));
            }
        }
        return lines;
    }
}
