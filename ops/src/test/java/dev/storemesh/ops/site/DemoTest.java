package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What a newcomer gets from `storemesh demo`.
@Isolated("runs as a newcomer does, who does nothing else")
final class DemoTest {
    private static final Duration READY_BOUND = Duration.ofMinutes(2);
    private static final Duration STOP_BOUND = Duration.ofSeconds(15);

    @TempDir
    Path folder = Path.of("");

    private final List<Demo> demos = new ArrayList<>();

    /// A running demo, and what it described.
    private record Demo(Process process, Path output, JsonNode description, Duration took) {
        String url(String pointer) {
            return description.at(pointer).asText();
        }

        Caller caller(String url, String token) {
            return new Caller(url(url), url(token));
        }

        long pid(String pointer) {
            return description.at(pointer).asLong();
        }

        Stream<ProcessHandle> nodes() {
            return Stream.of("/hq/pid", "/stores/0/pid", "/stores/1/pid")
                    .map(pointer -> ProcessHandle.of(pid(pointer)))
                    .flatMap(Optional::stream);
        }

        String said() throws Exception {
            return Files.readString(output);
        }
    }

    @AfterEach
    void leaveNothingRunning() {
        for (var demo : demos) {
            demo.process().destroyForcibly().onExit().join();
            demo.nodes().forEach(node -> {
                node.destroyForcibly();
                node.onExit().join();
            });
        }
    }

    @Test
    void isThereAgainAtTheSecondStartAndStopsWhenItIsTold() throws Exception {
        var first = start("--keep", folder.resolve("kept").toString());
        var editor = first.caller("/hq/url", "/hq/editor");
        var version = editor.visible("demo");
        var objects = editor.objects("demo", version);
        assertThat(objects).hasSizeGreaterThan(300);
        assertThat(first.caller("/stores/0/url", "/stores/0/token").objects("demo", version))
                .isEqualTo(objects);
        assertThat(first.caller("/stores/1/url", "/stores/1/token").objects("demo", version))
                .isEqualTo(objects);
        assertThat(first.caller("/hq/url", "/hq/approver")
                        .get("/change-requests?catalog=demo")
                        .status())
                .isEqualTo(200);
        stop(first);

        var second = start("--keep", folder.resolve("kept").toString());
        System.out.printf(
                "figures: demo ready in %d ms, kept demo in %d ms%n",
                first.took().toMillis(), second.took().toMillis());
        assertThat(withoutPids(second.description())).isEqualTo(withoutPids(first.description()));
        assertThat(second.caller("/hq/url", "/hq/editor").visible("demo")).isEqualTo(version);
        stop(second);
    }

    @Test
    void printsATourWhoseLinesWork() throws Exception {
        var demo = start();
        var lines = demo.said()
                .lines()
                .filter(line -> line.startsWith("curl ") || line.startsWith("sleep 1; curl "))
                .toList();
        assertThat(lines).hasSize(9);
        var answers = new ArrayList<String>();
        for (var line : lines) {
            answers.add(shell(line));
        }
        var price = price(answers.get(0));
        assertThat(price(answers.get(1))).isEqualTo(price);
        assertThat(answers.get(2)).contains("\"queued\"");
        assertThat(answers.get(3)).contains("\"waiting\"");
        assertThat(answers.get(4)).contains("\"approved\"");
        assertThat(price(answers.get(5))).isEqualTo(price + 25);
        assertThat(price(answers.get(6))).isEqualTo(price + 25);
        assertThat(price(answers.get(7))).isEqualTo(price);
        assertThat(answers.get(8)).contains("\"range\"", "demo.price.notNegative", "A price is never negative.");
        stop(demo);
    }

    @Test
    void reportsANodeThatDiesAndGoesOn() throws Exception {
        var demo = start();
        ProcessHandle.of(demo.pid("/stores/1/pid")).orElseThrow().destroyForcibly();
        Eventually.see(
                "the end of store-2 is reported",
                STOP_BOUND,
                demo::said,
                said -> said.contains("store-2") && said.contains("ended with exit code 137"));
        assertThat(demo.said()).contains("node --home");
        assertThat(demo.caller("/stores/0/url", "/stores/0/token").visible("demo"))
                .isPositive();
        stop(demo);
    }

    private Demo start(String... options) throws Exception {
        var description = folder.resolve("description-" + demos.size() + ".json");
        var output = folder.resolve("demo-" + demos.size() + ".log");
        var words = new ArrayList<>(List.of("demo", "--describe", description.toString()));
        words.addAll(List.of(options));
        var began = System.nanoTime();
        var process = SiteProcess.start(output, words, Map.of());
        try {
            Eventually.see(
                    "the demo is ready",
                    READY_BOUND,
                    () -> Files.exists(description) || !process.isAlive(),
                    done -> done);
            var took = Duration.ofNanos(System.nanoTime() - began);
            var demo = new Demo(process, output, new ObjectMapper().readTree(Files.readString(description)), took);
            demos.add(demo);
            Eventually.see("the tour is printed", STOP_BOUND, demo::said, said -> said.contains("Ctrl-C stops"));
            return demo;
        } catch (Exception | AssertionError failure) {
            process.destroy();
            throw new AssertionError("the demo did not start:\n" + Files.readString(output), failure);
        }
    }

    private static void stop(Demo demo) throws Exception {
        var nodes = demo.nodes().collect(Collectors.toList());
        demo.process().destroy();
        assertThat(demo.process().waitFor(STOP_BOUND.toSeconds(), TimeUnit.SECONDS))
                .as(demo.said())
                .isTrue();
        assertThat(demo.process().exitValue()).as(demo.said()).isZero();
        assertThat(nodes).noneMatch(ProcessHandle::isAlive);
    }

    private static String shell(String line) throws Exception {
        var process = new ProcessBuilder("bash", "-c", line).start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(line).isZero();
        return answer;
    }

    private static long price(String object) throws Exception {
        return new ObjectMapper()
                .readTree(object)
                .path("attributes")
                .valueStream()
                .filter(row -> row.path("attribute").asText().equals("retail.item.price") && !row.has("location"))
                .map(row -> row.path("value").path("amount").asLong())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no price in " + object));
    }

    private static String withoutPids(JsonNode description) {
        return description.toString().replaceAll("\"pid\":\\d+", "");
    }
}
