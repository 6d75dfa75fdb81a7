package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Diverged;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Reading.NoCatalog;
import dev.storemesh.protocol.catalog.Reading.NotYet;
import dev.storemesh.protocol.catalog.Reading.Nothing;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorSystem;

/// Reads of catalogs, the same at HQ and at a store. Each first asks how far the log is, and then a partition or the
/// journal for what it holds at that position.
public final class CatalogReads {
    private final ActorSystem<?> system;
    private final Standings standings;
    private final Partitions partitions;
    private final LogReader log;
    private final boolean followed;
    private final long logPageBytes;

    public CatalogReads(
            ActorSystem<?> system,
            Standings standings,
            Partitions partitions,
            LogReader log,
            boolean followed,
            long logPageBytes) {
        this.system = system;
        this.standings = standings;
        this.partitions = partitions;
        this.log = log;
        this.followed = followed;
        this.logPageBytes = logPageBytes;
    }

    public CompletionStage<Reading<CatalogHead>> head(CatalogId catalog) {
        return standings
                .now(catalog)
                .thenCompose(standing -> standing.isEmpty() ? done(new NoCatalog<>()) : head(standing.get()));
    }

    private CompletionStage<Reading<CatalogHead>> head(LogStanding at) {
        return partitions
                .count(at)
                .thenApply(objects -> new Found<>(
                        at.head(), new CatalogHead(at.id(), at.history(), at.head(), at.chain(), objects, followed)));
    }

    public CompletionStage<Reading<ObjectView.Live>> object(
            CatalogId catalog, ObjectToken token, Optional<Version> asked, Scope scope) {
        return at(
                catalog,
                asked,
                (standing, version) -> partitions
                        .object(standing, token, version, scope)
                        .thenApply(found -> found.<Reading<ObjectView.Live>>map(view -> new Found<>(version, view))
                                .orElseGet(() -> new Nothing<>(version))));
    }

    public CompletionStage<Reading<Slice>> page(CatalogId catalog, PageQuery query) {
        return at(
                catalog,
                query.version(),
                (standing, version) -> partitions
                        .page(standing, query.selection(), version, query.order(), query.after(), query.limit())
                        .thenApply(slice -> new Found<>(version, slice)));
    }

    public CompletionStage<Reading<Slice>> changes(CatalogId catalog, Version since, PageQuery query) {
        return at(
                catalog,
                query.version(),
                (standing, version) -> since.isAfter(version)
                        ? done(new NotYet<>(version))
                        : partitions
                                .changes(standing, query.selection(), since, version, query.after(), query.limit())
                                .thenApply(slice -> new Found<>(version, slice)));
    }

    private <T> CompletionStage<Reading<T>> at(
            CatalogId catalog,
            Optional<Version> asked,
            BiFunction<LogStanding, Version, CompletionStage<Reading<T>>> read) {
        return standings.now(catalog).thenCompose(standing -> {
            if (standing.isEmpty()) {
                return done(new NoCatalog<>());
            }
            var head = standing.get().head();
            var version = asked.orElse(head);
            return version.isAfter(head) ? done(new NotYet<>(head)) : read.apply(standing.get(), version);
        });
    }

    public CompletionStage<Reading<LogSlice>> log(CatalogId catalog, LogQuery query) {
        var standing = query.patience().isZero()
                ? standings.now(catalog)
                : standings.after(catalog, query.after(), query.patience());
        return standing.thenCompose(found -> found.isEmpty() ? done(new NoCatalog<>()) : log(found.get(), query));
    }

    private CompletionStage<Reading<LogSlice>> log(LogStanding at, LogQuery query) {
        if (query.after().isAfter(at.head())) {
            return done(new Diverged<>(at.head()));
        }
        var isHead = query.after().equals(at.head());
        if (isHead || query.after().equals(Version.NONE)) {
            var chain = isHead ? at.chain() : ChainHash.origin(at.id(), at.history());
            if (query.chain().map(own -> !own.equals(chain)).orElse(false)) {
                return done(new Diverged<>(at.head()));
            }
        }
        return isHead
                ? done(new Found<>(at.head(), new LogSlice(at.history(), List.of(), false)))
                : entries(at, query).thenApply(entries -> slice(at, query, entries));
    }

    /// From the entry at `after`, whose chain hash is compared, on.
    private CompletionStage<List<LogEntry>> entries(LogStanding at, LogQuery query) {
        var budget = new Budget(query.limit() + 1, logPageBytes);
        return log.rows(at.id(), at.index().before(query.after()))
                .takeWhile(row -> !budget.isSpent())
                .runFold(
                        new ArrayList<LogEntry>(),
                        (entries, row) -> {
                            budget.take(row, query.after(), at.head(), entries);
                            return entries;
                        },
                        system)
                .thenApply(entries -> entries);
    }

    /// How much of the log one answer may still take; used by one stream.
    private static final class Budget {
        private final int limit;
        private long bytes;
        private int taken;

        private Budget(int limit, long bytes) {
            this.limit = limit;
            this.bytes = bytes;
        }

        private boolean isSpent() {
            return taken >= limit || bytes <= 0;
        }

        private void take(LogRow row, Version from, Version to, List<LogEntry> entries) {
            for (var entry : row.entries()) {
                if (!isSpent()
                        && !from.isAfter(entry.version())
                        && !entry.version().isAfter(to)) {
                    entries.add(entry);
                    taken++;
                    bytes -= row.weight() / row.steps().size();
                }
            }
        }
    }

    private static Reading<LogSlice> slice(LogStanding at, LogQuery query, List<LogEntry> entries) {
        var before = entries.stream()
                .filter(entry -> entry.version().equals(query.after()))
                .findFirst();
        if (before.isPresent()
                && query.chain().map(own -> !own.equals(before.get().chain())).orElse(false)) {
            return new Diverged<>(at.head());
        }
        var after = entries.stream()
                .filter(entry -> entry.version().isAfter(query.after()))
                .limit(query.limit())
                .toList();
        var last = after.isEmpty() ? query.after() : after.getLast().version();
        return new Found<>(
                at.head(), new LogSlice(at.history(), after, at.head().isAfter(last)));
    }

    private static <T> CompletionStage<Reading<T>> done(Reading<T> reading) {
        return CompletableFuture.completedFuture(reading);
    }
}
