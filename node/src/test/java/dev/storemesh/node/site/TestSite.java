package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.storemesh.persistence.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;

/// A real site without HTTP: its databases in a folder, and a cluster of one node, as [Node] starts them. Which
/// actors live in it is the test's choice.
public final class TestSite implements AutoCloseable {
    public static final Duration SOON = Duration.ofSeconds(30);

    private final Path folder;
    private final NodeSettings settings;
    private final ActorSystem<Void> system;

    private TestSite(Path folder, NodeSettings settings, Config prepared) throws StartFailure {
        this.folder = folder;
        this.settings = settings;
        var up = new CompletableFuture<Void>();
        this.system = SiteSystem.start(settings, prepared, () -> up.complete(null));
        get(up);
    }

    /// Starts a site, or starts it again, on the storage that the folder's `storemesh.conf` names, with these settings
    /// over the defaults (names without `storemesh.`).
    public static TestSite start(Path folder, Map<String, String> overrides) {
        return start(folder, overrides, ConfigFactory.empty());
    }

    /// And with this configuration of Pekko's over what follows from the settings and the database.
    static TestSite start(Path folder, Map<String, String> overrides, Config pekko) {
        try {
            var settings = load(folder, overrides);
            return new TestSite(folder, settings, pekko.withFallback(Databases.config(settings.storage(), folder)));
        } catch (StartFailure failure) {
            throw new AssertionError(failure);
        }
    }

    private static NodeSettings load(Path folder, Map<String, String> overrides) throws StartFailure {
        var named = new HashMap<String, String>();
        overrides.forEach((name, value) -> named.put("storemesh." + name, value));
        return NodeSettings.load(folder, named, Map.of(), Map.of());
    }

    public static TestSite start(Path folder) {
        return start(folder, Map.of());
    }

    public ActorSystem<?> system() {
        return system;
    }

    public NodeSettings settings() {
        return settings;
    }

    /// The future's value; what it failed with is thrown as it is where it can be.
    public static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError(late);
        }
    }

    /// How many rows the journal of this persistence id has.
    public long rows(String persistenceId) {
        var sql = "SELECT count(*) FROM event_journal WHERE persistence_id = ?";
        try (var connection = connect(settings.storage(), folder.resolve("log.db"));
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, persistenceId);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// How many snapshots there are of this persistence id.
    public long snapshots(String persistenceId) {
        var sql = "SELECT count(*) FROM snapshot WHERE persistence_id = ?";
        try (var connection = connect(settings.storage(), folder.resolve("checkpoints.db"));
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, persistenceId);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// Lets nobody else read or store a snapshot until it is closed.
    public HeldSnapshots holdingSnapshots() {
        var sql = settings.storage() instanceof StorageSettings.Sqlite
                ? "BEGIN EXCLUSIVE"
                : "BEGIN; LOCK TABLE snapshot IN ACCESS EXCLUSIVE MODE";
        try {
            return new HeldSnapshots(connect(settings.storage(), folder.resolve("checkpoints.db")), sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    public static final class HeldSnapshots implements AutoCloseable {
        private final Connection connection;

        private HeldSnapshots(Connection connection, String sql) throws SQLException {
            this.connection = connection;
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /// Nobody who waits gives up before that.
        public Duration atLeast() {
            return Duration.ofSeconds(3);
        }

        @Override
        public void close() throws SQLException {
            connection.close(); // rolls back
        }
    }

    /// Loses the checkpoints of a site that is not running, as an operator may.
    public static void loseSnapshots(Path folder) {
        try {
            switch (load(folder, Map.of()).storage()) {
                case StorageSettings.Sqlite sqlite -> {
                    for (var suffix : List.of("", "-wal", "-shm")) {
                        Files.deleteIfExists(folder.resolve("checkpoints.db" + suffix));
                    }
                }
                case StorageSettings.Postgres postgres -> {
                    try (var connection = PostgresServer.connect(postgres.url());
                            var statement = connection.createStatement()) {
                        statement.executeUpdate("DELETE FROM snapshot");
                    }
                }
            }
        } catch (IOException | SQLException | StartFailure e) {
            throw new AssertionError(e);
        }
    }

    /// Makes every snapshot of a site that is not running unreadable.
    ///
    /// @return how many there were
    public static int damageSnapshots(Path folder) {
        try (var connection = connect(load(folder, Map.of()).storage(), folder.resolve("checkpoints.db"));
                var statement = connection.prepareStatement("UPDATE snapshot SET snapshot_payload = ?")) {
            statement.setBytes(1, new byte[] {(byte) 0xff, 0});
            return statement.executeUpdate();
        } catch (SQLException | StartFailure e) {
            throw new AssertionError(e);
        }
    }

    private static Connection connect(StorageSettings storage, Path file) throws SQLException {
        return switch (storage) {
            case StorageSettings.Sqlite sqlite -> DriverManager.getConnection("jdbc:sqlite:" + file);
            case StorageSettings.Postgres postgres -> PostgresServer.connect(postgres.url());
        };
    }

    /// Stops as a process that is told to; returns when all files are closed.
    @Override
    public void close() {
        system.terminate();
        get(system.getWhenTerminated());
    }
}
