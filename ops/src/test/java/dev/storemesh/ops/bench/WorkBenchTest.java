package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.bench.eav.Postgres;
import dev.storemesh.protocol.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// All systems of `bench catalog` as it runs them, with little to do: two nodes, the hand-built service, and its tables
/// alone, over a real PostgreSQL.
@Tag("long")
@Isolated("measures")
final class WorkBenchTest {
    private static final Set<String> SERVERS = Set.of("storemesh-sqlite", "storemesh-postgres", "handbuilt-postgres");
    private static final Set<String> NODES = Set.of("storemesh-sqlite", "storemesh-postgres");
    private static final Set<String> ALL =
            Set.of("storemesh-sqlite", "storemesh-postgres", "handbuilt-postgres", "jdbc-postgres");
    private static final Set<String> LOAD = Set.of("per_s", "p50_ms", "p99_ms");

    @TempDir
    private Path folder = Path.of("");

    /// Which systems tell which figures of a work.
    private record Told(Set<String> systems, Set<String> metrics) {}

    private static Told expected(Work work) {
        return switch (work) {
            case IMPORT -> new Told(ALL, Set.of("per_s", "s"));
            case UPDATE_1, UPDATE_16_HOT, UPDATE_16_CATALOGS, READ_16, PAGE_ALL, CHANGES -> new Told(ALL, LOAD);
            case FLOOD_0, FLOOD_64 -> new Told(SERVERS, LOAD);
            case DISK_PER_ATTRIBUTE -> new Told(SERVERS, Set.of("bytes"));
            case HEAP_PER_ATTRIBUTE -> new Told(NODES, Set.of("bytes"));
            case RECOVERY -> new Told(SERVERS, Set.of("s"));
            case COMMIT_20000, ROLLBACK_20000, COMMIT_1 -> new Told(NODES, Set.of("p50_ms", "p99_ms"));
        };
    }

    @Test
    void allSystemsDoEachWorkOnTheSameObjects() throws Exception {
        var steps = new ArrayList<String>();
        var size = new WorkBench.Size(1_200, 100, 1_500, 50, 2, 3);
        var bench = new WorkBench(folder, size, 2, step -> {
            System.out.println(step);
            steps.add(step);
        });
        try {
            var figures = bench.run(1, Duration.ofMillis(200), Work.all());
            assertThat(steps).contains("all hold the same 1200 objects, 50 of them changed last");
            var told = new HashMap<String, Told>();
            for (var work : Work.values()) {
                told.put(work.text(), told(figures, work));
            }
            assertThat(told)
                    .isEqualTo(Work.all().stream().collect(Collectors.toMap(Work::text, WorkBenchTest::expected)));
            figures.forEach(WorkBenchTest::assertHasTheShape);
            assertThat(new WorkTable(figures).lines()).hasSize(figures.size() + 1);
        } catch (Postgres.CannotStart e) {
            Needs.that(false, "a PostgreSQL server (" + e.getMessage() + ")");
        }
    }

    private static Told told(List<Figure> figures, Work work) {
        var own = figures.stream()
                .filter(figure -> figure.work().equals(work.text()))
                .toList();
        return new Told(
                own.stream().map(Figure::system).collect(Collectors.toSet()),
                own.stream().map(Figure::metric).collect(Collectors.toSet()));
    }

    private static void assertHasTheShape(Figure figure) {
        assertThat(figure.json().toString()).satisfies(line -> {
            assertThat(line).doesNotContain("\n");
            var json = ApiClient.JSON.readTree(line);
            assertThat(json.path("work").isTextual()).isTrue();
            assertThat(json.path("system").isTextual()).isTrue();
            assertThat(json.path("metric").isTextual()).isTrue();
            assertThat(json.path("value").isNumber()).isTrue();
            assertThat(json.path("value").asDouble()).isPositive();
            assertThat(json.path("settings").path("objects").isNumber()
                            || json.path("settings").path("live").isNumber())
                    .isTrue();
        });
    }

    @Test
    void aSystemWithOtherObjectsEndsTheMeasurement() {
        var first = new HashMap<>(Map.of("tea", "retail.item\nretail.item.tax=1"));
        assertThatThrownBy(() -> WorkBench.same("slow", Map.of("tea", "retail.item\nretail.item.tax=2"), first))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("slow", "tea");
        assertThatThrownBy(() -> WorkBench.same("slow", Map.of(), first)).isInstanceOf(IOException.class);
    }
}
