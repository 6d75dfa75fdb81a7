package dev.storemesh.persistence.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// What decides whether a server can be trusted with a log.
///
/// @param version `server_version_num`: 170006 is 17.6
/// @param versionText as the server says it
/// @param fsync whether it waits for the disk at all
/// @param synchronousCommit whether a commit waits for that, as it stands for our user and database
/// @param standby whether it is a copy of another server, which takes no writes
record ServerFacts(int version, String versionText, String fsync, String synchronousCommit, boolean standby) {
    private static final int OLDEST = 160_000;

    static ServerFacts of(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT current_setting('server_version_num')::int,"
                        + " current_setting('server_version'), current_setting('fsync'),"
                        + " current_setting('synchronous_commit'), pg_is_in_recovery()")) {
            row.next();
            return new ServerFacts(
                    row.getInt(1), row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5));
        }
    }

    /// Why it cannot be; empty: it can.
    Optional<String> objection() {
        if (version < OLDEST) {
            return Optional.of(
                    "its server is PostgreSQL " + versionText + " (expected: " + OLDEST / 10_000 + " or later)");
        }
        if (standby) {
            return Optional.of("its server is a standby, which takes no writes; name the primary");
        }
        if (!fsync.equals("on")) {
            return Optional.of("fsync is " + fsync + " at its server: what was acknowledged could be lost; set it on");
        }
        return switch (synchronousCommit) {
            case "on", "remote_apply" -> Optional.empty();
            default ->
                Optional.of("synchronous_commit is " + synchronousCommit
                        + " for this user and database: what was acknowledged could be lost; set it on");
        };
    }
}
