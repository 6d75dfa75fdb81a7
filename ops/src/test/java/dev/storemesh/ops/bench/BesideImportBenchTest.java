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

/// Readers beside a refused import and one that is committed, as `bench import` measures them.
@Tag("long")
@Isolated("measures")
final class BesideImportBenchTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void tellsWhatReadersNoticeOfBothImports() throws Exception {
        var size = new BesideImportBench.Size(20_000, 1_000, 2, Duration.ofMillis(300));
        var figures = new BesideImportBench(folder, size, System.out::println).run(List.of());
        var told = figures.stream()
                .map(figure -> figure.work() + " " + figure.metric())
                .collect(Collectors.toSet());
        assertThat(told)
                .contains(
                        "readers-alone p99_ms",
                        "readers-beside-refused-import p99_ms",
                        "readers-after-rollback p99_ms",
                        "readers-later p99_ms",
                        "readers-beside-import p99_ms",
                        "import-refused disk_bytes",
                        "import-refused heap_bytes",
                        "import-refused s",
                        "import per_s");
        assertThat(BesideImportBench.goals(figures))
                .hasSize(4)
                .allSatisfy(row -> assertThat(row).doesNotContain("NaN"));
    }
}
