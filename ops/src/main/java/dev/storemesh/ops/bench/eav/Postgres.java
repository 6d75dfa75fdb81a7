package dev.storemesh.ops.bench.eav;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;

/// A PostgreSQL server of its own on a free port of this machine, in an empty folder, with fsync on; it ends with
/// this program. Under root the server runs in a user namespace of its own (`unshare`), since it refuses root.
public final class Postgres implements AutoCloseable {
    private final EmbeddedPostgres server;

    /// This machine cannot run the server.
    public static final class CannotStart extends IOException {
        private static final long serialVersionUID = 1;

        private CannotStart(String message, Exception cause) {
            super(message, cause);
        }
    }

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /// Tuned for a catalog that fits into memory, on a small machine that has other things to do, too.
    ///
    /// @throws CannotStart with a sentence
    public static Postgres start(Path folder) throws CannotStart {
        try {
            var server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(new File(folder.toFile(), "binaries"))
                    .setDataDirectory(folder.resolve("data"))
                    .setCleanDataDirectory(false)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("max_wal_size", "4GB") // loads in a row cause no checkpoint at once
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("effective_cache_size", "2GB")
                    .setServerConfig("work_mem", "32MB")
                    .setServerConfig("maintenance_work_mem", "256MB")
                    .setServerConfig("random_page_cost", "1.1")
                    .setServerConfig("jit", "off") // costs more than these short statements
                    .setServerConfig("max_parallel_workers_per_gather", "0") // two cores and sixteen clients
                    .start();
            return new Postgres(server).checked();
        } catch (IOException | IllegalStateException | SQLException e) {
            throw new CannotStart(
                    "PostgreSQL cannot be started in " + folder + " (" + e.getMessage()
                            + "). It needs Linux on x86-64, and under root `unshare -U` (user namespaces); without"
                            + " that, run this as another user.",
                    e);
        }
    }

    /// A measurement without fsync would compare with something that loses data.
    private Postgres checked() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var setting = statement.executeQuery("SHOW fsync")) {
            setting.next();
            if (!setting.getString(1).equals("on")) {
                throw new IllegalStateException("fsync is " + setting.getString(1));
            }
        }
        return this;
    }

    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /// Makes a role and an empty database of the same name, which it owns.
    ///
    /// @return its address, `postgresql://…` without a user
    public String database(String name) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + name + " LOGIN");
            statement.execute("CREATE DATABASE " + name + " OWNER " + name);
        }
        return "postgresql://127.0.0.1:" + server.getPort() + "/" + name;
    }

    /// What all tables of a database take, with their indexes; the server's log of changes is not in it.
    public long sizeBytes(String database) throws SQLException {
        return sizeBytes(database, "%");
    }

    /// What the tables take whose names are like this.
    public long sizeBytes(String database, String table) throws SQLException {
        try (var connection = DriverManager.getConnection(server.getJdbcUrl("postgres", database));
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            try (var rows = statement.executeQuery(
                    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n"
                            + " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'"
                            + " AND c.relname LIKE '" + table + "'")) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /// Runs the statements of a file beside this class, each ended by `;`, one by one.
    static void run(Connection connection, String resource) throws SQLException {
        String script;
        try (var stream = Postgres.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("this program is not whole: " + resource + " is missing in it");
            }
            script = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        try (var statement = connection.createStatement()) {
            for (var one : Arrays.asList(script.replaceAll("--[^\n]*", "").split(";", -1))) {
                if (!one.isBlank()) {
                    statement.execute(one);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
