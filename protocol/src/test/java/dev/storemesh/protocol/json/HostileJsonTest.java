package dev.storemesh.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.storemesh.protocol.write.WriteJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What [HostileJson] holds is refused, in words that fit into an answer and in bounded time.
@Isolated
final class HostileJsonTest {
    /// Generous: the machine may be busy. The times themselves are printed.
    private static final Duration BOUND = Duration.ofSeconds(5);

    private static final int ANSWER = 2_000;

    /// Runs each once and says which took longest.
    private static void each(Map<String, byte[]> bodies, Hostile hostile) {
        var slowest = Duration.ZERO;
        var name = "";
        for (var body : bodies.entrySet()) {
            var begun = System.nanoTime();
            hostile.refuses(body.getKey(), body.getValue());
            var took = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(took).as(body.getKey()).isLessThan(BOUND);
            if (took.compareTo(slowest) > 0) {
                slowest = took;
                name = body.getKey();
            }
        }
        System.out.println(bodies.size() + " hostile bodies; the slowest took " + slowest.toMillis() + " ms: " + name);
    }

    @FunctionalInterface
    private interface Hostile {
        void refuses(String name, byte[] body);
    }

    @Test
    void whatIsNotJsonIsRefusedBriefly() {
        each(
                HostileJson.malformed(),
                (name, body) -> assertThatExceptionOfType(MalformedInput.class)
                        .as(name)
                        .isThrownBy(() -> Json.parse(body))
                        .satisfies(e -> assertThat(e.code()).as(name).isEqualTo("malformed_json"))
                        .satisfies(e -> assertFit(name, e)));
    }

    @Test
    void whatNobodyAskedForIsRefusedBriefly() {
        each(HostileJson.unwanted(), (name, body) -> {
            var node = Json.parse(body);
            assertThatExceptionOfType(MalformedInput.class)
                    .as(name)
                    .isThrownBy(() -> Fields.of(node).end())
                    .satisfies(e -> assertFit(name, e));
            assertThatExceptionOfType(MalformedInput.class)
                    .as(name)
                    .isThrownBy(() -> WriteJson.operations(Fields.of(node)));
        });
    }

    @Test
    void unwantedValuesAreNoNumbersTextsOrFlags() {
        HostileJson.unwantedValues().forEach((name, value) -> {
            var fields = Fields.of(Json.parse("{\"a\":" + value + "}"));
            for (var read :
                    new Runnable[] {() -> fields.number("a"), () -> fields.text("a"), () -> fields.flag("a", false)}) {
                assertThatExceptionOfType(MalformedInput.class).as(name).isThrownBy(read::run);
            }
        });
    }

    /// An answer quotes it, and an answer is a small text that can be written as UTF-8.
    private static void assertFit(String name, MalformedInput e) {
        var said = e.getMessage() + e.field();
        assertThat(said).as(name).hasSizeLessThan(ANSWER);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(said)).as(name).isTrue();
    }

    /// What we write of a value is what we read, whatever it was.
    @Test
    void whatIsTakenCanBeWrittenAndReadAgain() {
        HostileJson.unwantedValues().forEach(HostileJsonTest::assertWrittenAndRead);
        HostileJson.unwanted().forEach((name, body) -> {
            if (body.length < 1_000_000) {
                assertWrittenAndRead(name, new String(body, StandardCharsets.UTF_8));
            }
        });
    }

    private static void assertWrittenAndRead(String name, String text) {
        var once = Json.parse(text);
        var canonical = CanonicalJson.text(once);
        assertThat(CanonicalJson.text(Json.parse(Json.bytes(once))).equals(canonical))
                .as(name)
                .isTrue();
        assertThat(CanonicalJson.text(Json.parse(canonical)).equals(canonical))
                .as(name)
                .isTrue();
    }
}
