package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/// Searches of the log, each of bounded work: what is not reached the asker goes on with. It begins where the
/// filter's time does, and of an object's versions it reads the rows that hold them, since the partition knows which
/// they are.
final class LogSearches {
    /// How many rows of the journal one search reads.
    private static final int MAX_ROWS = 20_000;

    /// How many versions of an object one search looks at.
    private static final int MAX_VERSIONS = 1_000;

    private final ActorSystem<?> system;
    private final Partitions partitions;
    private final LogReader log;
    private final Moments moments;
    private final long pageBytes;

    LogSearches(ActorSystem<?> system, Partitions partitions, LogReader log, Moments moments, long pageBytes) {
        this.system = system;
        this.partitions = partitions;
        this.log = log;
        this.moments = moments;
        this.pageBytes = pageBytes;
    }

    CompletionStage<Findings> search(LogStanding standing, LogSearch search) {
        return start(standing, search)
                .thenCompose(after -> search.filter()
                        .object()
                        .map(token -> ofObject(standing, search, token, after))
                        .orElseGet(() -> ofAll(standing, search, after)));
    }

    /// The version after which entries can be wanted.
    private CompletionStage<Version> start(LogStanding standing, LogSearch search) {
        return search.filter()
                .from()
                .map(from -> moments.versionAt(standing, from.minusMillis(1))
                        .thenApply(before -> before.filter(version -> version.isAfter(search.after()))
                                .orElse(search.after())))
                .orElseGet(() -> CompletableFuture.completedFuture(search.after()));
    }

    private CompletionStage<Findings> ofAll(LogStanding standing, LogSearch search, Version after) {
        return run(
                log.rows(standing.id(), standing.index().before(after.next())),
                new Scan(standing, search, after, standing.head(), search.filter()::wants));
    }

    private CompletionStage<Findings> ofObject(
            LogStanding standing, LogSearch search, ObjectToken token, Version after) {
        var query = new ObjectHistory.Query(
                Optional.empty(), Scope.all(), standing.head(), Optional.of(after), MAX_VERSIONS);
        return partitions.history(standing, token, query).thenCompose(history -> {
            var versions = history.map(ObjectHistory::entries).orElse(List.of()).stream()
                    .map(entry -> entry.step().version())
                    .toList();
            var end = history.filter(ObjectHistory::more).isPresent() ? versions.getLast() : standing.head();
            var touching = Set.copyOf(versions);
            var rest = search.filter().ofAnyObject();
            return run(
                    rows(standing, versions),
                    new Scan(
                            standing,
                            search,
                            after,
                            end,
                            entry -> touching.contains(entry.version()) && rest.wants(entry)));
        });
    }

    /// The rows that hold these versions, or their ends, with some of their neighbours.
    private Source<LogRow, NotUsed> rows(LogStanding standing, List<Version> versions) {
        var lastFrom = new TreeMap<Position, Version>();
        versions.forEach(version -> lastFrom.put(standing.index().before(version), version));
        return Source.from(lastFrom.entrySet())
                .flatMapConcat(part -> log.rows(
                                standing.id(), part.getKey(), standing.index().notAfter(part.getValue()))
                        .takeWhile(row -> !startsAfter(row, part.getValue())));
    }

    private static boolean startsAfter(LogRow row, Version version) {
        return !row.steps().isEmpty() && row.steps().getFirst().entry().place().isAfter(LogPlace.of(version));
    }

    private CompletionStage<Findings> run(Source<LogRow, NotUsed> rows, Scan scan) {
        return rows.takeWhile(row -> !scan.isOver())
                .runForeach(scan::take, system)
                .thenApply(done -> scan.findings());
    }

    /// One search while it is being made, by one stream.
    private final class Scan {
        private final LogStanding standing;
        private final LogSearch search;
        private final Version end;
        private final Predicate<LogEntry> wanted;
        private final List<LogEntry> found = new ArrayList<>();
        private Version scanned;
        private long bytes = pageBytes;
        private int rows;
        private boolean inSteps;
        private boolean full;
        private boolean past;

        /// @param end the version up to which the rows that are given hold all that is wanted
        /// @param wanted of versions, and of the ends of those that transactions made
        private Scan(LogStanding standing, LogSearch search, Version after, Version end, Predicate<LogEntry> wanted) {
            this.standing = standing;
            this.search = search;
            this.scanned = after;
            this.end = end;
            this.wanted = wanted;
        }

        private boolean isOver() {
            return full || past;
        }

        private void take(LogRow row) {
            for (var step : row.steps()) {
                var entry = step.entry();
                inSteps = entry.isStep();
                if (!inSteps
                        && entry.version().isAfter(scanned)
                        && !entry.version().isAfter(end)) {
                    full = full || found.size() >= search.limit() || bytes <= 0;
                    past = past || search.filter().isPast(entry);
                    if (isOver()) {
                        return;
                    }
                    scanned = entry.version();
                    if (wanted.test(entry)) {
                        found.add(entry);
                        bytes -= new LogRow(row.position(), List.of(step)).weight();
                    }
                }
            }
            full = full || ++rows >= MAX_ROWS && !inSteps; // between two steps nobody can go on
        }

        private Findings findings() {
            var to = isOver() ? scanned : end;
            return new Findings(
                    standing.history(), found, !past && standing.head().isAfter(to), to);
        }
    }
}
