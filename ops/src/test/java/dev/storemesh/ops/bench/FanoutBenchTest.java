package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// HQ and two stores that share a process, as `bench fanout` measures them.
@Tag("long")
@Isolated("measures")
final class FanoutBenchTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void tellsEachFigure() throws Exception {
        var figures =
                new FanoutBench(folder, 2, new FanoutBench.Size(1_000, 5, 1_000, 1_000, 2), System.out::println).run(1);
        assertThat(figures.stream()
                        .map(figure -> figure.work() + " " + figure.metric())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "idle-store bytes",
                        "fanout-one p50_ms",
                        "fanout-one p99_ms",
                        "adding-a-store p50_ms",
                        "adding-a-store p99_ms",
                        "fanout-10000 per_s",
                        "fanout-10000 s",
                        "first-load s");
        assertThat(figures.stream().filter(figure -> figure.median() <= 0).map(Figure::work))
                .as("but heap, which varies by more than two stores")
                .isSubsetOf(FanoutBench.IDLE);
        assertThat(FanoutBench.goals(figures)).hasSize(4);
    }
}
