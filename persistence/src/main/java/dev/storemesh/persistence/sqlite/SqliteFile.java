package dev.storemesh.persistence.sqlite;

import dev.storemesh.persistence.UnusableDatabaseException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// One database file: what it is, how it is made, and which formats of it this program can read.
///
/// `PRAGMA user_version` is the number of migration scripts that were applied to it; `PRAGMA application_id` says
/// that it is ours and which of our files it is, so that a renamed or foreign database is refused and not written
/// into.
///
/// @param path the file, absolute
/// @param applicationId what marks a database as this kind of file; never changed
/// @param layout pragmas that count only before the first table is made (page size, vacuum)
/// @param journal how it makes commits durable
/// @param scripts the migrations in order; a published one is never edited, a new one is added at the end
record SqliteFile(Path path, int applicationId, List<String> layout, Journal journal, List<String> scripts) {
    /// Longer than any commit takes; shorter than the plugins' circuit breakers wait.
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    private static final String PRAGMAS = "synchronous=FULL&busy_timeout=" + BUSY_TIMEOUT_MILLIS;

    /// What stands beside the file until a commit is in it.
    enum Journal {
        /// Readers and the writer do not wait for each other. The write-ahead log is worked off whenever it is
        /// 1 MiB long (two more fsyncs every fifty small commits or so); what a burst has made of it is handed
        /// back to the disk with the next commit after that.
        WAL("wal", "journal_mode=WAL&wal_autocheckpoint=256&journal_size_limit=1048576"),

        /// For one connection that writes few things, and large ones: each page is written once, and what pages held
        /// that were free is not kept.
        ROLLBACK("truncate", "journal_mode=TRUNCATE");

        private final String mode;
        private final String pragmas;

        Journal(String mode, String pragmas) {
            this.mode = mode;
            this.pragmas = pragmas;
        }
    }

    SqliteFile {
        layout = List.copyOf(layout);
        scripts = List.copyOf(scripts);
    }

    /// What the plugins connect with. The pragmas travel in it, so every connection has them.
    String url() {
        return "jdbc:sqlite:" + path + "?" + PRAGMAS + "&" + journal.pragmas;
    }

    /// Makes the file or brings it to the newest format, and makes sure that a commit on it will be durable.
    ///
    /// @throws UnusableDatabaseException if it cannot be used; the file is then as it was
    void open() {
        if (path.toString().indexOf('?') >= 0) {
            throw refused("its path contains a '?', which a database address cannot hold");
        }
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UnusableDatabaseException(path, "its folder cannot be made (" + e.getMessage() + ")", e);
        }
        makePrivate();
        try {
            migrate();
            proveDurable();
        } catch (SQLException e) {
            throw new UnusableDatabaseException(path, reason(e), e);
        }
    }

    /// For its owner alone (mode 0600), also in a folder that others may enter; SQLite gives its other files the same
    /// mode.
    private void makePrivate() {
        var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Files.createFile(path, ours);
        } catch (FileAlreadyExistsException e) {
            // made by an earlier start
        } catch (IOException e) {
            throw new UnusableDatabaseException(path, "it cannot be made (" + e.getMessage() + ")", e);
        }
    }

    /// On a connection of its own, without the pragmas: a page size cannot be chosen any more once a file is in WAL
    /// mode, and the mode of a file that is not ours must not be changed.
    private void migrate() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + path)) {
            execute(connection, "PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
            execute(connection, "PRAGMA synchronous = FULL");
            if (tables(connection) == 0) {
                for (var pragma : layout) {
                    execute(connection, pragma);
                }
            }
            execute(connection, "BEGIN IMMEDIATE");
            try {
                applyScripts(connection);
                execute(connection, "COMMIT");
            } catch (SQLException | UnusableDatabaseException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    private void applyScripts(Connection connection) throws SQLException {
        long version = number(connection, "PRAGMA user_version");
        long id = number(connection, "PRAGMA application_id");
        boolean fresh = version == 0 && id == 0 && tables(connection) == 0;
        if (!fresh && id != applicationId) {
            throw refused("it is not the file that Storemesh made under this name");
        }
        if (version > scripts.size()) {
            throw refused("a newer version of Storemesh wrote it (format " + version + ", this one knows up to "
                    + scripts.size() + ")");
        }
        if (fresh) {
            execute(connection, "PRAGMA application_id = " + applicationId);
        }
        for (var script : scripts.subList((int) version, scripts.size())) {
            execute(connection, script);
        }
        // Written even where it stands already: only this shows that the file can be written, since SQLite quietly
        // makes
        // a plain BEGIN of BEGIN IMMEDIATE on a read-only one.
        execute(connection, "PRAGMA user_version = " + scripts.size());
    }

    private void proveDurable() throws SQLException {
        try (var connection = DriverManager.getConnection(url())) {
            var mode = text(connection, "PRAGMA journal_mode");
            if (!mode.equals(journal.mode)) {
                throw refused("its journal mode is " + mode + " and not " + journal.mode
                        + " (is it on a network file system?)");
            }
            var synchronous = number(connection, "PRAGMA synchronous");
            if (synchronous != 2) {
                throw refused("PRAGMA synchronous is " + synchronous + " and not 2: a commit would not be durable");
            }
        }
    }

    private static void rollBack(Connection connection, Exception failure) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException e) { // some failures have rolled back already; closing the connection does in any case
            failure.addSuppressed(e);
        }
    }

    private UnusableDatabaseException refused(String reason) {
        return new UnusableDatabaseException(path, reason);
    }

    private static String reason(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return oneLine(e);
        }
        var code = SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff); // without the extended part
        return switch (code) {
            case SQLITE_NOTADB -> "it is not a SQLite database";
            case SQLITE_CORRUPT -> "it is damaged; restore it from a backup";
            case SQLITE_READONLY, SQLITE_PERM -> "it cannot be written; check its permissions and those of its folder";
            case SQLITE_CANTOPEN -> "it cannot be opened or made; check its path and permissions";
            case SQLITE_BUSY, SQLITE_LOCKED -> "another process is using it";
            case SQLITE_FULL -> "the disk is full";
            default -> oneLine(e);
        };
    }

    private static String oneLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown error");
    }

    private static long tables(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM sqlite_schema");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getString(1);
        }
    }
}
