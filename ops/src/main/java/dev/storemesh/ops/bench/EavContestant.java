package dev.storemesh.ops.bench;

import dev.storemesh.ops.bench.eav.EavTables;
import dev.storemesh.ops.bench.eav.Postgres;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import dev.storemesh.protocol.access.SecretHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The hand-built service ([dev.storemesh.ops.bench.eav.EavServer]). Objects come by `POST …/writes` of 1,000 each,
/// which it copies in.
final class EavContestant implements Contestant {
    static final String SYSTEM = "handbuilt-postgres";
    static final int BATCH = 1_000;
    private static final String TOKEN = "the-only-caller-of-the-hand-built-service";

    private final Postgres postgres;
    private final Server server;

    /// @param connections to PostgreSQL
    /// @param options of its JVM
    EavContestant(Path folder, Postgres postgres, int connections, List<String> options)
            throws CommandFailed, IOException, InterruptedException, SQLException {
        this.postgres = postgres;
        try (var connection = postgres.connect()) {
            EavTables.make(connection, SecretHash.of(TOKEN).hex());
        }
        this.server = start(Files.createDirectory(folder.resolve(SYSTEM)), postgres, connections, options);
    }

    private static Server start(Path home, Postgres postgres, int connections, List<String> options)
            throws CommandFailed, IOException, InterruptedException {
        var launch = NodeLaunch.ofThisJvm(System.getenv(), options);
        var port = Server.freePort();
        var words = new ArrayList<>(launch.words());
        words.addAll(List.of("bench", "eav", "--jdbc", postgres.url()));
        words.addAll(List.of("--port", Integer.toString(port), "--connections", Integer.toString(connections)));
        return new Server(() -> NodeProcess.start(SYSTEM, port, home, words, launch.environment()));
    }

    @Override
    public String system() {
        return SYSTEM;
    }

    @Override
    public double load(String catalog, Stock stock) throws IOException {
        var bodies = stock.writes(BATCH, "");
        try (var wire = wire()) {
            NodeContestant.make(wire, catalog);
            var began = System.nanoTime();
            for (var body : bodies) {
                OverHttp.checked(wire.post(OverHttp.path(catalog) + "/writes", body));
            }
            return (System.nanoTime() - began) / 1e9;
        }
    }

    private Wire wire() throws IOException {
        return server.connect(TOKEN);
    }

    @Override
    public OverHttp connect() throws IOException {
        return new OverHttp(wire());
    }

    @Override
    public void settle() throws SQLException {
        try (var tables = EavTables.open(postgres.url(), 1)) {
            tables.vacuum();
        }
    }

    @Override
    public Optional<Long> diskBytes() throws SQLException {
        return Optional.of(postgres.sizeBytes("postgres"));
    }

    @Override
    public Optional<Long> checkpointBytes() {
        return Optional.empty();
    }

    @Override
    public Optional<Long> heapBytes() {
        return Optional.empty();
    }

    /// Of the service alone: its database goes on.
    @Override
    public Optional<Double> recover(String catalog, String object)
            throws CommandFailed, IOException, InterruptedException {
        return Optional.of(server.recover(TOKEN, catalog, object));
    }

    @Override
    public void close() {
        server.close();
    }
}
