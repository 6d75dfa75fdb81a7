package dev.storemesh.ops.bench;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Endpoint;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.importer.CatalogImport;
import dev.storemesh.ops.importer.Group;
import dev.storemesh.ops.importer.HttpCatalog;
import dev.storemesh.ops.importer.ImportException;
import dev.storemesh.ops.importer.Progress;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// Measures one HQ node, a process of its own with a fresh home, over HTTP: start, memory when idle, import, reads,
/// durable writes. Beside reads stands the cheapest request the same server answers (`/health/live`); beside writes,
/// one row committed to an SQLite file of the same folder without HTTP: in the same rounds, so that a busy machine
/// slows both.
final class NodeBench {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int MANY = 16;
    private static final String NODE = "storemesh-sqlite";

    private final Path folder;
    private final List<Group> goods;
    private final int rounds;
    private final Duration each;
    private final Consumer<String> step;
    private final Map<List<String>, List<Double>> figures = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// @param folder empty; the node's home and the floor's file are made in it
    /// @param each how long one round of one load runs
    NodeBench(Path folder, List<Group> goods, int rounds, Duration each, Consumer<String> step) {
        this.folder = folder;
        this.goods = goods;
        this.rounds = rounds;
        this.each = each;
        this.step = step;
    }

    List<Figure> run()
            throws CommandFailed, ImportException, InterruptedException, ExecutionException, IOException, SQLException {
        var home = Files.createDirectory(folder.resolve("hq"));
        var node = start(home); // the first start makes the home, and is not measured
        for (var round = 0; round < rounds; round++) {
            stop(node);
            step.accept("start, round " + (round + 1));
            var started = System.nanoTime();
            node = start(home);
            note("start", NODE, "s", (System.nanoTime() - started) / 1e9);
            idleMemory(node);
        }
        try {
            load(node, new Endpoint(URI.create(node.url()), Optional.of(token(home)), false, Optional.empty()));
        } finally {
            stop(node);
        }
        var all = new ArrayList<Figure>();
        figures.forEach((names, values) -> all.add(new Figure(names.get(0), names.get(1), names.get(2), values)));
        return all;
    }

    private void load(NodeProcess node, Endpoint endpoint)
            throws CommandFailed, ImportException, InterruptedException, ExecutionException, SQLException {
        var client = new ApiClient(endpoint);
        for (var round = 0; round <= rounds; round++) { // round 0 warms up
            step.accept("import, round " + round);
            imported(client, "bench-" + round, round > 0);
        }
        var token = endpoint.token().orElseThrow();
        var objects = tokens(client, "bench-1");
        try (var floor = new SqliteFloor(folder)) {
            for (var round = 0; round <= rounds; round++) {
                step.accept("reads and writes, round " + round);
                for (var clients : List.of(1, MANY)) {
                    reads(node, token, objects, clients, round > 0);
                    writes(node, token, objects, clients, round > 0);
                }
                note(round > 0, "write-1", "sqlite-alone", Load.run(1, each, (who, number) -> floor.write()));
            }
        }
    }

    private void imported(ApiClient client, String catalog, boolean counts)
            throws CommandFailed, ImportException, InterruptedException {
        try {
            client.put(Query.of("catalogs", catalog));
        } catch (ApiException e) {
            throw new CommandFailed("the catalog " + catalog + " cannot be made: " + e.getMessage(), e);
        }
        var summary = new CatalogImport(new HttpCatalog(client, catalog), new Silence(), System::nanoTime, "bench")
                .run(goods);
        if (counts) {
            note("import", NODE, "per_s", summary.taken() * 1e9 / summary.took().toNanos());
        }
    }

    private void reads(NodeProcess node, String token, List<String> objects, int clients, boolean counts)
            throws InterruptedException, ExecutionException {
        var live = request(node, "/health/live", Optional.empty()).GET().build();
        note(counts, "read-" + clients, "health-live", Load.run(clients, each, (who, number) -> send(live)));
        note(counts, "read-" + clients, NODE, Load.run(clients, each, (who, number) -> {
            var object = objects.get((int) ((number * MANY + who) % objects.size()));
            send(request(node, "/api/v1/catalogs/bench-1/objects/" + object, Optional.of(token))
                    .GET()
                    .build());
        }));
    }

    private void writes(NodeProcess node, String token, List<String> objects, int clients, boolean counts)
            throws InterruptedException, ExecutionException {
        note(counts, "write-" + clients, NODE, Load.run(clients, each, (who, number) -> {
            var object = objects.get((int) ((number * MANY + who) % objects.size()));
            send(request(node, "/api/v1/catalogs/bench-1/writes", Optional.of(token))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(priceChange(object, number)))
                    .build());
        }));
    }

    private static String priceChange(String object, long number) {
        return "{\"operations\":[{\"op\":\"put\",\"object\":\"" + object
                + "\",\"set\":[{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":" + (100 + number % 900)
                + ",\"currency\":\"USD\"}}]}],\"reason\":\"bench\"}";
    }

    private static HttpRequest.Builder request(NodeProcess node, String path, Optional<String> token) {
        var request = HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(START_LIMIT);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private void send(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private static List<String> tokens(ApiClient client, String catalog) throws CommandFailed, InterruptedException {
        try {
            var page = client.get(Query.of("catalogs", catalog, "objects")
                    .with("type", "retail.item")
                    .with("limit", "1000"));
            var tokens = new ArrayList<String>();
            page.body()
                    .path("objects")
                    .forEach(object -> tokens.add(object.path("object").asText()));
            return tokens;
        } catch (ApiException e) {
            throw new CommandFailed("the catalog " + catalog + " cannot be read: " + e.getMessage(), e);
        }
    }

    private NodeProcess start(Path home) throws CommandFailed, InterruptedException {
        var node = NodeProcess.start(
                "hq", 18_480, home, NodeLaunch.ofThisJvm(System.getenv(), List.of()), List.of("--port", "18480"));
        node.awaitReady(http, START_LIMIT);
        return node;
    }

    private static void stop(NodeProcess node) throws InterruptedException {
        node.terminate();
        node.awaitEnd(System.nanoTime() + STOP_LIMIT.toNanos());
    }

    private static String token(Path home) throws IOException {
        return Files.readString(home.resolve("operator.token")).strip();
    }

    /// Linux tells it; elsewhere the figure is left out.
    private void idleMemory(NodeProcess node) throws IOException {
        var status = Path.of("/proc", Long.toString(node.pid()), "status");
        if (Files.exists(status)) {
            for (var line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    note("idle", NODE, "rss_mb", Long.parseLong(line.replaceAll("\\D", "")) / 1024.0);
                }
            }
        }
    }

    private void note(boolean counts, String work, String system, Load.Figures measured) {
        if (counts) {
            note(work, system, "per_s", measured.perSecond());
            note(work, system, "p50_ms", measured.p50Ms());
            note(work, system, "p99_ms", measured.p99Ms());
        }
    }

    private void note(String work, String system, String metric, double value) {
        figures.computeIfAbsent(List.of(work, system, metric), names -> new ArrayList<>())
                .add(value);
    }

    private static final class Silence implements Progress {
        @Override
        public void begin(String what, long total) {}

        @Override
        public void advance(long by) {}

        @Override
        public void end() {}
    }
}
