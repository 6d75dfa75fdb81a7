package dev.storemesh.persistence.postgres;

import java.sql.SQLException;
import java.util.Optional;

/// Why the server did not do as asked, in an operator's words. States are those of the SQL standard and of
/// PostgreSQL's appendix A.
final class Reasons {
    private Reasons() {}

    static String of(SQLException e) {
        var state = Optional.ofNullable(e.getSQLState()).orElse("");
        return switch (state) {
            case "08001", "08004", "08006", "57P03" -> "its server cannot be reached (" + firstLine(e) + ")";
            case "28000", "28P01" -> "its server refused the user or the password (" + firstLine(e) + ")";
            case "3D000" -> "its server has no such database (" + firstLine(e) + ")";
            case "42501" -> "the user may not do what is needed (" + firstLine(e) + ")";
            case "53300" -> "its server has no connection left (" + firstLine(e) + ")";
            case "55P03" -> "another node has been migrating it for too long (" + firstLine(e) + ")";
            default -> firstLine(e);
        };
    }

    static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown error");
    }
}
