package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.bench.MeasuredCatalog.Size;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What one attribute takes in a node, on disk and in memory, of a catalog of 24,232 real items, which do not
/// come with this project: `-Dstoremesh.data=FOLDER`, with `catalog` in it. docs/performance.md has the figures.
@Isolated("measures memory")
final class SizeOfAnAttributeTest {
    private static final int MOST_ON_DISK = 40;
    private static final int MOST_IN_MEMORY = 200;
    private static final int FEW = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    /// @param live attributes at the newest version
    /// @param ended attributes that were there before
    private record Attributes(long live, long ended) {}

    @Test
    void anAttributeTakesAtMost40BytesOnDiskAnd200InMemoryWithAllIndexes() throws Exception {
        var articles = articles();
        var node = start();
        long attributes;
        try (var wire = wire(node)) {
            var few = MeasuredCatalog.write(wire, "few", articles.subList(0, FEW), new Size(0, 0), step -> {});
            buildIndexes(wire, few); // what a node makes once, classes among it, is not the attributes'
            var without = heap(node);
            var catalog = MeasuredCatalog.write(wire, "bench", articles, Size.FULL, System.out::println);
            buildIndexes(wire, catalog);
            var with = heap(node);
            // only now: of what is read from a log the node keeps the last, so much of it whatever the catalog's size
            var counted = count(wire);
            attributes = counted.live() + counted.ended();
            assertThat(counted.ended()).isGreaterThan(10_000);
            var inMemory = (double) (with - without) / counted.live();
            System.out.printf(
                    "%,d live and %,d ended attributes; %.1f bytes of memory each live one%n",
                    counted.live(), counted.ended(), inMemory);
            assertThat(inMemory).as("bytes of memory").isPositive().isLessThanOrEqualTo(MOST_IN_MEMORY);
            assertThat(onDisk(node, attributes)).as("while it runs").isLessThanOrEqualTo(MOST_ON_DISK);
        } finally {
            stop(node);
        }
        assertThat(onDisk(node, attributes)).as("when it has stopped").isLessThanOrEqualTo(MOST_ON_DISK);
    }

    @Test
    void soDoesOneOnDiskThatWasOnlyLoaded() throws Exception {
        var articles = articles();
        var node = start();
        long attributes;
        try (var wire = wire(node)) {
            MeasuredCatalog.write(wire, "bench", articles, new Size(0, 0), System.out::println);
            var counted = count(wire);
            attributes = counted.live() + counted.ended();
            assertThat(counted.ended()).isLessThan(100);
            assertThat(onDisk(node, attributes)).as("while it runs").isLessThanOrEqualTo(MOST_ON_DISK);
        } finally {
            stop(node);
        }
        assertThat(onDisk(node, attributes)).as("when it has stopped").isLessThanOrEqualTo(MOST_ON_DISK);
    }

    private static List<Article> articles() throws IOException {
        var data = Path.of(System.getProperty("storemesh.data", "")).resolve("catalog");
        if (!Files.exists(data.resolve("catalog.csv"))) {
            System.out.println("SKIPPED SizeOfAnAttributeTest: there is no catalog.csv in " + data.toAbsolutePath()
                    + " (-Dstoremesh.data=FOLDER names the folder that holds catalog)");
            assumeTrue(false, "no real data at " + data.toAbsolutePath());
        }
        return Article.read(data);
    }

    private NodeProcess start() throws IOException, CommandFailed, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var launch = NodeLaunch.ofThisJvm(
                System.getenv(),
                List.of("-Xmx512m", "-Dstoremesh.partition.retire-after=1s")); // it doubles; not both generations count
        var node = NodeProcess.start(
                "hq",
                port,
                Files.createDirectory(folder.resolve("hq")),
                launch,
                List.of("--port", String.valueOf(port)));
        node.awaitReady(HttpClient.newHttpClient(), LIMIT);
        return node;
    }

    private static void stop(NodeProcess node) throws InterruptedException {
        node.terminate();
        assertThat(node.awaitEnd(System.nanoTime() + LIMIT.toNanos())).isTrue();
    }

    private static Wire wire(NodeProcess node) throws IOException {
        return new Wire(
                URI.create(node.url()),
                Files.readString(node.home().resolve("operator.token")).strip());
    }

    /// All files of the node's folder, also the write-ahead log; what the node says is no data.
    private static double onDisk(NodeProcess node, long attributes) throws IOException {
        try (var files = Files.walk(node.home())) {
            var sizes = files.filter(file -> Files.isRegularFile(file) && !file.endsWith("node.log"))
                    .mapToLong(SizeOfAnAttributeTest::size)
                    .sum();
            assertThat(node.home().resolve("checkpoints.db"))
                    .as("with a checkpoint")
                    .satisfies(file -> assertThat(size(file)).isGreaterThan(500_000));
            System.out.printf(
                    "%,d bytes on disk, %.1f for each of %,d attributes%n",
                    sizes, (double) sizes / attributes, attributes);
            return (double) sizes / attributes;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is reachable; asking for it collects what is not.
    private long heap(NodeProcess node) throws IOException, InterruptedException {
        var output = folder.resolve("histogram.txt");
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked = new ProcessBuilder(jcmd, String.valueOf(node.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(asked.waitFor()).as(jcmd).isZero();
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
                .findFirst()
                .orElseThrow();
    }

    private static Attributes count(Wire wire) throws IOException {
        var set = 0L;
        var ended = 0L;
        var more = true;
        for (var after = 0L; more; ) {
            var slice = ApiClient.JSON.readTree(wire.get("/api/v1/catalogs/bench/log?limit=1000&after=" + after)
                    .body());
            for (var entry : slice.path("entries")) {
                after = entry.path("version").asLong();
                for (var change : entry.path("changes")) {
                    set += change.path("set").size();
                    ended += change.path("ended").size();
                }
            }
            more = slice.path("more").asBoolean();
        }
        return new Attributes(set - ended, ended);
    }

    /// Every index is built when it is first asked for: those that reads need, and one of each attribute's values
    /// and words.
    private static void buildIndexes(Wire wire, MeasuredCatalog catalog) throws IOException {
        for (var scenario : Scenario.of(catalog)) {
            scenario.request()
                    .send(
                            wire,
                            1,
                            answer -> assertThat(answer.status())
                                    .as(scenario.name())
                                    .isEqualTo(200));
        }
        for (var criterion : criteria(catalog)) {
            var query = "{\"filter\":{\"and\":[{\"type\":\"retail.item\"}," + criterion + "]},\"limit\":10}";
            var answer =
                    wire.post("/api/v1/catalogs/" + catalog.name() + "/query", query.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.status()).as(query + answer.text()).isEqualTo(200);
        }
    }

    private static List<String> criteria(MeasuredCatalog catalog) {
        var criteria = new ArrayList<String>();
        for (var attribute : List.of("name", "barcode", "brand", "note")) {
            criteria.add("{\"attribute\":\"retail.item." + attribute + "\",\"equal\":\"tea\"}");
            criteria.add("{\"attribute\":\"retail.item." + attribute + "\",\"word\":\"tea\"}");
        }
        criteria.add("{\"attribute\":\"retail.item.price\",\"equal\":{\"amount\":199,\"currency\":\"USD\"}}");
        criteria.add("{\"attribute\":\"retail.item.department\",\"equal\":\""
                + catalog.departments().getFirst() + "\"}");
        return criteria;
    }
}
