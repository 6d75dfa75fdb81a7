package dev.storemesh.persistence.sqlite;

import dev.storemesh.persistence.NewHistory;
import dev.storemesh.persistence.codec.EventSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.sqlite.SQLiteConfig;

/// A site's log, read and copied from outside the process that writes it: by connections that can only read,
/// which in WAL mode neither wait for the writer nor hold it up. A connection is opened for each question.
public final class SqliteCopy {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int LOG_ID = SqliteDatabases.LOG_ID;

    private final Path log;

    /// @param log the file of a log, which is there
    public SqliteCopy(Path log) {
        this.log = log.toAbsolutePath().normalize();
    }

    private Connection open() throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        return config.createConnection("jdbc:sqlite:" + log);
    }

    /// Writes what the log holds at one instant into another file, which is empty or not there. All that was
    /// committed before this is called is in it. What was written meanwhile stays in the write-ahead log until it
    /// is done.
    ///
    /// @throws IOException if it cannot be read or written; the other file is worth nothing then
    public void into(Path target) throws IOException {
        try (var connection = open();
                var statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, target.toAbsolutePath().normalize().toString());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /// The number of the last row of each journal in it, by persistence id.
    public SortedMap<String, Long> ends() throws IOException {
        var sql = "SELECT persistence_id, max(sequence_number) FROM event_journal GROUP BY persistence_id";
        try (var connection = open();
                var statement = connection.prepareStatement(sql);
                var rows = statement.executeQuery()) {
            var ends = new TreeMap<String, Long>();
            while (rows.next()) {
                ends.put(rows.getString(1), rows.getLong(2));
            }
            return ends;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /// What is wrong with it: its pages and indexes (`PRAGMA integrity_check`), that it is a log of ours, and
    /// that no journal lacks a row. Reads all of it.
    public List<String> faults() throws IOException {
        try (var connection = open()) {
            var faults = new ArrayList<String>();
            var id = texts(connection, "PRAGMA application_id").getFirst();
            if (!id.equals(String.valueOf(LOG_ID))) {
                faults.add("it is not a log that Storemesh made (application_id " + id + ")");
                return faults;
            }
            texts(connection, "PRAGMA integrity_check").stream()
                    .filter(line -> !line.equals("ok"))
                    .forEach(faults::add);
            texts(
                            connection,
                            "SELECT persistence_id FROM event_journal GROUP BY persistence_id"
                                    + " HAVING count(*) <> max(sequence_number)")
                    .forEach(journal -> faults.add("rows of the journal " + journal + " are missing"));
            return faults;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /// Shows the events of one journal, the oldest or the newest first, for as long as they are wanted.
    public void events(String persistenceId, boolean newestFirst, Predicate<Object> wantsMore) throws IOException {
        var sql = "SELECT event_ser_manifest, event_payload FROM event_journal WHERE persistence_id = ?"
                + " ORDER BY sequence_number" + (newestFirst ? " DESC" : "");
        try (var connection = open();
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, persistenceId);
            show(statement, wantsMore);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /// The last row of a journal that a restore wrote; empty: it was never restored.
    public Optional<Object> restored(String persistenceId) throws IOException {
        var sql = "SELECT event_ser_manifest, event_payload FROM event_journal WHERE persistence_id = ?"
                + " AND substr(writer, 1, ?) = ? ORDER BY sequence_number DESC LIMIT 1";
        var found = new ArrayList<Object>();
        try (var connection = open();
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, persistenceId);
            statement.setInt(2, NewHistory.WRITER.length());
            statement.setString(3, NewHistory.WRITER);
            show(statement, found::add);
        } catch (SQLException e) {
            throw unreadable(e);
        }
        return found.stream().findFirst();
    }

    private static void show(PreparedStatement statement, Predicate<Object> wantsMore) throws SQLException {
        var serializer = new EventSerializer();
        try (var rows = statement.executeQuery()) {
            while (rows.next() && wantsMore.test(serializer.fromBinary(rows.getBytes(2), rows.getString(1)))) {
                // the predicate has seen it
            }
        }
    }

    private IOException unreadable(SQLException e) {
        return new IOException(log + ": " + e.getMessage(), e);
    }
}
