package dev.storemesh.persistence.sqlite;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.storemesh.persistence.NewHistory;
import dev.storemesh.persistence.UnusableDatabaseException;
import dev.storemesh.persistence.sqlite.SqliteFile.Journal;
import dev.storemesh.protocol.log.HistoryId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The embedded databases of one node, opened: `log.db`, the journal and only truth, and `checkpoints.db`, the
/// snapshots, which can always be built again. Two files, so that writing a large checkpoint never holds up a
/// commit of the log.
///
/// Opening makes the files, or brings older ones to the newest format; [#config()] then points the journal, the
/// snapshot store and the read journal at them.
public final class SqliteDatabases {
    /// "StmL" and "StmC", in ASCII.
    static final int LOG_ID = 0x53746d4c;

    private static final int CHECKPOINTS_ID = 0x53746d43;

    /// Nothing is ever deleted from the log, so there is nothing to vacuum; and a commit writes whole pages (table,
    /// index, sequence), so small ones keep a one-row commit small.
    private static final List<String> LOG_LAYOUT = List.of("PRAGMA page_size = 4096", "PRAGMA auto_vacuum = NONE");

    /// Checkpoints are megabytes long and replaced as wholes: large pages mean short overflow chains. Without
    /// auto-vacuum the next checkpoint takes the pages of the one deleted before it, and no commit has to move any.
    private static final List<String> CHECKPOINTS_LAYOUT =
            List.of("PRAGMA page_size = 16384", "PRAGMA auto_vacuum = NONE");

    private final SqliteFile log;
    private final SqliteFile checkpoints;

    private SqliteDatabases(Path folder) {
        var home = folder.toAbsolutePath().normalize();
        log = new SqliteFile(home.resolve("log.db"), LOG_ID, LOG_LAYOUT, Journal.WAL, List.of(script("log-1.sql")));
        checkpoints = new SqliteFile(
                home.resolve("checkpoints.db"),
                CHECKPOINTS_ID,
                CHECKPOINTS_LAYOUT,
                Journal.ROLLBACK,
                List.of(script("checkpoints-1.sql")));
    }

    /// Opens the databases in `folder`, which is made if it is missing. Blocks; call it before the actor system
    /// starts.
    ///
    /// @throws UnusableDatabaseException if a file is of a newer version, not ours, damaged or cannot be written
    public static SqliteDatabases open(Path folder) {
        var databases = new SqliteDatabases(folder);
        databases.log.open();
        databases.checkpoints.open();
        return databases;
    }

    /// Begins a new history in every catalog of the log in `folder`, which no node uses. Blocks; what is written
    /// is on the disk when this returns.
    ///
    /// @return the catalogs, by name; none in a store's log
    /// @throws UnusableDatabaseException if nothing was written
    public static List<String> beginHistory(Path folder, HistoryId history, Instant now) {
        var log = new SqliteDatabases(folder).log;
        log.open();
        try (var connection = DriverManager.getConnection(log.url())) {
            return NewHistory.begin(connection, history, now);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(log.path(), String.valueOf(e.getMessage()), e);
        }
    }

    /// The settings of the Pekko plugins, to be put over `reference.conf`. Journal and snapshot store become the
    /// defaults of the actor system, so no actor names them; the read journal is `jdbc-read-journal`.
    public Config config() {
        var files = Map.of("sqlite.log-url", log.url(), "sqlite.checkpoints-url", checkpoints.url());
        return ConfigFactory.parseMap(files, "SQLite files")
                .withFallback(ConfigFactory.parseResources(SqliteDatabases.class, "plugins.conf"))
                .resolve()
                .withoutPath("sqlite");
    }

    /// The file of the journal; its write-ahead log lies beside it.
    public Path logFile() {
        return log.path();
    }

    /// The file of the snapshots; an empty `-journal` lies beside it.
    public Path checkpointsFile() {
        return checkpoints.path();
    }

    private static String script(String name) {
        try (var in = SqliteDatabases.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("script: " + name + " (expected: on the class path)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
