package dev.storemesh.ops.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// The least that a durable write can cost here: one row into an SQLite file in the same folder, committed with an
/// fsync (write-ahead log, `synchronous=FULL`), by one connection and without HTTP.
final class SqliteFloor implements AutoCloseable {
    private static final int ROW_BYTES = 300; // about what the journal row of a price change takes
    private final Connection connection;
    private final PreparedStatement insert;

    SqliteFloor(Path folder) throws SQLException {
        connection = DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("floor.db") + "?journal_mode=WAL&synchronous=FULL");
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS row (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO row (bytes) VALUES (?)");
    }

    void write() throws SQLException {
        insert.setBytes(1, new byte[ROW_BYTES]);
        insert.executeUpdate();
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        insert.close();
        connection.close();
    }
}
