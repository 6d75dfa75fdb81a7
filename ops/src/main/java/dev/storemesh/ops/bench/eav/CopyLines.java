package dev.storemesh.ops.bench.eav;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/// Rows in PostgreSQL's text format of COPY, one to a line.
final class CopyLines {
    private static final int ROOM = 1 << 16;

    private final StringBuilder lines = new StringBuilder(ROOM);

    CopyLines add(Object... cells) {
        for (var i = 0; i < cells.length; i++) {
            lines.append(i == 0 ? "" : "\t").append(cell(cells[i]));
        }
        lines.append('\n');
        return this;
    }

    private static String cell(Object cell) {
        return switch (cell) {
            case Optional<?> none when none.isEmpty() -> "\\N";
            case OptionalLong none when none.isEmpty() -> "\\N";
            case Optional<?> some -> cell(some.orElseThrow());
            case OptionalLong some -> Long.toString(some.orElseThrow());
            case String text -> escaped(text);
            default -> cell.toString();
        };
    }

    private static String escaped(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' || text.charAt(i) < ' ') {
                return text.replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
            }
        }
        return text;
    }

    /// @param table its name, perhaps with a list of columns
    void copyTo(Connection connection, String table) throws SQLException, IOException {
        var bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        new CopyManager(connection.unwrap(BaseConnection.class))
                .copyIn("COPY " + table + " FROM STDIN", new ByteArrayInputStream(bytes), ROOM);
    }
}
