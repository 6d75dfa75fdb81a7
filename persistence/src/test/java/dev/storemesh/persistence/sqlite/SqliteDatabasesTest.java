package dev.storemesh.persistence.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.persistence.UnusableDatabaseException;
import dev.storemesh.protocol.Needs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabasesTest {
    private static final String TEA = "CREATE TABLE tea (cup INTEGER) STRICT";
    private static final String MILK = "ALTER TABLE tea ADD COLUMN milk INTEGER; CREATE TABLE jug (cup INTEGER) STRICT";

    @TempDir
    Path folder;

    @Test
    void makesTheFolderAndBothFiles() throws Exception {
        var databases = SqliteDatabases.open(folder.resolve("deep/data"));
        assertThat(databases.logFile()).isRegularFile().hasFileName("log.db");
        assertThat(databases.checkpointsFile()).isRegularFile().hasFileName("checkpoints.db");
        assertThat(number(databases.logFile(), "PRAGMA user_version")).isEqualTo(1);
        assertThat(number(databases.logFile(), "PRAGMA page_size")).isEqualTo(4096);
        assertThat(number(databases.checkpointsFile(), "PRAGMA page_size")).isEqualTo(16384);
    }

    @Test
    void opensAgainWhatItMadeAndKeepsWhatIsInIt() throws Exception {
        var log = SqliteDatabases.open(folder).logFile();
        update(log, "INSERT INTO event_tag VALUES (1, 'kept')");
        SqliteDatabases.open(folder);
        assertThat(number(log, "SELECT count(*) FROM event_tag WHERE tag = 'kept'"))
                .isEqualTo(1);
        assertThat(number(log, "PRAGMA user_version")).isEqualTo(1);
    }

    @Test
    void everyPluginConnectsDurably() throws Exception {
        var config = SqliteDatabases.open(folder).config().withFallback(ConfigFactory.load());
        for (var plugin : List.of("jdbc-journal", "jdbc-read-journal", "jdbc-snapshot-store")) {
            try (var connection = DriverManager.getConnection(config.getString(plugin + ".slick.db.url"));
                    var statement = connection.createStatement()) {
                assertThat(statement.executeQuery("PRAGMA synchronous").getInt(1))
                        .isEqualTo(2);
                assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1))
                        .isEqualTo(plugin.equals("jdbc-snapshot-store") ? "truncate" : "wal");
                assertThat(statement.executeQuery("PRAGMA busy_timeout").getInt(1))
                        .isEqualTo(10_000);
            }
        }
        assertThat(config.getString("jdbc-journal.replay-filter.mode")).isEqualTo("fail");
        assertThat(config.getString("pekko.persistence.journal.plugin")).isEqualTo("jdbc-journal");
        assertThat(config.getString("pekko.persistence.snapshot-store.plugin")).isEqualTo("jdbc-snapshot-store");
    }

    @Test
    void theWriteAheadLogOfABurstIsHandedBack() throws Exception {
        var databases = SqliteDatabases.open(folder);
        var url = databases.config().withFallback(ConfigFactory.load()).getString("jdbc-journal.slick.db.url");
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE tea (leaves BLOB)");
            statement.executeUpdate("INSERT INTO tea VALUES (randomblob(20000000))");
            assertThat(folder.resolve("log.db-wal")).isRegularFile();
            for (var i = 0; i < 3; i++) {
                statement.executeUpdate("INSERT INTO tea VALUES (randomblob(100))");
            }
            assertThat(Files.size(folder.resolve("log.db-wal"))).isLessThan(2_000_000);
        }
    }

    @Test
    void checkpointsOfAnEarlierVersionAreTakenOver() throws Exception {
        var file = SqliteDatabases.open(folder).checkpointsFile();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?journal_mode=WAL");
                var statement = connection.createStatement()) { // as it was
            statement.executeUpdate("INSERT INTO snapshot VALUES ('p', 1, 0, 1, 'm', x'01', NULL, NULL, NULL)");
        }
        SqliteDatabases.open(folder);
        assertThat(number(file, "SELECT count(*) FROM snapshot")).isEqualTo(1);
        assertThat(folder.resolve("checkpoints.db-wal")).doesNotExist();
    }

    @Test
    void acceptsAFolderWithSpacesAndUmlauts() {
        assertThat(SqliteDatabases.open(folder.resolve("my Lädchen #1 100%")).logFile())
                .isRegularFile();
    }

    @Test
    void refusesAFolderThatAnAddressCannotHold() {
        assertRefused(folder.resolve("what?"), "log.db", "its path contains a '?'");
    }

    @Test
    void refusesANewerVersion() throws Exception {
        SqliteDatabases.open(folder);
        update(folder.resolve("log.db"), "PRAGMA user_version = 7");
        assertRefused(folder, "log.db", "a newer version of Storemesh wrote it (format 7, this one knows up to 1)");
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws Exception {
        var bytes = new byte[9000];
        new Random(1).nextBytes(bytes);
        Files.write(folder.resolve("log.db"), bytes);
        assertRefused(folder, "log.db", "it is not a SQLite database");
        assertThat(Files.readAllBytes(folder.resolve("log.db"))).isEqualTo(bytes);
    }

    @Test
    void refusesADamagedFile() throws Exception {
        SqliteDatabases.open(folder);
        try (var file = FileChannel.open(folder.resolve("checkpoints.db"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(2000), 100); // the header survives, the schema's page does not
        }
        assertRefused(folder, "checkpoints.db", "it is damaged");
    }

    @Test
    void refusesTheDatabaseOfAnotherProgram() throws Exception {
        update(folder.resolve("log.db"), "CREATE TABLE bookmarks (url TEXT)");
        assertRefused(folder, "log.db", "it is not the file that Storemesh made under this name");
    }

    @Test
    void refusesItsOwnFilesSwapped() throws Exception {
        SqliteDatabases.open(folder);
        Files.move(folder.resolve("checkpoints.db"), folder.resolve("log.db"), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(folder, "log.db", "it is not the file that Storemesh made under this name");
    }

    @Test
    void refusesAFolderThatCannotBeMade() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");
        assertRefused(file.resolve("data"), "log.db", "its folder cannot be made");
    }

    @Test
    void refusesAPathThatCannotBeOpened() throws Exception {
        Files.createDirectory(folder.resolve("log.db"));
        assertRefused(folder, "log.db", "it cannot be opened or made");
    }

    @Test
    void refusesAFileThatCannotBeWritten() throws Exception {
        SqliteDatabases.open(folder);
        var log = folder.resolve("log.db");
        assertThat(log.toFile().setReadOnly()).isTrue();
        var isRoot = Files.isWritable(log); // who may write everything but what nobody may
        Needs.that(!isRoot || chattr("+i", log), "a file system on which root can make a file immutable");
        try {
            assertRefused(folder, "log.db", "it cannot be");
        } finally {
            if (isRoot) {
                chattr("-i", log);
            }
        }
    }

    private static boolean chattr(String flag, Path file) throws Exception {
        try {
            return new ProcessBuilder("chattr", flag, file.toString()).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such command here
        }
    }

    @Test
    void appliesOnlyTheScriptsThatAFileLacks() throws Exception {
        var file = folder.resolve("log.db");
        new SqliteFile(file, 9, List.of(), SqliteFile.Journal.WAL, List.of(TEA)).open();
        update(file, "INSERT INTO tea VALUES (5)");
        new SqliteFile(file, 9, List.of(), SqliteFile.Journal.WAL, List.of(TEA, MILK)).open();
        assertThat(number(file, "SELECT cup FROM tea WHERE milk IS NULL")).isEqualTo(5);
        assertThat(number(file, "SELECT count(*) FROM jug")).isZero();
        assertThat(number(file, "PRAGMA user_version")).isEqualTo(2);
    }

    @Test
    void leavesAFileAsItWasWhenAScriptFails() throws Exception {
        var file = folder.resolve("log.db");
        new SqliteFile(file, 9, List.of(), SqliteFile.Journal.WAL, List.of(TEA)).open();
        var broken = new SqliteFile(
                file, 9, List.of(), SqliteFile.Journal.WAL, List.of(TEA, MILK, "CREATE TABLE jug (cup INTEGER)"));
        assertThatThrownBy(broken::open).isInstanceOf(UnusableDatabaseException.class);
        assertThat(number(file, "PRAGMA user_version")).isEqualTo(1);
        assertThat(number(file, "SELECT count(*) FROM sqlite_schema")).isEqualTo(1);
    }

    private static void assertRefused(Path data, String file, String reason) {
        assertThatThrownBy(() -> SqliteDatabases.open(data))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageStartingWith("database " + data.resolve(file) + " cannot be used: " + reason)
                .message()
                .doesNotContain("\n");
    }

    private static long number(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        }
    }

    private static void update(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
