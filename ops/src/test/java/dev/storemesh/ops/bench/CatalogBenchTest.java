package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.ops.bench.eav.Postgres;
import dev.storemesh.protocol.Needs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Both sides of `bench catalog` as it runs them: a node, and the hand-built server over a real PostgreSQL.
@Isolated("measures")
final class CatalogBenchTest {
    private static final List<String> EXISTING =
            List.of("point read", "page of 1,000", "whole catalog as of old version", "changes of last 1,000 writes");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void comparesServersThatAnswerTheSameBytes() throws Exception {
        var bench = new CatalogBench(
                folder, Article.generated(2_500), new MeasuredCatalog.Size(1_000, 50), 2, System.out::println);
        try {
            var results = bench.compareOnly();
            assertThat(results).containsKeys(EXISTING.toArray(String[]::new));
            for (var scenario : EXISTING) {
                assertThat(results.get(scenario)).as(scenario).satisfies(result -> {
                    assertThat(result.missing()).isFalse();
                    assertThat(result.bytes()).isPositive();
                });
            }
        } catch (Postgres.CannotStart e) {
            Needs.that(false, "a PostgreSQL server (" + e.getMessage() + ")");
        }
    }
}
