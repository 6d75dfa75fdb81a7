package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.DifferenceQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.CatalogPort.QueryPage;
import dev.storemesh.protocol.catalog.CatalogPort.Snapshot;
import dev.storemesh.protocol.catalog.CatalogPort.SnapshotQuery;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.BelowFloor;
import dev.storemesh.protocol.catalog.Reading.Diverged;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Reading.Invalid;
import dev.storemesh.protocol.catalog.Reading.NoCatalog;
import dev.storemesh.protocol.catalog.Reading.NotYet;
import dev.storemesh.protocol.catalog.Reading.Nothing;
import dev.storemesh.protocol.catalog.Reading.OutOfScope;
import dev.storemesh.protocol.catalog.Reading.TooCostly;
import dev.storemesh.protocol.catalog.Reading.TransactionOver;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.HashRange;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PendingChange;
import dev.storemesh.protocol.object.PendingChanges;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Bounded;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.QueryCompiler;
import dev.storemesh.protocol.query.QueryCompiler.Compiled;
import dev.storemesh.protocol.query.Report;
import dev.storemesh.protocol.query.ReportCompiler;
import dev.storemesh.protocol.query.UniqueKey;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/// Reads of catalogs, the same at HQ and at a store. Each first asks how far the log is, and then a partition or
/// the journal for what it holds at that position.
public final class CatalogReads {
    private static final Fault GONE = new Fault(
            "/page",
            Fault.Code.INVALID_VALUE,
            "page: what is pending has changed, and the last object of the page before is not seen any more"
                    + " (expected: the query from its first page on)");

    private final ActorSystem<?> system;
    private final Standings standings;
    private final Partitions partitions;
    private final LogReader log;
    private final boolean followed;
    private final long logPageBytes;
    private final Moments moments;
    private final LogSearches searches;
    private final Optional<LockToken> lock;
    private final Optional<Long> local;
    private final Optional<PendingRequests> pending;

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
        this.moments = new Moments(system, log);
        this.searches = new LogSearches(system, partitions, log, moments, logPageBytes);
        this.lock = Optional.empty();
        this.local = Optional.empty();
        this.pending = Optional.empty();
    }

    private CatalogReads(
            CatalogReads others, Optional<LockToken> lock, Optional<Long> local, Optional<PendingRequests> pending) {
        this.system = others.system;
        this.standings = others.standings;
        this.partitions = others.partitions;
        this.log = others.log;
        this.followed = others.followed;
        this.logPageBytes = others.logPageBytes;
        this.moments = others.moments;
        this.searches = others.searches;
        this.lock = lock;
        this.local = local;
        this.pending = pending;
    }

    /// The same reads by the holder of this lock, or of none.
    public CatalogReads holding(Optional<LockToken> shown) {
        return shown.equals(lock) ? this : new CatalogReads(this, shown, local, pending);
    }

    /// The same reads with so many of a store's own writes laid over the version that is asked for.
    public CatalogReads over(Optional<Long> shown) {
        return shown.equals(local) ? this : new CatalogReads(this, lock, shown, pending);
    }

    /// The same reads with what is undecided laid over them, in place of a store's own writes.
    public CatalogReads under(Optional<PendingRequests> undecided) {
        return new CatalogReads(this, lock, local, undecided);
    }

    /// The newest view of what a store follows; empty: it does not follow this.
    public CompletionStage<Optional<LocalView>> view(CatalogId catalog) {
        return standings
                .now(catalog)
                .thenApply(found -> found.map(standing -> new LocalView(standing.head(), standing.local())));
    }

    public CompletionStage<Reading<CatalogHead>> head(CatalogId catalog) {
        return standings
                .now(catalog)
                .thenCompose(standing -> standing.isEmpty() ? done(new NoCatalog<>()) : head(standing.get()));
    }

    private CompletionStage<Reading<CatalogHead>> head(LogStanding at) {
        var transaction = at.transactions()
                .open()
                .map(open -> new CatalogHead.Transaction(
                        open.lock().version(),
                        open.holder().withKey(Optional.empty()),
                        open.since(),
                        open.until(),
                        open.ends()));
        return partitions
                .count(at)
                .thenApply(objects -> new Found<>(
                        at.head(),
                        new CatalogHead(
                                at.id(),
                                at.history(),
                                at.head(),
                                at.chain(),
                                objects,
                                followed,
                                transaction,
                                at.floor().map(Floor::version),
                                at.load().isPresent(),
                                otherOrigin(at),
                                at.location())));
    }

    /// What is held of a catalog is what is global and at this location; empty: all.
    public CompletionStage<Optional<LocationId>> location(CatalogId catalog) {
        return standings.now(catalog).thenApply(found -> found.flatMap(LogStanding::location));
    }

    public CompletionStage<Reading<ObjectView.Live>> object(
            CatalogId catalog, ObjectToken token, Optional<Version> asked, Scope scope) {
        return at(catalog, asked, scope, (standing, version) -> {
            var about = about(token, standing);
            return partitions.object(about, token, version, scope).thenApply(found -> one(about, version, found));
        });
    }

    /// The same with no more of what is pending than is about one object.
    private static LogStanding about(ObjectToken token, LogStanding standing) {
        return standing.pending().isEmpty()
                ? standing
                : new LocalStanding(standing, standing.local(), PendingChange.about(token, standing.pending()));
    }

    public CompletionStage<Reading<ObjectView.Live>> objectBy(
            CatalogId catalog, DefinitionName attribute, String value, Optional<Version> asked, Scope scope) {
        return at(catalog, asked, scope, (standing, version) -> switch (UniqueKey.read(
                attribute, value, standing.schemas().at(version))) {
            case UniqueKey.Invalid(var fault) -> done(new Invalid<>(version, List.of(fault)));
            case UniqueKey.Known(var known) ->
                partitions
                        .byKey(standing, attribute, known, version, scope)
                        .thenApply(found -> one(standing, version, found));
        });
    }

    private static Reading<ObjectView.Live> one(
            LogStanding standing, Version version, Optional<ObjectView.Live> found) {
        var marks = new PendingChanges(standing.pending());
        return found.<Reading<ObjectView.Live>>map(view -> new Found<>(version, marks.marked(view, version)))
                .orElseGet(() -> new Nothing<>(version));
    }

    public CompletionStage<Reading<QueryAnswer>> query(CatalogId catalog, QueryPage page) {
        return at(catalog, page.version(), Scope.all(), (standing, version) -> switch (QueryCompiler.compile(
                page.query(), standing.schemas().at(version))) {
            case Compiled.Invalid(var faults) -> done(new Invalid<>(version, faults));
            case Compiled.Ready(var plan) when !isHeld(standing, plan.scope()) -> done(outOfScope(standing));
            case Compiled.Ready(var plan) ->
                isThere(standing, plan, version, page.after())
                        .thenCompose(there -> there
                                ? partitions
                                        .query(standing, plan, version, page.after())
                                        .thenApply(answer -> marked(standing, reading(version, answer)))
                                : done(new Invalid<>(version, List.of(GONE))));
        });
    }

    /// Whether the last object of the page before is seen still: what is pending may have been decided meanwhile.
    private CompletionStage<Boolean> isThere(
            LogStanding standing, Plan plan, Version version, Optional<ObjectToken> last) {
        return pending.isEmpty() || last.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : partitions.object(standing, last.get(), version, plan.scope()).thenApply(Optional::isPresent);
    }

    private static Reading<QueryAnswer> marked(LogStanding standing, Reading<QueryAnswer> reading) {
        if (standing.pending().isEmpty() || !(reading instanceof Found<QueryAnswer>(var version, var answer))) {
            return reading;
        }
        var marks = new PendingChanges(standing.pending());
        return new Found<>(
                version,
                new QueryAnswer(
                        answer.objects().stream()
                                .map(view -> marks.marked(view, version))
                                .toList(),
                        answer.more(),
                        answer.total(),
                        answer.facets()));
    }

    public CompletionStage<Reading<Report.Answer>> report(CatalogId catalog, Report report, Optional<Version> asked) {
        return at(catalog, asked, Scope.all(), (standing, version) -> switch (ReportCompiler.compile(
                report, standing.schemas().at(version))) {
            case ReportCompiler.Compiled.Invalid(var faults) -> done(new Invalid<>(version, faults));
            case ReportCompiler.Compiled.Ready(var plans)
            when !plans.keySet().stream().allMatch(location -> isHeld(standing, new Scope.At(location))) ->
                done(outOfScope(standing));
            case ReportCompiler.Compiled.Ready(var plans) ->
                new Counting(standing, version)
                        .all(new ArrayDeque<>(plans.entrySet()))
                        .thenApply(answer -> reading(version, answer));
        });
    }

    /// The locations of a report, one after the other: so a long report does not keep the partitions from others.
    private final class Counting {
        private final LogStanding standing;
        private final Version version;
        private final Map<LocationId, Report.Counted> counted = new TreeMap<>();

        private Counting(LogStanding standing, Version version) {
            this.standing = standing;
            this.version = version;
        }

        private CompletionStage<Bounded<Report.Answer>> all(Deque<Map.Entry<LocationId, Plan>> rest) {
            if (rest.isEmpty()) {
                return CompletableFuture.completedFuture(new Bounded.Within<>(new Report.Answer(counted)));
            }
            var next = rest.remove();
            return partitions
                    .query(standing, next.getValue(), version, Optional.empty())
                    .thenCompose(answer -> switch (answer) {
                        case Bounded.TooCostly<QueryAnswer>(var what, var limit) ->
                            CompletableFuture.completedFuture(new Bounded.TooCostly<>(what, limit));
                        case Bounded.Within<QueryAnswer>(var found) -> {
                            counted.put(next.getKey(), Report.Counted.of(found));
                            yield all(rest);
                        }
                    });
        }
    }

    private static <T> Reading<T> reading(Version version, Bounded<T> answer) {
        return switch (answer) {
            case Bounded.Within<T>(var value) -> new Found<>(version, value);
            case Bounded.TooCostly<T>(var what, var limit) -> new TooCostly<>(version, what, limit);
        };
    }

    public CompletionStage<Reading<Slice>> page(CatalogId catalog, PageQuery query) {
        return at(
                catalog,
                query.version(),
                query.selection().scope(),
                (standing, version) -> partitions
                        .page(standing, query.selection(), version, query.order(), query.after(), query.limit())
                        .thenApply(slice -> new Found<>(version, marked(standing, version, slice))));
    }

    private static Slice marked(LogStanding standing, Version version, Slice slice) {
        if (standing.pending().isEmpty()) {
            return slice;
        }
        var marks = new PendingChanges(standing.pending());
        return new Slice(
                slice.objects().stream()
                        .map(view -> marks.marked(view, version))
                        .toList(),
                slice.more());
    }

    public CompletionStage<Reading<Slice>> changes(CatalogId catalog, Version since, PageQuery query) {
        return sinceFloor(
                catalog,
                since,
                query.version(),
                query.selection().scope(),
                (standing, version) -> since.isAfter(version)
                        ? done(new NotYet<>(version))
                        : partitions
                                .changes(standing, query.selection(), since, version, query.after(), query.limit())
                                .thenApply(slice -> new Found<>(version, slice)));
    }

    /// Between two views of a store.
    public CompletionStage<Reading<Slice>> changes(CatalogId catalog, LocalView since, PageQuery query) {
        return sinceFloor(
                catalog,
                since.version(),
                query.version(),
                query.selection().scope(),
                (standing, version) -> since.version().isAfter(version)
                        ? done(new NotYet<>(version))
                        : partitions
                                .changes(standing, query.selection(), since, version, query.after(), query.limit())
                                .thenApply(slice -> new Found<>(version, slice)));
    }

    /// A page of all that is seen at a version and later.
    public CompletionStage<Reading<Snapshot>> snapshot(CatalogId catalog, SnapshotQuery query) {
        return at(
                catalog,
                query.version(),
                Scope.all(),
                (standing, version) -> !isAllHeld(standing, query.location())
                        ? done(outOfScope(standing))
                        : (query.after().isPresent()
                                        ? CompletableFuture.completedFuture(Optional.<Floor>empty())
                                        : floorAt(standing, version).thenApply(Optional::of))
                                .thenCompose(floor -> partitions
                                        .snapshot(standing, version, query.after(), query.limit(), logPageBytes)
                                        .thenApply(slice -> new Found<>(
                                                version,
                                                new Snapshot(
                                                        standing.history(), floor, slice.objects(), slice.more())))));
    }

    /// What a version is that a site begins with.
    private CompletionStage<Floor> floorAt(LogStanding standing, Version version) {
        var own = standing.floor().filter(floor -> floor.version().equals(version));
        if (own.isPresent()) {
            return CompletableFuture.completedFuture(own.get());
        }
        if (version.equals(Version.NONE)) {
            return CompletableFuture.completedFuture(
                    new Floor(version, ChainHash.origin(standing.id(), standing.origin()), Instant.EPOCH));
        }
        return log.rows(standing.id(), standing.index().before(version))
                .mapConcat(LogRow::entries)
                .filter(entry -> entry.place().equals(LogPlace.of(version)))
                .map(entry -> new Floor(version, entry.chain(), entry.at()))
                .runWith(Sink.head(), system);
    }

    public CompletionStage<Reading<ObjectHistory>> history(CatalogId catalog, ObjectToken token, HistoryQuery query) {
        return sinceFloor(
                catalog,
                query.after().orElse(Version.NONE),
                query.version(),
                query.scope(),
                (standing, version) -> partitions
                        .history(
                                standing,
                                token,
                                new ObjectHistory.Query(
                                        query.attribute(), query.scope(), version, query.after(), query.limit()))
                        .thenApply(found -> found.<Reading<ObjectHistory>>map(history -> new Found<>(version, history))
                                .orElseGet(() -> new Nothing<>(version))));
    }

    public CompletionStage<Reading<ObjectDifference.Slice>> differences(CatalogId catalog, DifferenceQuery query) {
        return seen(catalog, standing -> {
            var to = query.to().orElse(standing.head());
            var later = query.from().isAfter(to) ? query.from() : to;
            var earlier = query.from().isAfter(to) ? to : query.from();
            if (standing.isBelowFloor(earlier)) {
                return done(belowFloor(standing));
            }
            return at(
                    standing,
                    later,
                    query.selection().scope(),
                    (at, version) -> partitions
                            .differences(at, query.selection(), query.from(), to, query.after(), query.limit())
                            .thenApply(slice -> new Found<>(version, slice)));
        });
    }

    private interface Read<T> extends BiFunction<LogStanding, Version, CompletionStage<Reading<T>>> {}

    private <T> CompletionStage<Reading<T>> at(CatalogId catalog, Optional<Version> asked, Scope scope, Read<T> read) {
        return onceMore(() -> pending.map(source -> source.at(catalog, asked)
                        .thenCompose(found -> found.isEmpty()
                                ? CatalogReads.<T>done(new NoCatalog<>())
                                : at(
                                        laid(found.get()),
                                        asked.orElse(found.get().standing().head()),
                                        scope,
                                        read)))
                .orElseGet(() -> seen(
                        catalog,
                        standing -> at(overlaid(standing, asked), asked.orElse(standing.head()), scope, read))));
    }

    /// A store's own writes are among what is undecided.
    private static LogStanding laid(PendingRequests.Undecided undecided) {
        return new LocalStanding(undecided.standing(), 0, undecided.changes());
    }

    /// Where a copy took the place of what was held while somebody read it, that one begins anew.
    private static <T> CompletionStage<T> onceMore(Supplier<CompletionStage<T>> reading) {
        return reading.get()
                .exceptionallyCompose(failure -> ObjectPartition.isOfAnotherCopy(failure)
                        ? reading.get()
                        : CompletableFuture.failedStage(failure));
    }

    /// The same about what happened after an earlier version.
    private <T> CompletionStage<Reading<T>> sinceFloor(
            CatalogId catalog, Version since, Optional<Version> asked, Scope scope, Read<T> read) {
        return at(
                catalog,
                asked,
                scope,
                (standing, version) ->
                        standing.isBelowFloor(since) ? done(belowFloor(standing)) : read.apply(standing, version));
    }

    private static <T> Reading<T> belowFloor(LogStanding standing) {
        return new BelowFloor<>(
                standing.head(), standing.floor().map(Floor::version).orElse(Version.NONE));
    }

    /// Who asks for a version alone sees what HQ knew.
    private LogStanding overlaid(LogStanding standing, Optional<Version> asked) {
        var shown = local.orElse(asked.isPresent() ? 0 : standing.local());
        return shown == standing.local() ? standing : new LocalStanding(standing, shown);
    }

    /// Asks how far the log is: for the holder of the open transaction, at that one's version.
    private <T> CompletionStage<Reading<T>> seen(
            CatalogId catalog, Function<LogStanding, CompletionStage<Reading<T>>> read) {
        return standings.now(catalog).thenCompose(found -> {
            if (found.isEmpty()) {
                return done(new NoCatalog<>());
            }
            var visible = found.get();
            if (lock.isEmpty()) {
                return read.apply(visible);
            }
            var shown = lock.get();
            var held = visible.transactions().held(shown);
            return held.isPresent()
                    ? read.apply(new HeldStanding(visible, held.get().staged()))
                    : done(new TransactionOver<>(
                            visible.head(),
                            shown.version(),
                            visible.transactions().ending(shown)));
        });
    }

    private static <T> CompletionStage<Reading<T>> at(
            LogStanding standing, Version version, Scope scope, Read<T> read) {
        if (version.isAfter(standing.head())) {
            return done(new NotYet<>(standing.head()));
        }
        if (standing.isBelowFloor(version)) {
            return done(belowFloor(standing));
        }
        if (scope instanceof Scope.At(var location) && !isKnown(location, standing, version)) {
            return done(new Invalid<>(version, List.of(unknown(location))));
        }
        return isHeld(standing, scope) ? read.apply(standing, version) : done(outOfScope(standing));
    }

    /// Whether what is seen in a scope is here. Who names none gets what there is.
    private static boolean isHeld(LogStanding standing, Scope scope) {
        return !(scope instanceof Scope.At(var location))
                || standing.location().map(location::equals).orElse(true);
    }

    /// Whether all is here that a follower wants.
    private static boolean isAllHeld(LogStanding standing, Optional<LocationId> wanted) {
        return standing.location().isEmpty() || standing.location().equals(wanted);
    }

    private static <T> Reading<T> outOfScope(LogStanding standing) {
        return new OutOfScope<>(standing.head(), standing.location().orElseThrow());
    }

    /// Now, or then: who asks about the past may name what is there only today, and what was there only then.
    private static boolean isKnown(LocationId location, LogStanding standing, Version version) {
        return standing.schemas().now().hasLocation(location)
                || standing.schemas().at(version).hasLocation(location);
    }

    private static Fault unknown(LocationId location) {
        return new Fault(
                "location", Fault.Code.UNKNOWN_LOCATION, "location: " + location + " (expected: one of the catalog's)");
    }

    public CompletionStage<Reading<SchemaView>> schema(CatalogId catalog, Optional<Version> asked) {
        return at(
                catalog,
                asked,
                Scope.all(),
                (standing, version) ->
                        done(new Found<>(version, standing.schemas().view(version))));
    }

    public CompletionStage<Reading<Version>> versionAt(CatalogId catalog, Instant at) {
        return standings
                .now(catalog)
                .thenCompose(standing -> standing.isEmpty() ? done(new NoCatalog<>()) : versionAt(standing.get(), at));
    }

    /// Between the version that a site began with and the next it is that one.
    private CompletionStage<Reading<Version>> versionAt(LogStanding standing, Instant at) {
        if (standing.floor().filter(floor -> at.isBefore(floor.at())).isPresent()) {
            return done(belowFloor(standing));
        }
        return moments.versionAt(standing, at)
                .thenApply(found -> found.or(() -> standing.floor().map(Floor::version))
                        .<Reading<Version>>map(version -> new Found<>(standing.head(), version))
                        .orElseGet(() -> new Nothing<>(standing.head())));
    }

    public CompletionStage<Reading<Findings>> search(CatalogId catalog, LogSearch search) {
        return standings.now(catalog).thenCompose(standing -> {
            if (standing.isEmpty()) {
                return done(new NoCatalog<>());
            }
            var head = standing.get().head();
            if (standing.get().location().isPresent()) {
                return done(outOfScope(standing.get()));
            }
            if (standing.get().isBelowFloor(search.after())) {
                return done(belowFloor(standing.get()));
            }
            return search.after().isAfter(head)
                    ? done(new Diverged<>(head))
                    : searches.search(standing.get(), search).thenApply(findings -> new Found<>(head, findings));
        });
    }

    public CompletionStage<Reading<Version>> newest(CatalogId catalog, Version after, Duration patience) {
        return standings
                .now(catalog)
                .thenCompose(found -> found.filter(standing -> !standing.head().isAfter(after))
                                .isPresent()
                        ? standings.after(catalog, after, patience)
                        : CompletableFuture.completedStage(found))
                .thenApply(
                        found -> found.<Reading<Version>>map(standing -> new Found<>(standing.head(), standing.head()))
                                .orElseGet(NoCatalog::new));
    }

    /// Who is ahead of the log, or has another chain at its head, is told at once: only who is up to date waits.
    public CompletionStage<Reading<LogSlice>> log(CatalogId catalog, LogQuery query) {
        return standings.now(catalog).thenCompose(found -> {
            var waits = !query.patience().isZero()
                    && found.isPresent()
                    && LogPlace.of(found.get().head()).equals(query.after())
                    && isHeld(query, found.get().chain());
            return waits
                    ? standings
                            .after(catalog, found.get().head(), query.patience())
                            .thenCompose(later -> log(later, query))
                    : log(found, query);
        });
    }

    private CompletionStage<Reading<LogSlice>> log(Optional<LogStanding> standing, LogQuery query) {
        if (standing.isEmpty()) {
            return done(new NoCatalog<>());
        }
        var at = standing.get();
        if (!isAllHeld(at, query.location())) {
            return done(outOfScope(at));
        }
        var head = LogPlace.of(at.head());
        var isHead = query.after().equals(head);
        if (query.after().isAfter(head) || isHead && !isHeld(query, at.chain())) {
            return done(new Diverged<>(at.head()));
        }
        if (at.isBelowFloor(query.after().version())) {
            return done(belowFloor(at));
        }
        return isHead
                ? done(new Found<>(at.head(), new LogSlice(at.history(), otherOrigin(at), List.of(), false)))
                : take(at, query).thenApply(LogPage::slice);
    }

    /// Whether the asker, if it says what it holds, holds this.
    private static boolean isHeld(LogQuery query, ChainHash chain) {
        return query.chain().map(chain::equals).orElse(true);
    }

    private CompletionStage<LogPage> take(LogStanding at, LogQuery query) {
        var page = new LogPage(query, at, logPageBytes);
        var from = at.index().before(query.after());
        return at.position().number() - from.number() < SharedLog.ROWS
                ? takeRecent(at, from, page)
                : log.rows(at.id(), from)
                        .takeWhile(row -> !page.isFull())
                        .runForeach(page::take, system)
                        .thenApply(done -> page);
    }

    /// Near its end many read the same of a log at the same time: its followers, as soon as there is something new.
    private CompletionStage<LogPage> takeRecent(LogStanding at, Position from, LogPage page) {
        if (page.isFull() || from.isAfter(at.position())) {
            return CompletableFuture.completedFuture(page);
        }
        return partitions
                .log()
                .rows(at.id(), from, HashRange.WHOLE, at.position())
                .thenCompose(rows -> {
                    rows.stream().takeWhile(row -> !page.isFull()).forEachOrdered(page::take);
                    return rows.isEmpty()
                            ? CompletableFuture.completedFuture(page)
                            : takeRecent(at, rows.getLast().position().next(), page);
                });
    }

    /// One page of the log while it is being read, by one reader: from the entry at `after`, whose chain hash is
    /// compared, on. It takes at least one entry after it, however large: a follower always comes on. What is not
    /// visible yet, and the steps of what never will be, it passes over.
    private static final class LogPage {
        private final LogQuery query;
        private final LogStanding at;
        private final List<LogEntry> entries = new ArrayList<>();
        private Optional<ChainHash> before = Optional.empty();
        private long bytes;

        private LogPage(LogQuery query, LogStanding at, long bytes) {
            this.query = query;
            this.at = at;
            this.bytes = bytes;
        }

        private boolean isFull() {
            return entries.size() >= query.limit() || bytes <= 0;
        }

        private void take(LogRow row) {
            for (var step : row.steps()) {
                var entry = step.entry();
                if (isShown(entry)) {
                    if (entry.place().equals(query.after())) {
                        before = Optional.of(entry.chain());
                    } else if (entry.place().isAfter(query.after()) && !isFull()) {
                        entries.add(entry);
                        bytes -= new LogRow(row.position(), List.of(step)).weight();
                    }
                }
            }
        }

        private boolean isShown(LogEntry entry) {
            return !entry.version().isAfter(at.head()) && !at.transactions().isDiscarded(entry);
        }

        /// Who holds steps that are void here has not followed this log.
        private Reading<LogSlice> slice() {
            var chain = at.floor()
                    .filter(floor -> query.after().equals(LogPlace.of(floor.version())))
                    .map(Floor::chain)
                    .or(() -> query.after().equals(LogPlace.of(Version.NONE))
                            ? Optional.of(chainBeforeAll(query, at))
                            : before);
            if (chain.isEmpty() && query.after().steps() == 0) {
                throw new IllegalStateException(
                        "catalog " + at.id() + ": version " + query.after() + " is missing in its log");
            }
            if (chain.isEmpty() || !isHeld(query, chain.get())) {
                return new Diverged<>(at.head());
            }
            var last = entries.isEmpty() ? query.after() : entries.getLast().place();
            return new Found<>(
                    at.head(),
                    new LogSlice(
                            at.history(),
                            otherOrigin(at),
                            entries,
                            LogPlace.of(at.head()).isAfter(last)));
        }
    }

    /// The history in which the chain of a log begins, where it goes on in another one.
    private static Optional<HistoryId> otherOrigin(LogStanding at) {
        return Optional.of(at.origin()).filter(origin -> !origin.equals(at.history()));
    }

    /// Who holds nothing yet follows this log, whichever of its histories it knows of.
    private static ChainHash chainBeforeAll(LogQuery query, LogStanding at) {
        var now = ChainHash.origin(at.id(), at.history());
        return query.chain().filter(now::equals).orElse(ChainHash.origin(at.id(), at.origin()));
    }

    private static <T> CompletionStage<Reading<T>> done(Reading<T> reading) {
        return CompletableFuture.completedFuture(reading);
    }
}
