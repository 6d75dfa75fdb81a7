package dev.storemesh.node.watch;

import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.catalog.Catalogs;
import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Writes;
import dev.storemesh.node.measure.Measures;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.access.SitePort.Kind;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.SitePort.Standing;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.watch.NodeStatus.CatalogStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeWatchTest {
    private static final CatalogId DEMO = new CatalogId("demo");

    @TempDir
    Path folder;

    @Test
    void tellsOfTheWorkThatWasDone() {
        try (var site = TestSite.start(folder)) {
            var log = new LogReader(site.system(), LogOrigin.CATALOG);
            var partitions =
                    Partitions.start(site.system(), log, site.settings().partition());
            var catalogs = new Catalogs(
                    site.system(),
                    site.settings().catalog(),
                    partitions,
                    log,
                    () -> CompletableFuture.completedFuture(Namespaces.NONE),
                    Instant::now,
                    new SplittableRandom(1));
            var measures = Measures.of(site.system());
            var watch = new NodeWatch(
                    measures,
                    catalogs.local(),
                    partitions::memoryUse,
                    () -> new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.UNREACHABLE)),
                    () -> Optional.of(Duration.ofMillis(-1_500)),
                    "0.1.0",
                    Instant::now);
            assertThat(watch.status().catalogs()).isEmpty();
            get(catalogs.create(DEMO, Provenance.of("ann")));
            get(catalogs.write(DEMO, Writes.of(make("tea", "Tea"))));
            var unused = get(measures.counting(request -> CompletableFuture.completedFuture(
                            HttpResponse.create().withStatus(404)))
                    .apply(HttpRequest.create("/")));

            assertThat(watch.status().catalogs()).containsExactly(new CatalogStatus(DEMO, new Version(2), false, 0));
            var values = values(watch);
            assertThat(values)
                    .containsEntry("storemesh_catalog_version{catalog=demo}", 2.0)
                    .containsEntry("storemesh_rounds_total{}", 2.0)
                    .containsEntry("storemesh_journal_append_seconds_count{}", 2.0)
                    .containsEntry("storemesh_link_state{state=unreachable}", 1.0)
                    .containsEntry("storemesh_link_state{state=reachable}", 0.0)
                    .containsEntry("storemesh_clock_offset_seconds{}", -1.5)
                    .containsEntry("storemesh_http_requests_total{status=404}", 1.0)
                    .containsEntry("storemesh_http_requests_in_flight{}", 0.0);
            assertThat(values.get("jvm_memory_used_bytes{area=heap}")).isPositive();
            assertThat(values.get("storemesh_memory_bytes{of=catalogs}")).isPositive();
        }
    }

    private static Map<String, Double> values(NodeWatch watch) {
        return watch.metrics().stream()
                .flatMap(metric -> metric.samples().stream()
                        .map(sample ->
                                Map.entry(metric.name() + sample.suffix() + sample.sortedLabels(), sample.value())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
