package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A node with two catalogs, as `bench scale` measures it.
@Tag("long")
@Isolated("measures")
final class ScaleBenchTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void tellsEachFigureOfEachSize() throws Exception {
        var figures = new ScaleBench(folder, List.of(2_000, 1_000), System.out::println).run(1, Duration.ofMillis(200));
        var sizes = figures.stream()
                .collect(Collectors.groupingBy(
                        figure -> figure.work() + " " + figure.metric(),
                        Collectors.mapping(figure -> figure.settings().get("objects"), Collectors.toList())));
        assertThat(sizes.keySet())
                .contains(
                        "import per_s",
                        "read-1 p50_ms",
                        "read-1 p99_ms",
                        "update-1 p50_ms",
                        "update-1 p99_ms",
                        "page-all per_s",
                        "page-as-of per_s",
                        "changes per_s",
                        "heap-per-attribute bytes",
                        "disk-per-attribute bytes",
                        "recovery s");
        assertThat(sizes.values()).allSatisfy(both -> assertThat(both).containsExactly(1_000L, 2_000L));
        assertThat(new ScaleTable(figures).lines()).hasSize(sizes.size() + 1);
    }
}
