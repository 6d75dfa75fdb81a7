package dev.storemesh.ops.bench;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.bench.eav.EavLoad;
import dev.storemesh.ops.bench.eav.Postgres;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.schema.StandardSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// Measures reads of one catalog side by side: an HQ node, and a server over PostgreSQL that holds the same objects
/// and gives the same answers ([dev.storemesh.ops.bench.eav.EavServer]). Each is a process of its own with the same
/// JVM options; they take turns, and while one is measured the other has nothing to do.
final class CatalogBench {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int MANY = 16;
    private static final int COMPARED = 20;
    private static final String CATALOG = "bench";

    private final Path folder;
    private final List<Article> articles;
    private final MeasuredCatalog.Size size;
    private final int connections;
    private final Consumer<String> step;

    /// @param folder empty; the node's home and PostgreSQL's files are made in it
    /// @param connections of the hand-built server to PostgreSQL
    CatalogBench(
            Path folder, List<Article> articles, MeasuredCatalog.Size size, int connections, Consumer<String> step) {
        this.folder = folder;
        this.articles = articles;
        this.size = size;
        this.connections = connections;
        this.step = step;
    }

    /// What runs, and what is in it.
    private record Sides(URI storemesh, URI eav, String token, MeasuredCatalog catalog) {
        Wire toStoremesh() throws IOException {
            return new Wire(storemesh, token);
        }

        Wire toEav() throws IOException {
            return new Wire(eav, token);
        }
    }

    /// What is done while both sides run.
    @FunctionalInterface
    private interface Work<T> {
        T with(Sides sides) throws IOException, InterruptedException, ExecutionException;
    }

    /// @param rounds that count, after one of warm-up
    /// @param each how long one load runs in a round
    /// @param only names of the scenarios to measure; empty: all
    List<Comparison> run(int rounds, Duration each, List<String> only)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        return both(sides -> measure(sides, rounds, each, only));
    }

    /// Measures nothing, and tells of each scenario whether both sides answered the same bytes.
    ///
    /// @throws IOException if they did not
    Map<String, Sameness.Result> compareOnly()
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        return both(sides -> {
            var results = new LinkedHashMap<String, Sameness.Result>();
            for (var scenario : Scenario.of(sides.catalog())) {
                results.put(scenario.name(), compare(sides, scenario));
            }
            return results;
        });
    }

    private <T> T both(Work<T> work)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        var home = Files.createDirectory(folder.resolve("hq"));
        var launch = NodeLaunch.ofThisJvm(System.getenv(), List.of());
        var http = HttpClient.newHttpClient();
        var port = freePort();
        var node = NodeProcess.start("hq", port, home, launch, List.of("--port", Integer.toString(port)));
        try (var postgres = Postgres.start(Files.createDirectory(folder.resolve("postgres")))) {
            node.awaitReady(http, START_LIMIT);
            var token = Files.readString(home.resolve("operator.token")).strip();
            MeasuredCatalog catalog;
            try (var wire = new Wire(URI.create(node.url()), token)) {
                catalog = MeasuredCatalog.write(wire, CATALOG, articles, size, step);
                step.accept("filling PostgreSQL from the log, up to version " + catalog.newest());
                fill(postgres, wire, token);
            }
            var eav = eav(postgres, launch);
            try {
                eav.awaitReady(http, START_LIMIT);
                return work.with(new Sides(URI.create(node.url()), URI.create(eav.url()), token, catalog));
            } finally {
                stop(eav);
            }
        } finally {
            stop(node);
        }
    }

    private static void fill(Postgres postgres, Wire wire, String token) throws IOException, SQLException {
        var load = new EavLoad(StandardSchema.SCHEMA);
        var more = true;
        for (var after = 0L; more; ) {
            var answer = wire.get("/api/v1/catalogs/" + CATALOG + "/log?limit=1000&after=" + after);
            if (answer.status() != 200) {
                throw new IOException("the log cannot be read: " + answer.text());
            }
            var slice = ApiClient.JSON.readTree(answer.body());
            for (var entry : slice.path("entries")) {
                load.take(entry);
                after = entry.path("version").asLong();
            }
            more = slice.path("more").asBoolean();
        }
        try (var connection = postgres.connect()) {
            load.store(connection, CATALOG, SecretHash.of(token).hex());
        }
    }

    private NodeProcess eav(Postgres postgres, NodeLaunch launch) throws CommandFailed, IOException {
        var port = freePort();
        var words = new ArrayList<>(launch.words());
        words.addAll(List.of("bench", "eav", "--jdbc", postgres.url()));
        words.addAll(List.of("--port", Integer.toString(port), "--connections", Integer.toString(connections)));
        return NodeProcess.start(
                "eav", port, Files.createDirectory(folder.resolve("eav")), words, launch.environment());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void stop(NodeProcess process) throws InterruptedException {
        process.terminate();
        process.awaitEnd(System.nanoTime() + STOP_LIMIT.toNanos());
    }

    // Measuring

    private List<Comparison> measure(Sides sides, int rounds, Duration each, List<String> only)
            throws IOException, InterruptedException, ExecutionException {
        var all = new ArrayList<Comparison>();
        for (var scenario : Scenario.of(sides.catalog())) {
            if (only.isEmpty() || only.contains(scenario.name())) {
                var missing = compare(sides, scenario).missing();
                for (var clients : List.of(1, MANY)) {
                    all.add(new Comparison(scenario.name(), clients, scenario.goal(), missing));
                }
            }
        }
        for (var round = 0; round <= rounds; round++) { // round 0 warms up
            step.accept(round == 0 ? "warming up" : "round " + round + " of " + rounds);
            for (var comparison : all) {
                var scenario = Scenario.of(sides.catalog()).stream()
                        .filter(candidate -> candidate.name().equals(comparison.scenario()))
                        .findFirst()
                        .orElseThrow();
                turn(sides, scenario, comparison, round, each);
            }
        }
        return all;
    }

    private Sameness.Result compare(Sides sides, Scenario scenario) throws IOException {
        try (var storemesh = sides.toStoremesh();
                var eav = sides.toEav()) {
            var same = Sameness.of(scenario, COMPARED, storemesh, eav);
            step.accept(
                    same.missing()
                            ? "!!! " + scenario.name()
                                    + ": Storemesh has no such route (404); measured on one side only"
                            : "%s: %,d bodies of %,d bytes in all are the same on both sides"
                                    .formatted(scenario.name(), same.bodies(), same.bytes()));
            return same;
        }
    }

    private static void turn(Sides sides, Scenario scenario, Comparison comparison, int round, Duration each)
            throws IOException, InterruptedException, ExecutionException {
        for (var side = 0; side < 2; side++) {
            if ((side + round) % 2 == 0) {
                if (!comparison.missing()) {
                    var figures = load(sides.storemesh(), sides.token(), scenario, comparison.clients(), each);
                    comparison.note(comparison.storemesh(), figures, round > 0);
                }
            } else {
                var figures = load(sides.eav(), sides.token(), scenario, comparison.clients(), each);
                comparison.note(comparison.eav(), figures, round > 0);
            }
        }
    }

    private static Load.Figures load(URI server, String token, Scenario scenario, int clients, Duration each)
            throws IOException, InterruptedException, ExecutionException {
        var wires = new ArrayList<Wire>();
        try {
            for (var client = 0; client < clients; client++) {
                wires.add(new Wire(server, token));
            }
            return Load.run(
                    clients,
                    each,
                    (client, number) -> scenario.request()
                            .send(wires.get(client), number * MANY + client, answer -> check(scenario, answer)));
        } finally {
            for (var wire : wires) {
                wire.close();
            }
        }
    }

    private static void check(Scenario scenario, Wire.Answer answer) {
        if (answer.status() != 200) {
            throw new UncheckedIOException(
                    new IOException(scenario.name() + " answered " + answer.status() + ": " + answer.text()));
        }
    }
}
