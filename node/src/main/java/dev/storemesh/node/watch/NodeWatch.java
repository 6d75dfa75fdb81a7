package dev.storemesh.node.watch;

import dev.storemesh.node.catalog.LocalStandings;
import dev.storemesh.node.catalog.MemoryUse;
import dev.storemesh.node.measure.Measures;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.watch.Metric;
import dev.storemesh.protocol.watch.Metric.Sample;
import dev.storemesh.protocol.watch.NodeStatus;
import dev.storemesh.protocol.watch.NodeStatus.CatalogStatus;
import dev.storemesh.protocol.watch.WatchPort;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Tells how this node stands, from what its parts counted and from what is in memory.
public final class NodeWatch implements WatchPort {
    /// Series of one metric; of more catalogs than this the first are told, and how many there are.
    static final int MOST_CATALOGS = 200;

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Measures measures;
    private final LocalStandings standings;
    private final Supplier<List<MemoryUse>> memory;
    private final SitePort site;
    private final Supplier<Optional<Duration>> clockOffset;
    private final String node;
    private final InstantSource clock;

    /// @param memory what catalogs take of it
    /// @param clockOffset at a store: how far its clock is ahead of HQ's
    /// @param node the version of the program
    public NodeWatch(
            Measures measures,
            LocalStandings standings,
            Supplier<List<MemoryUse>> memory,
            SitePort site,
            Supplier<Optional<Duration>> clockOffset,
            String node,
            InstantSource clock) {
        this.measures = measures;
        this.standings = standings;
        this.memory = memory;
        this.site = site;
        this.clockOffset = clockOffset;
        this.node = node;
        this.clock = clock;
    }

    private static Instant startedAt() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    @Override
    public NodeStatus status() {
        return new NodeStatus(
                node,
                startedAt(),
                clock.instant(),
                catalogs()
                        .map(standing -> new CatalogStatus(
                                standing.id(),
                                standing.head(),
                                standing.transactions().open().isPresent(),
                                standing.queued()))
                        .toList(),
                clockOffset.get());
    }

    private Stream<LogStanding> catalogs() {
        return standings.all().stream()
                .sorted(Comparator.comparing(standing -> standing.id().text()));
    }

    @Override
    public List<Metric> metrics() {
        return Stream.of(ofSite(), ofCatalogs(), ofWork(), ofMemory(), ofProcess())
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Metric::name))
                .toList();
    }

    private List<Metric> ofSite() {
        var standing = site.standing();
        var metrics = new ArrayList<Metric>();
        var labels = Map.of("version", node, "role", standing.kind().wireName());
        metrics.add(Metric.gauges(
                "storemesh_node_info",
                "1, with the version of the program and the role of the site.",
                List.of(new Sample("", labels, 1))));
        metrics.add(Metric.gauge("storemesh_node_ready", "Whether this node takes requests.", flag(standing.ready())));
        standing.hq()
                .ifPresent(link -> metrics.add(Metric.gauges(
                        "storemesh_link_state",
                        "At a store: 1 for the state in which its link to HQ is.",
                        Stream.of(LinkState.values())
                                .map(state -> sample("state", state.wireName(), flag(state == link)))
                                .toList())));
        clockOffset
                .get()
                .ifPresent(offset -> metrics.add(Metric.gauge(
                        "storemesh_clock_offset_seconds",
                        "At a store: how far its clock is ahead of HQ's; beyond 30 either way is an alarm.",
                        offset.toMillis() / MILLIS)));
        return metrics;
    }

    private static double flag(boolean is) {
        return is ? 1 : 0;
    }

    private List<Metric> ofCatalogs() {
        var here = catalogs().toList();
        var some = here.stream().limit(MOST_CATALOGS).toList();
        var metrics = new ArrayList<Metric>();
        metrics.add(Metric.gauge("storemesh_catalogs", "Catalogs in this node's memory.", here.size()));
        metrics.add(Metric.gauges(
                "storemesh_catalog_version",
                "The newest version of a catalog here; of the first " + MOST_CATALOGS + " in memory.",
                some.stream()
                        .map(standing -> sample(standing, standing.head().number()))
                        .toList()));
        if (site.standing().kind() == SitePort.Kind.STORE) {
            metrics.add(Metric.gauges(
                    "storemesh_queue_requests",
                    "At a store: change requests that HQ has not recorded.",
                    some.stream()
                            .map(standing -> sample(standing, standing.queued()))
                            .toList()));
        }
        return metrics;
    }

    private static Sample sample(LogStanding standing, Number value) {
        return sample("catalog", standing.id().text(), value);
    }

    private static Sample sample(String label, String of, Number value) {
        return Metric.sample(label, of, value.doubleValue());
    }

    private List<Metric> ofWork() {
        return List.of(
                measures.appends()
                        .metric(
                                "storemesh_journal_append_seconds",
                                "Time to append a row to a catalog's journal, its fsync included."),
                measures.checkpoints()
                        .metric("storemesh_checkpoint_seconds", "Time to store a partition's checkpoint."),
                Metric.counter("storemesh_rounds_total", "Rounds that were journaled.", (double) measures.rounds()),
                Metric.counter("storemesh_journaled_events_total", "Events in those rounds, one a write.", (double)
                        measures.events()),
                Metric.gauge(
                        "storemesh_http_requests_in_flight",
                        "Requests that are not answered yet, long polls among them.",
                        (double) measures.inFlight()),
                new Metric(
                        "storemesh_http_requests_total",
                        Metric.Kind.COUNTER,
                        "Answered requests, by status.",
                        measures.answers().entrySet().stream()
                                .map(answers -> sample("status", String.valueOf(answers.getKey()), answers.getValue()))
                                .toList()));
    }

    private List<Metric> ofMemory() {
        var uses = memory.get();
        var beans = ManagementFactory.getMemoryMXBean();
        var areas = Map.of("heap", beans.getHeapMemoryUsage(), "nonheap", beans.getNonHeapMemoryUsage());
        return List.of(
                Metric.gauges(
                        "storemesh_memory_bytes",
                        "What catalogs take of memory, about.",
                        uses.stream()
                                .map(use -> sample("of", use.what(), use.bytes()))
                                .toList()),
                Metric.gauges(
                        "storemesh_memory_limit_bytes",
                        "What they may take (storemesh.partition.memory).",
                        uses.stream()
                                .map(use -> sample("of", use.what(), use.limitBytes()))
                                .toList()),
                Metric.gauges(
                        "jvm_memory_used_bytes",
                        "Memory of the JVM that is in use.",
                        areas.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(area -> sample(
                                        "area", area.getKey(), area.getValue().getUsed()))
                                .toList()),
                Metric.gauges(
                        "jvm_memory_max_bytes",
                        "The most that it may take; -1: no limit.",
                        areas.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(area -> sample(
                                        "area", area.getKey(), area.getValue().getMax()))
                                .toList()));
    }

    private List<Metric> ofProcess() {
        var metrics = new ArrayList<Metric>();
        metrics.add(Metric.gauge(
                "process_start_time_seconds",
                "When this process started, since 1970.",
                startedAt().toEpochMilli() / MILLIS));
        metrics.add(Metric.gauge(
                "jvm_threads_current",
                "Threads of the JVM.",
                ManagementFactory.getThreadMXBean().getThreadCount()));
        metrics.add(new Metric(
                "jvm_gc_seconds_total",
                Metric.Kind.COUNTER,
                "Time that collections of garbage took, by collector.",
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(gc -> sample("gc", gc.getName(), Math.max(0, gc.getCollectionTime()) / MILLIS))
                        .toList()));
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(cpu -> metrics.add(Metric.counter(
                        "process_cpu_seconds_total", "Processor time of this process.", cpu.toNanos() / NANOS)));
        return metrics;
    }
}
