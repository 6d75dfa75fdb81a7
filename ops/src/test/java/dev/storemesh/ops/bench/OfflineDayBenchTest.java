package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// HQ and a store that it does not let in for a while, as `bench offline-day` measures them.
@Tag("long")
@Isolated("measures")
final class OfflineDayBenchTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void tellsEachFigure() throws Exception {
        var figures = new OfflineDayBench(folder, new OfflineDayBench.Size(1_000, 600, 4), System.out::println).run(1);
        assertThat(figures.stream()
                        .map(figure -> figure.work() + " " + figure.settings().get("rule")))
                .containsExactlyInAnyOrder("offline-queue 0", "offline-queue 1", "offline-drain 0", "offline-drain 1");
        assertThat(figures).allSatisfy(figure -> assertThat(figure.median()).isPositive());
        assertThat(OfflineDayBench.goals(figures)).hasSize(2);
    }
}
