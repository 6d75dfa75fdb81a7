package dev.storemesh.persistence.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// A real PostgreSQL server on a free port of this machine, with fsync on; under root in a user namespace of its
/// own, since it refuses root. All tests of a JVM share one, which ends with it; each takes a database of its own.
/// `storemesh` logs in by password, `postgres` (for tests alone) without.
public final class PostgresServer {
    private static final String PASSWORD = "not'a \\ simple one";

    private static Optional<PostgresServer> shared = Optional.empty();

    private final EmbeddedPostgres server;
    private final Path passwordFile;

    private PostgresServer(Path folder) throws IOException, SQLException {
        passwordFile = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, PASSWORD + "\n");
        folder.toFile().deleteOnExit(); // the server removes its data by itself
        passwordFile.toFile().deleteOnExit();
        var data = folder.resolve("data");
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "300")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
        Files.writeString(data.resolve("pg_hba.conf"), """
                host all postgres 127.0.0.1/32 trust
                host all all      127.0.0.1/32 scram-sha-256
                """);
        update("postgres", "SELECT pg_reload_conf()");
        update("postgres", "CREATE ROLE storemesh LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
    }

    /// The server of this JVM.
    public static synchronized PostgresServer shared() {
        if (shared.isEmpty()) {
            try {
                shared = Optional.of(new PostgresServer(Files.createTempDirectory("storemesh-postgres-")));
            } catch (IOException | SQLException e) {
                throw new AssertionError("PostgreSQL cannot be started", e);
            }
        }
        return shared.get();
    }

    /// Makes an empty database.
    public PostgresAddress database() {
        var name = "site_" + UUID.randomUUID().toString().replace("-", "");
        update("postgres", "CREATE DATABASE " + name + " OWNER storemesh");
        return address(name);
    }

    PostgresAddress address(String database) {
        return new PostgresAddress(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database,
                "storemesh",
                Optional.of(passwordFile),
                4);
    }

    /// The settings of a node that keeps its data in an empty database, for its `storemesh.conf`.
    public String settings() {
        return settings(database());
    }

    public static String settings(PostgresAddress address) {
        return """
                storemesh.storage = postgres
                storemesh.postgres {
                  url = "%s"
                  user = "%s"
                  password-file = "%s"
                  pool = %d
                }
                """.formatted(
                        address.url(), address.user(), address.passwordFile().orElseThrow(), address.pool());
    }

    /// Puts the settings into the home folder of a node that has not started yet.
    public static void use(PostgresAddress address, Path home) {
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("storemesh.conf"), settings(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As the superuser.
    public static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", "");
    }

    public static void update(PostgresAddress address, String sql) {
        execute(address.url(), sql);
    }

    private void update(String database, String sql) {
        execute(server.getJdbcUrl("postgres", database), sql);
    }

    private static void execute(String url, String sql) {
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /// The first column of the first row.
    public static long number(PostgresAddress address, String sql) {
        try (var connection = connect(address.url());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
