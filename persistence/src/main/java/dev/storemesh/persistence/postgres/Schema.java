package dev.storemesh.persistence.postgres;

import dev.storemesh.persistence.UnusableDatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;

/// The tables, made and migrated by Flyway from the scripts beside this class; a published script is never edited.
/// Which of them a database has stands in its table `storemesh_schema`.
final class Schema {
    private static final String SCRIPTS = "classpath:dev/storemesh/persistence/postgres";
    private static final String HISTORY = "storemesh_schema";

    /// "StmP" in ASCII: held by the node that is migrating. Others wait for it, and then find all done.
    private static final long LOCK = 0x53746d50;

    private static final String MAY_BEGIN = "SELECT to_regclass('" + HISTORY + "') IS NOT NULL"
            + " OR coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)";

    private Schema() {}

    /// Brings the database to the newest schema. Nodes that start at once wait for each other.
    ///
    /// @param lock a session of [Session#MIGRATION]; the lock ends with it
    static void migrate(Connection lock, PostgresAddress address) throws SQLException {
        try (var statement = lock.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            try (var row = statement.executeQuery(MAY_BEGIN)) {
                row.next();
                if (!row.getBoolean(1)) { // Flyway would try for ten seconds
                    throw new UnusableDatabaseException(
                            address.url(), "the user may not make tables in it; make the user the database's owner");
                }
            }
        }
        try {
            var flyway = flyway(address);
            refuseNewer(flyway, address);
            flyway.migrate();
        } catch (FlywayException e) {
            throw failed(e, address);
        }
    }

    private static Flyway flyway(PostgresAddress address) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(address.url(), address.user(), null)
                .jdbcProperties(Session.MIGRATION.properties(address, 0))
                .locations(SCRIPTS)
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .table(HISTORY)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
    }

    private static void refuseNewer(Flyway flyway, PostgresAddress address) {
        var newest = Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
                .map(migration -> migration.getVersion().getVersion())
                .reduce((earlier, later) -> later);
        if (newest.isPresent()) {
            throw new UnusableDatabaseException(
                    address.url(), "a newer version of Storemesh wrote it (schema " + newest.get() + ")");
        }
    }

    private static RuntimeException failed(FlywayException e, PostgresAddress address) {
        if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new UnusableDatabaseException(
                    address.url(), "it holds tables of something else; give Storemesh a database of its own", e);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return new UnusableDatabaseException(address.url(), Reasons.of(sql), e);
            }
        }
        return new UnusableDatabaseException(
                address.url(), "its schema cannot be migrated (" + Reasons.firstLine(e) + ")", e);
    }
}
