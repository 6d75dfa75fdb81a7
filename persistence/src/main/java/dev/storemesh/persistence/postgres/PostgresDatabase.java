package dev.storemesh.persistence.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.storemesh.persistence.NewHistory;
import dev.storemesh.persistence.UnusableDatabaseException;
import dev.storemesh.protocol.log.HistoryId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The database of a site, opened: its journal, the only truth, and the snapshots, which can always be built
/// again. All nodes of a site share it; the journal's primary key refuses the second of two writers.
///
/// Opening makes the tables, or brings older ones to the newest schema; [#config()] then points the journal, the
/// snapshot store and the read journal at them.
public final class PostgresDatabase {
    private final PostgresAddress address;
    private final ServerFacts server;

    private PostgresDatabase(PostgresAddress address, ServerFacts server) {
        this.address = address;
        this.server = server;
    }

    /// Connects, makes sure that a commit will be durable, and migrates. Blocks; call it before the actor system
    /// starts.
    ///
    /// @throws UnusableDatabaseException if the server cannot be reached, lets nobody in, is too old or not
    ///     durable, or if a newer version of this program wrote the tables
    public static PostgresDatabase open(PostgresAddress address) {
        try (var connection = connect(address)) {
            var server = ServerFacts.of(connection);
            var objection = server.objection();
            if (objection.isPresent()) {
                throw new UnusableDatabaseException(address.url(), objection.get());
            }
            Schema.migrate(connection, address);
            return new PostgresDatabase(address, server);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(address.url(), Reasons.of(e), e);
        }
    }

    /// Begins a new history in every catalog of the site's log, whose nodes are stopped. Blocks.
    ///
    /// @return the catalogs, by name; none in a store's log
    /// @throws UnusableDatabaseException if it cannot be used; nothing was written then
    public static List<String> beginHistory(PostgresAddress address, HistoryId history, Instant now) {
        open(address);
        try (var connection = connect(address)) {
            return NewHistory.begin(connection, history, now);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(address.url(), Reasons.of(e), e);
        }
    }

    private static Connection connect(PostgresAddress address) throws SQLException {
        var properties = new Properties();
        properties.putAll(Session.MIGRATION.properties(address, 0));
        properties.setProperty("user", address.user());
        return DriverManager.getConnection(address.url(), properties);
    }

    /// The settings of the Pekko plugins, to be put over `reference.conf`. Journal and snapshot store become the
    /// defaults of the actor system, so no actor names them. The read journal is `jdbc-read-journal`; a lease for
    /// the nodes of a site is `site-lease`. They hold no password.
    public Config config() {
        var readers = Math.max(2, address.pool() / 2);
        var values = Map.of(
                "postgres.url", address.url(),
                "postgres.user", address.user(),
                "postgres.journal.connections", address.pool(),
                "postgres.reading.connections", readers,
                "postgres.checkpoints.connections", 2);
        return ConfigFactory.parseMap(values, "PostgreSQL")
                .withFallback(session("journal", Session.JOURNAL))
                .withFallback(session("reading", Session.READING))
                .withFallback(session("checkpoints", Session.CHECKPOINTS))
                .withFallback(session("lease", Session.LEASE))
                .withFallback(ConfigFactory.parseResources(PostgresDatabase.class, "plugins.conf"))
                .resolve()
                .withoutPath("postgres");
    }

    private Config session(String name, Session session) {
        return ConfigValueFactory.fromMap(session.properties(address, server.version()))
                .atPath("postgres." + name + ".properties");
    }
}
