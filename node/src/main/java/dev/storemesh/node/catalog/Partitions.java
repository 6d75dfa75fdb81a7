package dev.storemesh.node.catalog;

import dev.storemesh.node.cluster.Questions;
import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LoadedSlice;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Bounded;
import dev.storemesh.protocol.query.Bounded.TooCostly;
import dev.storemesh.protocol.query.Bounded.Within;
import dev.storemesh.protocol.query.Place;
import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.Queries;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.Targets;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// Routes questions and feeds to the partitions that own the answers, each with the position it needs.
public final class Partitions {
    private static final int WRITERS_SHARE = 4; // of all memory; a writer that comes back writes a row
    private static final int CHECKPOINTS_AT_ONCE = 2; // of this node
    private static final int BUILT_AT_ONCE = 4; // of one catalog
    private static final int FETCHES = 3; // of the same, before a round gives up
    private static final int LOG_SHARE = 32; // beside it, while logs are being read

    private final ClusterSharding sharding;
    private final PartitionSettings settings;
    private final Duration timeout;
    private final FeedRoute feeds;
    private final LocalPartitions local;
    private final Executor reading;
    private final MemoryBudget memory;
    private final MemoryBudget writers;
    private final SharedLog log;
    private volatile GrowthRoute growth = partition -> {};

    /// How the writer of a catalog learns that a partition holds more than it should: a hint, which may get lost.
    @FunctionalInterface
    public interface GrowthRoute {
        void grown(PartitionId partition);
    }

    /// How feeds travel. They are hints: a route may lose, delay or repeat them, and every answer stays the same.
    @FunctionalInterface
    interface FeedRoute {
        void deliver(EntityRef<ObjectPartition.Message> partition, ObjectPartition.Feed feed);
    }

    Partitions(
            ClusterSharding sharding,
            PartitionSettings settings,
            FeedRoute feeds,
            LocalPartitions local,
            LogReader log,
            Executor reading) {
        this.sharding = sharding;
        this.settings = settings;
        this.timeout = settings.catchUpTimeout().plusSeconds(1);
        this.feeds = feeds;
        this.local = local;
        this.reading = reading;
        this.writers = new MemoryBudget("catalogs", settings.memoryBytes() / WRITERS_SHARE);
        this.memory = new MemoryBudget("partitions", settings.memoryBytes() - writers.limit());
        this.log = new SharedLog(log, reading, settings.memoryBytes() / LOG_SHARE, SharedLog.PATIENCE);
    }

    /// The logs of this node's catalogs, read once for all who read the same.
    SharedLog log() {
        return log;
    }

    /// Starts the partitions of a site.
    public static Partitions start(ActorSystem<?> system, LogReader log, PartitionSettings settings) {
        return start(system, log, settings, EntityRef::tell);
    }

    static Partitions start(ActorSystem<?> system, LogReader log, PartitionSettings settings, FeedRoute feeds) {
        var sharding = ClusterSharding.get(system);
        var local = new LocalPartitions();
        var partitions = new Partitions(
                sharding,
                settings,
                feeds,
                local,
                log,
                system.dispatchers().lookup(DispatcherSelector.fromConfig("storemesh-reads")));
        var past = new PastReaders(system, partitions.log, settings, partitions.memory);
        var checkpoints = new Turns(CHECKPOINTS_AT_ONCE);
        sharding.init(Entity.<ObjectPartition.Message>of(
                        ObjectPartition.TYPE_KEY,
                        context -> ObjectPartition.create(
                                PartitionId.parse(context.getEntityId()),
                                partitions.log,
                                settings,
                                local,
                                past,
                                partition -> partitions.growth.grown(partition),
                                partitions.memory,
                                checkpoints,
                                context.getShard()))
                .withStopMessage(ObjectPartition.stop()));
        return partitions;
    }

    /// What is in memory of catalogs on this node.
    public List<MemoryUse> memoryUse() {
        return Stream.of(memory, writers).map(MemoryBudget::use).toList();
    }

    /// What this node's partitions may hold in memory.
    MemoryBudget memory() {
        return memory;
    }

    /// What its writers may.
    MemoryBudget writers() {
        return writers;
    }

    /// From now on partitions of this node that hold too much say so this way.
    public void tellGrowth(GrowthRoute route) {
        growth = route;
    }

    /// How long a doubling may take.
    Duration buildTimeout() {
        return settings.buildTimeout();
    }

    /// Whether a partition holds more than it should, and they are more than half full on average. A lone large one
    /// is no reason to have more: the objects of a schema have one hash.
    CompletionStage<Boolean> isCrowded(CatalogId catalog, PartitionMap map) {
        return each(map, number -> ask(catalog, map, number, new PartitionRead.Size(), timeout))
                .thenApply(sizes -> sizes.stream().anyMatch(size -> size > settings.maxObjects())
                        && sizes.stream().mapToLong(Long::longValue).sum()
                                > (long) settings.maxObjects() * map.count() / 2);
    }

    /// Done when each has a checkpoint of all that it holds, or has tried to make one.
    CompletionStage<List<Done>> keepCheckpoints(CatalogId catalog, PartitionMap map) {
        return each(
                map,
                number -> partition(catalog, map, number)
                        .askWithStatus(ObjectPartition.KeepCheckpoint::new, settings.buildTimeout()));
    }

    /// Done when each holds all that it needs.
    CompletionStage<List<Long>> build(CatalogId catalog, PartitionMap map) {
        var patience = settings.buildTimeout();
        return each(
                map,
                number -> partition(catalog, map, number)
                        .askWithStatus(
                                replyTo -> new ObjectPartition.Build(map.needed(number), patience, replyTo), patience));
    }

    /// They are used no more by those who begin now.
    void retire(CatalogId catalog, PartitionMap map) {
        IntStream.range(0, map.count())
                .forEach(number -> partition(catalog, map, number).tell(new ObjectPartition.Retire()));
    }

    /// Deletes what checkpoints there may be of the generation before this one.
    void eraseBefore(ActorContext<?> context, CatalogId catalog, PartitionMap map) {
        if (map.generation() > 1) {
            IntStream.range(0, map.count() / 2)
                    .mapToObj(number -> new PartitionId(catalog, map.generation() - 1, number))
                    .forEach(id -> CheckpointEraser.erase(context, id));
        }
    }

    /// A few at a time: while one keeps a checkpoint, or takes over that of another, it does nothing else, and
    /// needs memory for all of it.
    private static <T> CompletionStage<List<T>> each(PartitionMap map, IntFunction<CompletionStage<T>> asking) {
        var lanes = IntStream.range(0, Math.min(BUILT_AT_ONCE, map.count()))
                .mapToObj(lane -> oneByOne(lane, map.count(), asking, List.of()))
                .toList();
        return all(lanes)
                .thenApply(parts -> parts.stream().flatMap(List::stream).toList());
    }

    private static <T> CompletionStage<List<T>> oneByOne(
            int number, int count, IntFunction<CompletionStage<T>> asking, List<T> before) {
        return number >= count
                ? done(before)
                : asking.apply(number).thenCompose(answer -> {
                    var all = Stream.concat(before.stream(), Stream.of(answer)).toList();
                    return oneByOne(number + BUILT_AT_ONCE, count, asking, all);
                });
    }

    private EntityRef<ObjectPartition.Message> partition(CatalogId catalog, PartitionMap map, int number) {
        var id = new PartitionId(catalog, map.generation(), number);
        return sharding.entityRefFor(ObjectPartition.TYPE_KEY, id.text());
    }

    /// Hands a row that was just journaled to those it touches; `before` is the map before the row.
    void feed(CatalogId catalog, PartitionMap before, LogRow row) {
        deliver(catalog, before, row, before.touchedBy(row).stream());
    }

    /// Hands it to both halves of those it touches, too, which are being built: while rows come fast, they would
    /// not catch up by reading the log.
    void feedNext(CatalogId catalog, PartitionMap before, LogRow row) {
        var next = before.doubled();
        deliver(
                catalog,
                next,
                row,
                before.touchedBy(row).stream().flatMap(number -> Stream.of(2 * number, 2 * number + 1)));
    }

    /// Each gets its own part of the row.
    private void deliver(CatalogId catalog, PartitionMap map, LogRow row, Stream<Integer> numbers) {
        var parts = row.divided(map.count());
        numbers.forEach(number -> feeds.deliver(
                partition(catalog, map, number), new ObjectPartition.Feed(map.needed(number), parts.get(number))));
    }

    /// What deciding needs that goes on from `version`: the newest one, or that of the open transaction. A
    /// partition that does not answer is asked again; fails when one has not answered within `patience`.
    public CompletionStage<Fetched> fetch(
            CatalogId catalog, PartitionMap map, Set<Lookup> lookups, Version version, Duration patience) {
        return fetch(catalog, map, lookups, version, 0, patience);
    }

    /// The same over so many of a store's own writes.
    public CompletionStage<Fetched> fetch(
            CatalogId catalog, PartitionMap map, Set<Lookup> lookups, Version version, long local, Duration patience) {
        var byPartition = new HashMap<Integer, Set<Lookup>>();
        var scattered = new HashSet<Lookup>();
        for (var lookup : lookups) {
            lookup.routedBy()
                    .map(map::partitionOf)
                    .map(number -> byPartition.computeIfAbsent(number, unused -> new HashSet<>()))
                    .orElse(scattered)
                    .add(lookup);
        }
        var fetches = new ArrayList<CompletionStage<Fetched>>();
        byPartition.forEach((number, own) ->
                fetches.add(fetch(catalog, map, number, new PartitionRead.Fetch(own, version, local), patience)));
        if (!scattered.isEmpty()) {
            var read = new PartitionRead.Fetch(scattered, version, local); // one for all: there may be thousands in it
            IntStream.range(0, map.count()).forEach(number -> fetches.add(fetch(catalog, map, number, read, patience)));
        }
        return all(fetches).thenApply(parts -> Fetched.of(parts, lookups));
    }

    private CompletionStage<Fetched> fetch(
            CatalogId catalog, PartitionMap map, int number, PartitionRead.Fetch read, Duration patience) {
        return Questions.ask(FETCHES, () -> ask(catalog, map, number, read, patience.dividedBy(FETCHES)));
    }

    CompletionStage<Optional<ObjectView.Live>> object(
            LogStanding log, ObjectToken token, Version version, Scope scope) {
        return ask(
                log,
                log.partitions().partitionOf(token.text()),
                new PartitionRead.FindObject(token, version, log.local(), scope, log.pending()));
    }

    private <T> CompletionStage<T> ask(LogStanding log, int number, PartitionRead<T> read) {
        return ask(log.id(), log.partitions(), number, read, timeout);
    }

    /// What is held on this node is read in place; else the partition is asked, wherever it is.
    private <T> CompletionStage<T> ask(
            CatalogId catalog, PartitionMap map, int number, PartitionRead<T> read, Duration patience) {
        var needed = map.needed(number);
        return local.find(new PartitionId(catalog, map.generation(), number))
                .map(shared -> here(shared, needed, read))
                .orElseGet(() -> done(Optional.empty()))
                .thenCompose(answer -> answer.map(Partitions::done)
                        .orElseGet(() -> memory.room()
                                .thenCompose(room -> partition(catalog, map, number)
                                        .askWithStatus(
                                                replyTo -> new ObjectPartition.Ask<>(needed, read, replyTo),
                                                patience))));
    }

    /// A short read is done by the thread that asks. For what the partition holds no more, it is asked itself.
    private <T> CompletionStage<Optional<T>> here(SharedContents shared, Position needed, PartitionRead<T> read) {
        return CompletableFuture.supplyAsync(() -> shared.read(needed, contents -> look(read, contents)), Runnable::run)
                .thenCompose(tried -> switch (tried.orElseGet(Absent::new)) {
                    case Answered<T>(var answer) -> done(Optional.of(answer));
                    case Absent<T> absent -> done(Optional.empty());
                    case Lengthy<T> lengthy ->
                        CompletableFuture.supplyAsync(
                                () -> shared.read(needed, contents -> inFull(read, contents))
                                        .flatMap(Function.identity()),
                                reading);
                });
    }

    /// What a first look at contents comes to.
    private sealed interface Looked<T> {}

    private record Answered<T>(T answer) implements Looked<T> {}

    /// It takes longer.
    private record Lengthy<T>() implements Looked<T> {}

    private record Absent<T>() implements Looked<T> {}

    private static <T> Looked<T> look(PartitionRead<T> read, PartitionContents contents) {
        if (read.past(contents).isPresent()) {
            return new Absent<>();
        }
        return read.isShort(contents) ? new Answered<>(read.of(contents)) : new Lengthy<>();
    }

    /// They may have let go of something meanwhile.
    private static <T> Optional<T> inFull(PartitionRead<T> read, PartitionContents contents) {
        return read.past(contents).isPresent() ? Optional.empty() : Optional.of(read.of(contents));
    }

    /// The part of a page that a partition gives.
    private static Portion<ObjectView> portion(Slice slice) {
        return new Portion<>(slice.objects(), slice.more());
    }

    private static Slice slice(Portion<ObjectView> portion) {
        return new Slice(portion.found(), portion.more());
    }

    /// A page of what is seen at a version.
    public CompletionStage<Slice> page(
            LogStanding log,
            Selection selection,
            Version version,
            Order order,
            Optional<ObjectToken> after,
            int limit) {
        if (order == Order.TOKEN) {
            return askAll(
                            log,
                            new PartitionRead.Page(selection, version, log.local(), order, after, limit, log.pending()))
                    .thenApply(slices -> firstByToken(slices, limit));
        }
        return parts(
                        log,
                        after,
                        limit,
                        (number, rest) -> ask(
                                        log,
                                        number,
                                        new PartitionRead.Page(
                                                selection, version, log.local(), order, after, rest, log.pending()))
                                .thenApply(Partitions::portion))
                .thenApply(Partitions::slice);
    }

    /// Partitions divide the objects in another order.
    private static Slice firstByToken(List<Slice> slices, int limit) {
        var found = slices.stream()
                .flatMap(slice -> slice.objects().stream())
                .sorted(Comparator.comparing(ObjectView::object))
                .toList();
        var more = found.size() > limit || slices.stream().anyMatch(Slice::more);
        return new Slice(found.subList(0, Math.min(limit, found.size())), more);
    }

    CompletionStage<Slice> changes(
            LogStanding log,
            Selection selection,
            Version since,
            Version version,
            Optional<ObjectToken> after,
            int limit) {
        return parts(
                        log,
                        after,
                        limit,
                        (number, rest) -> ask(
                                        log, number, new PartitionRead.Changes(selection, since, version, after, rest))
                                .thenApply(Partitions::portion))
                .thenApply(Partitions::slice);
    }

    /// Those between a view of a store and the one at `version`.
    CompletionStage<Slice> changes(
            LogStanding log,
            Selection selection,
            LocalView since,
            Version version,
            Optional<ObjectToken> after,
            int limit) {
        var to = new LocalView(version, log.local());
        return parts(
                        log,
                        after,
                        limit,
                        (number, rest) -> ask(
                                        log, number, new PartitionRead.ViewChanges(selection, since, to, after, rest))
                                .thenApply(Partitions::portion))
                .thenApply(Partitions::slice);
    }

    /// All that is seen at a version and later, in page order from the object after `after` on; fewer than `limit`
    /// where those of a partition fill `bytes`.
    CompletionStage<LoadedSlice> snapshot(
            LogStanding log, Version version, Optional<ObjectToken> after, int limit, long bytes) {
        return parts(
                        log,
                        after,
                        limit,
                        (number, rest) -> ask(log, number, new PartitionRead.Snapshot(version, after, rest, bytes))
                                .thenApply(slice -> new Portion<>(slice.objects(), slice.more())))
                .thenApply(part -> new LoadedSlice(part.found(), part.more()));
    }

    CompletionStage<Optional<ObjectHistory>> history(LogStanding log, ObjectToken token, ObjectHistory.Query query) {
        return ask(log, log.partitions().partitionOf(token.text()), new PartitionRead.History(token, query));
    }

    CompletionStage<ObjectDifference.Slice> differences(
            LogStanding log, Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        return parts(
                        log,
                        after,
                        limit,
                        (number, rest) -> ask(
                                        log, number, new PartitionRead.Differences(selection, from, to, after, rest))
                                .thenApply(slice -> new Portion<>(slice.objects(), slice.more())))
                .thenApply(part -> new ObjectDifference.Slice(part.found(), part.more()));
    }

    /// The first, in page order, that shows this value.
    CompletionStage<Optional<ObjectView.Live>> byKey(
            LogStanding log, DefinitionName attribute, Value value, Version version, Scope scope) {
        return askAll(log, new PartitionRead.FindByKey(attribute, value, version, log.local(), scope, log.pending()))
                .thenApply(found -> found.stream().flatMap(Optional::stream).findFirst());
    }

    /// A query is asked of all partitions at once. What leads from one partition into another is found out before.
    CompletionStage<Bounded<QueryAnswer>> query(
            LogStanding log, Plan plan, Version version, Optional<ObjectToken> after) {
        return linked(log, plan, version).thenCompose(linked -> switch (linked) {
            case TooCostly<Plan>(var what, var limit) -> done(new TooCostly<>(what, limit));
            case Within<Plan>(var ready) ->
                place(log, ready, version, after)
                        .thenCompose(place ->
                                askAll(log, new PartitionRead.Query(ready, version, log.local(), place, log.pending())))
                        .thenApply(parts -> Bounded.all(parts, all -> Queries.merge(ready, all)));
        });
    }

    private CompletionStage<Bounded<Plan>> linked(LogStanding log, Plan plan, Version version) {
        return plan.isLinked()
                ? askAll(log, new PartitionRead.FollowLinks(plan, version, log.local(), log.pending()))
                        .thenApply(targets -> Bounded.all(
                                targets, all -> plan.with(all.stream().reduce(Targets.NONE, Targets::and))))
                : done(new Within<>(plan));
    }

    /// Where the last object of the page before stood, at the version of both.
    private CompletionStage<Optional<Place>> place(
            LogStanding log, Plan plan, Version version, Optional<ObjectToken> after) {
        if (after.isEmpty()) {
            return done(Optional.empty());
        }
        return object(log, after.get(), version, plan.scope())
                .thenApply(view -> Optional.of(plan.place(view.orElseThrow(() -> new IllegalStateException(
                        "catalog " + log.id() + ": the last object of the page before is not there")))));
    }

    CompletionStage<Long> count(LogStanding log) {
        return askAll(log, new PartitionRead.Count())
                .thenApply(parts -> parts.stream().mapToLong(Long::longValue).sum());
    }

    /// The same question to all partitions; their answers in page order.
    private <T> CompletionStage<List<T>> askAll(LogStanding log, PartitionRead<T> read) {
        return all(IntStream.range(0, log.partitions().count())
                .mapToObj(number -> ask(log, number, read))
                .toList());
    }

    static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    /// What one partition gives of a page, and whether it has more.
    private record Portion<T>(List<T> found, boolean more) {}

    /// Asks one partition, by its number, for at most so many.
    private interface Asking<T> {
        CompletionStage<Portion<T>> ask(int number, int rest);
    }

    /// Partitions own ranges of the page order, so a page is what the first gives, then the next, until it is full.
    private static <T> CompletionStage<Portion<T>> parts(
            LogStanding log, Optional<ObjectToken> after, int limit, Asking<T> asking) {
        var first =
                after.map(token -> log.partitions().partitionOf(token.text())).orElse(0);
        return parts(log, first, List.of(), limit, asking);
    }

    private static <T> CompletionStage<Portion<T>> parts(
            LogStanding log, int number, List<T> found, int limit, Asking<T> asking) {
        return asking.ask(number, limit - found.size()).thenCompose(part -> {
            var all = Stream.concat(found.stream(), part.found().stream()).toList();
            var last = number == log.partitions().count() - 1;
            return part.more() || last
                    ? CompletableFuture.completedFuture(new Portion<>(all, part.more()))
                    : parts(log, number + 1, all, limit, asking);
        });
    }

    private static <T> CompletionStage<List<T>> all(Collection<CompletionStage<T>> stages) {
        var futures = stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
