package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.SitePort.Kind;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.SitePort.Standing;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.watch.Metric;
import dev.storemesh.protocol.watch.Metric.Sample;
import dev.storemesh.protocol.watch.NodeStatus;
import dev.storemesh.protocol.watch.NodeStatus.CatalogStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchRoutesTest extends WithApi {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");

    private static NodeStatus status(Optional<Duration> clockOffset) {
        return new NodeStatus(
                "0.1.0",
                NOON,
                NOON.plusSeconds(90),
                List.of(
                        new CatalogStatus(Ports.DEMO, new Version(41), true, 3),
                        new CatalogStatus(new CatalogId("other"), new Version(2), false, 0)),
                clockOffset);
    }

    @Test
    void aStoreSaysHowItStands() {
        ports.status = status(Optional.of(Duration.ofSeconds(-42)));
        ports.standing = new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.UNREACHABLE));
        assertThat(get("foreman", "/api/v1/status").body()) // who sees one catalog
                .hasToString("{\"site\":\"store-1\",\"role\":\"store\",\"ready\":true,\"nodeVersion\":\"0.1.0\","
                        + "\"startedAt\":\"2026-03-01T12:00:00.000Z\",\"uptimeSeconds\":90,\"hq\":\"unreachable\","
                        + "\"clockOffsetMillis\":-42000,\"clockAlarm\":true,\"catalogs\":[{\"catalog\":\"demo\","
                        + "\"version\":41,\"transactionOpen\":true,\"queued\":3}]}");
    }

    @Test
    void hqSaysHowItStandsWithoutWhatOnlyStoresHave() {
        ports.status = status(Optional.empty());
        var body = get("operator", "/api/v1/status").body();
        assertThat(body.path("catalogs")).hasSize(2);
        assertThat(body.findValues("queued")).isEmpty();
        assertThat(body.has("hq") || body.has("clockAlarm")).isFalse();
    }

    @Test
    void metricsAreTextOfTheFormOfPrometheus() {
        ports.standing = new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.REACHABLE));
        ports.metrics = List.of(
                new Metric(
                        "b_seconds",
                        Metric.Kind.HISTOGRAM,
                        "Time.",
                        List.of(
                                new Sample("_bucket", Map.of("le", "0.001"), 1),
                                new Sample("_bucket", Map.of("le", "+Inf"), 2),
                                new Sample("_sum", Map.of(), 0.25),
                                new Sample("_count", Map.of(), 2))),
                Metric.counter("c_total", "All.", 1e15),
                Metric.gauges(
                        "a",
                        "Odd \\ text,\nin two lines.",
                        List.of(
                                new Sample("", Map.of("of", "\\ \"a\"\nb", "and", "c"), Double.POSITIVE_INFINITY),
                                new Sample("", Map.of("of", ""), -1.5))));
        var seen = get("operator", "/metrics");
        assertThat(seen.headers().get("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=UTF-8");
        assertThat(seen.body().asText()).isEqualTo("""
                        # HELP a Odd \\\\ text,\\nin two lines.
                        # TYPE a gauge
                        a{and="c",of="\\\\ \\"a\\"\\nb"} +Inf
                        a{of=""} -1.5
                        # HELP b_seconds Time.
                        # TYPE b_seconds histogram
                        b_seconds_bucket{le="0.001"} 1
                        b_seconds_bucket{le="+Inf"} 2
                        b_seconds_sum 0.25
                        b_seconds_count 2
                        # HELP c_total All.
                        # TYPE c_total counter
                        c_total 1000000000000000
                        """);
        assertThat(get("foreman", "/metrics").outcome()).isEqualTo("403 forbidden");
        assertThat(get("editor", "/metrics").outcome()).isEqualTo("403 forbidden");
        assertThatThrownBy(() -> Metric.gauge("Bad name", "x", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void atHqTheStoresAreAmongThem() {
        ports.schema = new Reading.Found<>(new Version(7), new SchemaView(List.of()));
        var store = new Access.Store(Ports.STORE, Ports.DEMO, Instant.EPOCH, Optional.empty(), Optional.empty());
        var report = new StoreReport(new Version(7), 3, "reachable", "0.1.0", NOON.minusSeconds(43));
        ports.stores = Optional.of(List.of(new StoreStanding(
                store, Optional.of(StoreContact.of(report, NOON.minusSeconds(1))), NOON.minusSeconds(9), NOON)));
        assertThat(get("operator", "/metrics").body().asText().lines())
                .contains(
                        "storemesh_fleet_known 1",
                        "storemesh_stores 1",
                        "storemesh_store_lag_versions{store=\"store-1\"} 0",
                        "storemesh_store_lag_seconds{store=\"store-1\"} 0",
                        "storemesh_store_last_contact_seconds{store=\"store-1\"} 1",
                        "storemesh_store_queue_requests{store=\"store-1\"} 3",
                        "storemesh_store_clock_offset_seconds{store=\"store-1\"} -42");
    }
}
