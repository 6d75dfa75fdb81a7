package dev.storemesh.ops.site;

import dev.storemesh.persistence.postgres.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// A PostgreSQL server of one test's own, with fsync on, which can be killed and started again over the same data.
/// Each node logs in as somebody of its own, so that its sessions can be told apart, and acts as the owner of the
/// database.
final class MortalPostgres implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String DATABASE = "site";

    private final Path data;
    private final Path log;
    private final Path program;
    private final int port = SiteProcess.freePort();
    private final Thread ending = new Thread(this::end);
    private Optional<Process> process = Optional.empty();

    MortalPostgres(Path folder, int nodes) throws Exception {
        data = folder.resolve("postgres");
        log = folder.resolve("postgres.log");
        program = make(data);
        Runtime.getRuntime().addShutdownHook(ending);
        start();
        try (var connection = PostgresServer.connect(url("postgres"));
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE storemesh");
            statement.execute("CREATE DATABASE " + DATABASE + " OWNER storemesh");
            for (var node : IntStream.rangeClosed(1, nodes).toArray()) {
                statement.execute("CREATE ROLE " + user(node) + " LOGIN IN ROLE storemesh");
                statement.execute("ALTER ROLE " + user(node) + " SET role = 'storemesh'");
            }
        }
    }

    /// Makes an empty server, and tells where its program lies. From now on the server is a child of ours: so it is
    /// known at once when it is gone.
    private static Path make(Path data) throws IOException {
        var first = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(START_LIMIT)
                .start();
        try {
            var pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
            return Files.readSymbolicLink(Path.of("/proc", pid, "exe"));
        } finally {
            first.close();
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    static String user(int node) {
        return "node_" + node;
    }

    /// The settings of a node that keeps its data here.
    String settings(int node) {
        return """
                storemesh.storage = postgres
                storemesh.postgres { url = "postgresql://127.0.0.1:%d/%s", user = "%s", pool = 4 }
                """.formatted(port, DATABASE, user(node));
    }

    /// As the superuser.
    Connection connect() throws SQLException {
        return PostgresServer.connect(url(DATABASE));
    }

    /// Starts it again, and waits until it answers. What is left of the former one may need a moment to end.
    void start() throws Exception {
        Eventually.see("the database answers", START_LIMIT, this::answers, answered -> answered);
    }

    private boolean answers() throws Exception {
        if (process.isEmpty() || !process.get().isAlive()) {
            process = Optional.of(launch());
        }
        try (var connection = PostgresServer.connect(url("postgres"))) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Process launch() throws IOException {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // it refuses root
        }
        command.addAll(List.of(program.toString(), "-D", data.toString(), "-p", String.valueOf(port)));
        for (var setting : List.of(
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "max_connections=200",
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=")) {
            command.addAll(List.of("-c", setting));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /// Kills its postmaster (SIGKILL), as a power cut would; its children end by themselves.
    void kill() throws InterruptedException {
        var running = process.orElseThrow();
        running.destroyForcibly();
        if (!running.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the database cannot be killed");
        }
    }

    private void end() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(ending);
    }
}
