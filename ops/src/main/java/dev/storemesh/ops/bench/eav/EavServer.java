package dev.storemesh.ops.bench.eav;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.http.HttpServer;
import dev.storemesh.http.HttpSettings;
import dev.storemesh.http.route.Router;
import dev.storemesh.http.route.RouterSettings;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.page.PageTokens;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.SystemMaterializer;

/// The hand-built server: our HTTP server and routing with the settings of a node, over a pool of connections to
/// PostgreSQL and as many threads that wait for it.
public final class EavServer implements AutoCloseable {
    private static final long BODY_LIMIT_BYTES = 4L << 20;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final ActorSystem<Void> system;
    private final EavTables tables;
    private final ExecutorService blocking;
    private final HttpServer server;

    private EavServer(ActorSystem<Void> system, EavTables tables, ExecutorService blocking, HttpServer server) {
        this.system = system;
        this.tables = tables;
        this.blocking = blocking;
        this.server = server;
    }

    /// Listens on 127.0.0.1.
    ///
    /// @param port 0 takes any free one
    /// @param connections to PostgreSQL, and threads; more than a few for each core only make each other wait
    public static EavServer start(String jdbcUrl, int port, int connections) throws SQLException {
        var tables = EavTables.open(jdbcUrl, connections);
        EavAccess access;
        try (var connection = tables.connection()) {
            access = new EavAccess(tokens(connection));
        }
        var blocking = Executors.newFixedThreadPool(connections);
        var config = ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("site.conf")) // as a node has them
                .withFallback(ConfigFactory.load());
        var system = ActorSystem.<Void>create(Behaviors.empty(), "eav", config);
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        var pageTokens = new PageTokens(HexFormat.of().formatHex(key));
        var router = new Router(
                new EavRoutes(tables, pageTokens, blocking).endpoints(),
                access,
                new RouterSettings(BODY_LIMIT_BYTES, Duration.ofSeconds(30)),
                SystemMaterializer.get(system).materializer());
        var server = HttpServer.start(system, new HttpSettings("127.0.0.1", port, false), Optional.empty(), router)
                .toCompletableFuture()
                .join();
        return new EavServer(system, tables, blocking, server);
    }

    private static Map<SecretHash, Principal> tokens(Connection connection) throws SQLException {
        var tokens = new HashMap<SecretHash, Principal>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT hash FROM token")) {
            while (rows.next()) {
                tokens.put(new SecretHash(rows.getString(1)), EavAccess.operator(rows.getString(1)));
            }
        }
        return tokens;
    }

    public String url() {
        return server.url();
    }

    @Override
    public void close() {
        server.stop(STOP_LIMIT).toCompletableFuture().join();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
        blocking.shutdownNow();
        tables.close();
    }
}
