package dev.storemesh.http.route;

import dev.storemesh.http.route.Fleets.Fleet;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.watch.Metric;
import dev.storemesh.protocol.watch.Metric.Sample;
import dev.storemesh.protocol.watch.WatchPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/// How the node that is asked stands, for operators; and its metrics, for what watches it.
final class WatchRoutes {
    /// Metrics of a node are worth more than those of the fleet: who asks for both does not wait longer for these.
    private static final Duration FLEET_PATIENCE = Duration.ofSeconds(5);

    /// Series of one metric.
    private static final int MOST_STORES = 5_000;

    private static final double MILLIS = 1e3;

    private final WatchPort watch;
    private final SitePort site;
    private final Fleets fleets;

    WatchRoutes(WatchPort watch, SitePort site, Fleets fleets) {
        this.watch = watch;
        this.site = site;
        this.fleets = fleets;
    }

    List<Endpoint> endpoints() {
        var watcher = Admission.to(Permission.WATCH);
        return List.of(
                Endpoint.get("/api/v1/status", watcher, this::status).answered(Endpoint.AtStore.BY_NODE),
                Endpoint.get("/metrics", watcher, this::metrics).answered(Endpoint.AtStore.BY_NODE));
    }

    private CompletionStage<Reply> status(Call call) {
        var standing = site.standing();
        var status = watch.status();
        var json = Json.object()
                .put("site", standing.site())
                .put("role", standing.kind().wireName())
                .put("ready", standing.ready())
                .put("nodeVersion", status.node())
                .put("startedAt", Moment.format(status.startedAt()))
                .put(
                        "uptimeSeconds",
                        Math.max(
                                0,
                                Duration.between(status.startedAt(), status.asOf())
                                        .toSeconds()));
        standing.hq().ifPresent(link -> json.put("hq", link.wireName()));
        status.clockOffset()
                .ifPresent(offset -> json.put("clockOffsetMillis", offset.toMillis())
                        .put("clockAlarm", StoreReport.isAlarm(offset)));
        var catalogs = json.putArray("catalogs");
        status.catalogs().stream()
                .filter(catalog -> call.principal().sees(catalog.catalog()))
                .forEach(catalog -> {
                    var node = catalogs.addObject()
                            .put("catalog", catalog.catalog().text())
                            .put("version", catalog.version().number())
                            .put("transactionOpen", catalog.transactionOpen());
                    if (standing.kind() == SitePort.Kind.STORE) {
                        node.put("queued", catalog.queued());
                    }
                });
        return CompletableFuture.completedStage(Reply.json(200, json));
    }

    private CompletionStage<Reply> metrics(Call call) {
        if (call.principal().catalog().isPresent()) {
            throw Call.forbidden("This token is for one catalog, and metrics are of the whole node.");
        }
        return ofFleet()
                .thenApply(ofFleet -> new Reply.Text(
                        MetricText.MEDIA_TYPE,
                        MetricText.of(Stream.concat(watch.metrics().stream(), ofFleet.stream())
                                .sorted(Comparator.comparing(Metric::name))
                                .toList())));
    }

    /// At HQ; where they cannot be told in time, that is told.
    private CompletionStage<List<Metric>> ofFleet() {
        if (site.standing().kind() != SitePort.Kind.HQ) {
            return CompletableFuture.completedStage(List.of());
        }
        return fleets.of(Lags::counts)
                .toCompletableFuture()
                .copy()
                .orTimeout(FLEET_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(fleet -> fleet.map(WatchRoutes::of).orElse(List.of()))
                .exceptionally(unknown -> List.of(known(false)));
    }

    private static Metric known(boolean known) {
        return Metric.gauge(
                "storemesh_fleet_known", "At HQ: whether the stores could be told of at all.", known ? 1 : 0);
    }

    private static List<Metric> of(Fleet fleet) {
        var all = fleet.stores();
        var some = all.stream().limit(MOST_STORES).toList();
        var metrics = new ArrayList<Metric>();
        metrics.add(known(true));
        metrics.add(Metric.gauge("storemesh_stores", "At HQ: stores that were not removed.", all.size()));
        metrics.add(Metric.gauges(
                "storemesh_store_lag_versions",
                "Versions that a store lacks; of stores of which that is known.",
                some.stream()
                        .flatMap(store ->
                                Optional.ofNullable(fleet.lags().get(store))
                                        .map(lag -> sample(store, lag.versions()))
                                        .stream())
                        .toList()));
        metrics.add(Metric.gauges(
                "storemesh_store_lag_seconds",
                "Age of the oldest version that a store lacks.",
                some.stream()
                        .flatMap(store -> Optional.ofNullable(fleet.lags().get(store))
                                .map(lag -> sample(store, lag.age().toMillis() / MILLIS))
                                .stream())
                        .toList()));
        metrics.add(Metric.gauges(
                "storemesh_store_last_contact_seconds",
                "Time since a store's link was last heard; of those that were since HQ knows.",
                some.stream()
                        .flatMap(store -> store
                                .contact()
                                .map(contact -> sample(
                                        store,
                                        Math.max(
                                                        0,
                                                        Duration.between(contact.at(), store.asOf())
                                                                .toMillis())
                                                / MILLIS))
                                .stream())
                        .toList()));
        metrics.add(told(
                fleet,
                "storemesh_store_queue_requests",
                "Change requests that wait at a store, as it last said.",
                told -> told.report().queued()));
        metrics.add(told(
                fleet,
                "storemesh_store_clock_offset_seconds",
                "How far a store's clock is ahead of HQ's; beyond 30 either way is an alarm.",
                told -> told.clockOffset().toMillis() / MILLIS));
        return metrics;
    }

    private static Metric told(Fleet fleet, String name, String help, Function<StoreContact.Told, Number> value) {
        return Metric.gauges(
                name,
                help,
                fleet.stores().stream()
                        .limit(MOST_STORES)
                        .flatMap(
                                store -> store
                                        .contact()
                                        .flatMap(StoreContact::told)
                                        .map(told -> sample(store, value.apply(told)))
                                        .stream())
                        .toList());
    }

    private static Sample sample(StoreStanding standing, Number value) {
        return Metric.sample("store", standing.store().id().text(), value.doubleValue());
    }
}
