package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A page of another origin that follows a catalog, as its `fetch` does it: a preflight, then a stream with a token.
final class LiveTest {
    private static final String ORIGIN = "https://console.example";
    private static final String CATALOG = "/catalogs/demo";
    private static final String END = "(the end)";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder = Path.of("");

    @Test
    void aPageOfAnotherOriginHearsOfEachVersionUntilItsTokenEnds() throws Exception {
        var home = folder.resolve("hq");
        Files.createDirectories(home);
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.http.cors-origins = \"" + ORIGIN + "\"\n");
        try (var hq = new SiteProcess(home)) {
            hq.start();
            var operator = hq.operator();
            operator.put(CATALOG).expect(201);
            var made = operator.post("/tokens", "{\"name\":\"page\",\"role\":\"reader\"}")
                    .expect(201)
                    .body();
            var live = URI.create(hq.url() + "/api/v1" + CATALOG + "/live");
            preflight(live);
            var lines = stream(live, made.path("token").asText());
            assertThat(next(lines)).isEqualTo("data: {\"version\":1}");
            var item = "{\"operations\":[{\"op\":\"put\",\"object\":\"#tea\",\"type\":\"retail.item\"}]}";
            for (var write = 0; write < 3; write++) {
                var began = System.nanoTime();
                var version =
                        operator.post(CATALOG + "/writes", item).expect(200).version();
                assertThat(next(lines)).isEqualTo("data: {\"version\":" + version + "}");
                System.out.printf("written and poked within %d ms%n", (System.nanoTime() - began) / 1_000_000);
            }
            var opened = operator.post(CATALOG + "/transaction", "{}").expect(201);
            var lock = Map.of("Storemesh-Lock", opened.body().path("lock").asText());
            for (var step = 0; step < 3; step++) {
                operator.call("POST", CATALOG + "/writes", item, lock).expect(200);
            }
            var version = operator.call("POST", CATALOG + "/transaction/commit", "", lock)
                    .expect(200)
                    .version();
            assertThat(next(lines)).isEqualTo("data: {\"version\":" + version + "}"); // and nothing of its steps

            operator.call("DELETE", "/tokens/" + made.path("id").asText(), "", Map.of())
                    .expect(204);
            operator.post(CATALOG + "/writes", item).expect(200);
            assertThat(next(lines)).isEqualTo(END);
        }
    }

    private static void preflight(URI live) throws Exception {
        var request = HttpRequest.newBuilder(live)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .build();
        var answer = HTTP.send(request, BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization");
    }

    private static BlockingQueue<String> stream(URI live, String token) throws Exception {
        var request = HttpRequest.newBuilder(live)
                .header("Origin", ORIGIN)
                .header("Authorization", "Bearer " + token)
                .build();
        var response = HTTP.send(request, BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains(ORIGIN);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            response.body().forEach(lines::add);
            lines.add(END);
        });
        return lines;
    }

    /// The next line with data, or the end.
    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        while (true) {
            var line = lines.poll(30, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no poke within 30 s");
            }
            if (line.startsWith("data:") || line.equals(END)) {
                return line;
            }
        }
    }
}
