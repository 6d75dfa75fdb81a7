package dev.storemesh.persistence.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCopyTest {
    @TempDir
    Path folder;

    private static void append(Connection connection, String journal, long sequence) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                        + " event_ser_id, event_ser_manifest, event_payload) VALUES (?, ?, 'w', 0, '', 1, 'm', x'00')")) {
            insert.setString(1, journal);
            insert.setLong(2, sequence);
            insert.executeUpdate();
        }
    }

    private static Connection writer(Path log) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + log);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
        }
        return connection;
    }

    @Test
    void holdsWhatWasCommittedWhileItsWriterHasItOpen() throws Exception {
        var log = SqliteDatabases.open(folder).logFile();
        var target = folder.resolve("copy.db");
        try (var writer = writer(log)) {
            append(writer, "catalog|demo", 1);
            append(writer, "catalog|demo", 2);
            append(writer, "access|site", 1);
            writer.setAutoCommit(false);
            append(writer, "catalog|demo", 3); // not committed: another one's is under way
            new SqliteCopy(log).into(target);
            writer.commit();
            append(writer, "catalog|demo", 4);
            writer.commit();
        }
        var copy = new SqliteCopy(target);
        assertThat(copy.ends()).isEqualTo(Map.of("catalog|demo", 2L, "access|site", 1L));
        assertThat(copy.faults()).isEmpty();
        assertThat(new SqliteCopy(log).ends()).containsEntry("catalog|demo", 4L);
        assertThatThrownBy(() -> new SqliteCopy(log).into(target)).isInstanceOf(IOException.class);
    }

    @Test
    void isOneThatANodeOpens() throws Exception {
        var log = SqliteDatabases.open(folder.resolve("old")).logFile();
        try (var writer = writer(log)) {
            append(writer, "access|site", 1);
        }
        Files.createDirectory(folder.resolve("new"));
        new SqliteCopy(log).into(folder.resolve("new/log.db"));
        try (var writer = writer(SqliteDatabases.open(folder.resolve("new")).logFile())) {
            append(writer, "access|site", 2);
        }
        assertThat(new SqliteCopy(folder.resolve("new/log.db")).ends()).isEqualTo(Map.of("access|site", 2L));
    }

    @Test
    void namesWhatIsWrong() throws Exception {
        var log = SqliteDatabases.open(folder).logFile();
        try (var writer = writer(log)) {
            append(writer, "catalog|demo", 1);
            append(writer, "catalog|demo", 3);
        }
        assertThat(new SqliteCopy(log).faults()).containsExactly("rows of the journal catalog|demo are missing");
        var other = SqliteDatabases.open(folder.resolve("other")).checkpointsFile();
        assertThat(new SqliteCopy(other).faults()).singleElement().asString().contains("not a log");
        var text = Files.writeString(folder.resolve("text.db"), "no database".repeat(500));
        assertThatThrownBy(() -> new SqliteCopy(text).faults()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new SqliteCopy(folder.resolve("none.db")).ends())
                .isInstanceOf(IOException.class);
    }
}
