package dev.storemesh.persistence.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/// The small private texts of a site in its database, where all its nodes have them. Each is replaced whole, and
/// only by who knows what it was: of two nodes that replace it at once one finds that it was too late. They are
/// asked for so seldom that each question takes a connection of its own. Blocks.
public final class PostgresFiles {
    private static final String READ = "SELECT content FROM site_file WHERE name = ?";
    private static final String CREATE =
            "INSERT INTO site_file (name, content) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";
    private static final String REPLACE = "UPDATE site_file SET content = ? WHERE name = ? AND content = ?";

    /// "StmF" in ASCII: held by the node that has the others wait.
    private static final long LOCK = 0x53746d46;

    private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(" + LOCK + ")";

    private final PostgresAddress address;

    /// The texts of a database whose tables are there.
    public PostgresFiles(PostgresAddress address) {
        this.address = address;
    }

    /// Keeps other nodes of the site from having the same until it is closed. It ends with its connection, too.
    public static final class Alone implements AutoCloseable {
        private final Connection session;

        private Alone(Connection session) {
            this.session = session;
        }

        @Override
        public void close() throws IOException {
            try {
                session.close();
            } catch (SQLException e) {
                throw new IOException(Reasons.of(e), e);
            }
        }
    }

    public Optional<String> read(String name) throws IOException {
        return inSession(session -> {
            try (var statement = session.prepareStatement(READ)) {
                statement.setString(1, name);
                try (var row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.<String>empty();
                }
            }
        });
    }

    /// Durable when this returns.
    ///
    /// @param before what it is; empty: there is none
    /// @return false, and nothing has happened, where it is not so any more
    public boolean replace(String name, Optional<String> before, String content) throws IOException {
        return inSession(session -> before.isEmpty()
                ? update(session, CREATE, name, content)
                : update(session, REPLACE, content, name, before.get()));
    }

    /// Empty: another node has it.
    public Optional<Alone> tryLock() throws IOException {
        try {
            var session = connect();
            try (var statement = session.createStatement();
                    var row = statement.executeQuery(TRY_LOCK)) {
                row.next();
                if (row.getBoolean(1)) {
                    return Optional.of(new Alone(session));
                }
            } catch (SQLException e) {
                session.close();
                throw e;
            }
            session.close();
            return Optional.empty();
        } catch (SQLException e) {
            throw new IOException(Reasons.of(e), e);
        }
    }

    /// Something to ask the database.
    private interface Question<T> {
        T ask(Connection session) throws SQLException;
    }

    private <T> T inSession(Question<T> question) throws IOException {
        try (var session = connect()) {
            return question.ask(session);
        } catch (SQLException e) {
            throw new IOException(Reasons.of(e), e);
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.putAll(Session.FILES.properties(address, 0));
        properties.setProperty("user", address.user());
        return DriverManager.getConnection(address.url(), properties);
    }

    private static boolean update(Connection session, String sql, String... values) throws SQLException {
        try (var statement = session.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate() == 1;
        }
    }
}
