package dev.storemesh.ops.bench.eav;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.storemesh.protocol.schema.StandardSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The tables with the statements of the hand-built service, through a pool of connections: for its routes, and alone,
/// to measure what they allow without HTTP.
public final class EavTables implements AutoCloseable {
    private final HikariDataSource pool;
    private final Names names;
    private final EavReads reads;
    private final EavWrites writes;

    private EavTables(HikariDataSource pool, Names names) {
        this.pool = pool;
        this.names = names;
        this.reads = new EavReads(pool);
        this.writes = new EavWrites(pool);
    }

    /// Makes the tables, empty, for catalogs of the standard schema, with the indexes that daily work needs. Columns
    /// that only queries by words and numbers want stay empty.
    ///
    /// @param tokenHash the SHA-256 of the only bearer token
    public static void make(Connection connection, String tokenHash) throws SQLException, IOException {
        Postgres.run(connection, "schema.sql");
        new CopyLines().add(tokenHash).copyTo(connection, "token");
        EavLoad.names(EavLoad.numbered(StandardSchema.SCHEMA.types().stream().map(type -> type.toString())))
                .copyTo(connection, "type");
        EavLoad.names(EavLoad.numbered(StandardSchema.SCHEMA.definitions().stream()
                        .map(definition -> definition.name().toString())))
                .copyTo(connection, "definition");
        Postgres.run(connection, "keys.sql");
    }

    /// Connects to tables that are there.
    ///
    /// @param connections more than a few for each core only make each other wait
    public static EavTables open(String jdbcUrl, int connections) throws SQLException {
        var config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.addDataSourceProperty("prepareThreshold", "1"); // prepared on the server from the first use on
        config.addDataSourceProperty("binaryTransfer", "true");
        var pool = new HikariDataSource(config);
        try (var connection = pool.getConnection()) {
            return new EavTables(pool, Names.read(connection));
        } catch (SQLException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    Names names() {
        return names;
    }

    EavReads reads() {
        return reads;
    }

    Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /// Makes an empty catalog.
    public void make(String catalog) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("INSERT INTO catalog (id, name, visible)"
                        + " SELECT coalesce(max(id), 0) + 1, ?, 0 FROM catalog RETURNING id")) {
            statement.setString(1, catalog);
            try (var rows = statement.executeQuery()) {
                rows.next();
                names.add(catalog, rows.getInt(1));
            }
        }
    }

    /// Reads the names of catalogs again: another process may have made some.
    public void refresh() throws SQLException {
        try (var connection = pool.getConnection()) {
            names.refresh(connection);
        }
    }

    /// Reads a request.
    ///
    /// @param body of a `POST …/writes`
    public EavWrite parse(JsonNode body) {
        return EavWrite.parse(body, names);
    }

    /// Writes everything or nothing.
    ///
    /// @return the version that is on disk now
    public long write(String catalog, EavWrite write) throws SQLException, IOException {
        return write(catalog(catalog), write, "operator");
    }

    long write(int catalog, EavWrite write, String caller) throws SQLException, IOException {
        return writes.write(catalog, write, caller);
    }

    public long newest(String catalog) throws SQLException {
        return reads.page(catalog(catalog), -1, 1).visible();
    }

    /// Reads one object.
    ///
    /// @return whether it is there
    public boolean read(String catalog, String token) throws SQLException {
        return !reads.object(catalog(catalog), token).things().isEmpty();
    }

    /// Reads pages of `limit` at the newest version until there is none left.
    ///
    /// @return the number of objects
    public long readAll(String catalog, int limit) throws SQLException {
        var id = catalog(catalog);
        var found = reads.page(id, -1, limit + 1);
        var version = found.visible();
        var objects = 0L;
        while (found.things().size() > limit) {
            objects += limit;
            found = reads.page(id, version, found.things().get(limit - 1).id(), limit + 1);
        }
        return objects + found.things().size();
    }

    /// Reads what has changed since a version.
    ///
    /// @return the number of objects, at most `limit`
    public int changes(String catalog, long since, int limit) throws SQLException {
        return reads.changes(catalog(catalog), since, -1, limit).things().size();
    }

    /// Removes what nobody sees, and gathers what the planner wants to know.
    public void vacuum() throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            for (var table : List.of("catalog", "version", "object", "attribute")) {
                statement.execute("VACUUM (ANALYZE) " + table);
            }
        }
    }

    private int catalog(String name) {
        return Optional.of(name)
                .flatMap(names::catalog)
                .orElseThrow(() -> new IllegalStateException("there is no catalog " + name));
    }

    @Override
    public void close() {
        pool.close();
    }
}
