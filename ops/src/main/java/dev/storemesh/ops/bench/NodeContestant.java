package dev.storemesh.ops.bench;

import dev.storemesh.ops.bench.eav.Postgres;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An HQ node: over the SQLite files of its home, or over a database of its own at a PostgreSQL server. Objects come by
/// `POST …/import`: one request, one transaction.
final class NodeContestant implements Contestant {
    static final String SQLITE = "storemesh-sqlite";
    static final String POSTGRES = "storemesh-postgres";
    private static final String DATABASE = "storemesh";
    private static final Duration HEAP_LIMIT = Duration.ofSeconds(90);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final double STILL = 0.01;

    private final String system;
    private final Path home;
    private final Optional<Postgres> postgres;
    private final Server server;
    private final String token;

    private NodeContestant(String system, Path folder, Optional<Postgres> postgres, List<String> options)
            throws CommandFailed, IOException, InterruptedException, SQLException {
        this.system = system;
        this.postgres = postgres;
        this.home = Files.createDirectory(folder.resolve(system));
        if (postgres.isPresent()) {
            var address = postgres.get().database(DATABASE);
            Files.writeString(
                    home.resolve("storemesh.conf"),
                    "storemesh.storage = postgres%nstoremesh.postgres { url = \"%s\", user = \"%s\" }%n"
                            .formatted(address, DATABASE));
        }
        var port = Server.freePort();
        var launch = NodeLaunch.ofThisJvm(System.getenv(), options);
        this.server = new Server(
                () -> NodeProcess.start(system, port, home, launch, List.of("--port", Integer.toString(port))));
        this.token = Files.readString(home.resolve("operator.token")).strip();
    }

    /// @param folder where its home is made
    /// @param options of its JVM
    static NodeContestant onSqlite(Path folder, List<String> options)
            throws CommandFailed, IOException, InterruptedException, SQLException {
        return new NodeContestant(SQLITE, folder, Optional.empty(), options);
    }

    /// The same over a database of its own.
    static NodeContestant onPostgres(Path folder, Postgres postgres, List<String> options)
            throws CommandFailed, IOException, InterruptedException, SQLException {
        return new NodeContestant(POSTGRES, folder, Optional.of(postgres), options);
    }

    @Override
    public String system() {
        return system;
    }

    @Override
    public double load(String catalog, Stock stock) throws IOException {
        var file = Files.createTempFile("storemesh-bench-", ".ndjson");
        try (var wire = wire()) {
            stock.write(file);
            make(wire, catalog);
            var began = System.nanoTime();
            OverHttp.checked(wire.upload(OverHttp.path(catalog) + "/import", "application/x-ndjson", file));
            return (System.nanoTime() - began) / 1e9;
        } finally {
            Files.delete(file);
        }
    }

    static void make(Wire wire, String catalog) throws IOException {
        OverHttp.checked(wire.send("PUT", OverHttp.path(catalog), new byte[0]));
    }

    /// Where it answers.
    URI url() {
        return server.url();
    }

    Wire wire() throws IOException {
        return server.connect(token);
    }

    @Override
    public OverHttp connect() throws IOException {
        return new OverHttp(wire());
    }

    @Override
    public void settle() {}

    /// All files of the home, also write-ahead logs, but what the node says; and all tables.
    @Override
    public Optional<Long> diskBytes() throws IOException, SQLException {
        long files;
        try (var all = Files.walk(home)) {
            files = all.filter(file -> Files.isRegularFile(file) && !file.endsWith("node.log"))
                    .mapToLong(NodeContestant::size)
                    .sum();
        }
        return Optional.of(files + (postgres.isPresent() ? postgres.get().sizeBytes(DATABASE) : 0));
    }

    @Override
    public Optional<Long> checkpointBytes() throws IOException, SQLException {
        return Optional.of(
                postgres.isPresent()
                        ? postgres.get().sizeBytes(DATABASE, "snapshot")
                        : Files.size(home.resolve("checkpoints.db")));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Long> heapBytes() throws IOException, InterruptedException {
        return server.heapBytes();
    }

    /// What is reachable once it does not change any more: after a load partitions double for a while.
    long settledHeapBytes() throws IOException, InterruptedException {
        var deadline = System.nanoTime() + HEAP_LIMIT.toNanos();
        var pause = new CountDownLatch(1); // never counted down
        var before = heapBytes().orElseThrow();
        while (true) {
            pause.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            var now = heapBytes().orElseThrow();
            if (Math.abs(now - before) < STILL * before || System.nanoTime() > deadline) {
                return now;
            }
            before = now;
        }
    }

    @Override
    public Optional<Double> recover(String catalog, String object)
            throws CommandFailed, IOException, InterruptedException {
        return Optional.of(server.recover(token, catalog, object));
    }

    @Override
    public void close() {
        server.close();
    }
}
