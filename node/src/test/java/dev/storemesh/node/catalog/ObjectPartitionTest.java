package dev.storemesh.node.catalog;

import static dev.storemesh.node.catalog.Writes.delete;
import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.node.catalog.ObjectPartition.Feed;
import dev.storemesh.node.replica.FollowedCatalog;
import dev.storemesh.node.replica.HqLog;
import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.catalog.Answer.Accepted;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A partition on a real journal: whatever becomes of feeds and checkpoints, its answers are those of the log.
class ObjectPartitionTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final PartitionSettings SMALL = SiteCatalog.partitions(2_000, 20_000);

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    @AfterEach
    void stopAll() throws Exception {
        for (var site : running) {
            site.close();
        }
    }

    /// A site whose feeds travel as `route` has it, and which counts the rows that are read back from the log.
    private final class Hq implements AutoCloseable {
        private final TestSite site = TestSite.start(folder, Map.of("catalog.snapshot-every", "10"));
        private final AtomicLong rowsRead = new AtomicLong();
        private final AtomicBoolean unreadable = new AtomicBoolean();
        private final Catalogs catalogs;

        private Hq(Partitions.FeedRoute route) {
            running.push(this);
            var journal = LogReader.journal(site.system());
            CurrentEventsByPersistenceIdQuery counting = (id, from, to) -> unreadable.get()
                    ? Source.failed(new IOException("told to fail"))
                    : journal.currentEventsByPersistenceId(id, from, to).map(row -> {
                        rowsRead.incrementAndGet();
                        return row;
                    });
            var log = new LogReader(site.system(), LogOrigin.CATALOG, counting);
            catalogs = new Catalogs(
                    site.system(),
                    site.settings().catalog(),
                    Partitions.start(site.system(), log, SMALL, route),
                    log,
                    Writes::unclaimed,
                    Instant::now,
                    new SplittableRandom(1));
        }

        private Version write(Operation... operations) {
            var answer = get(catalogs.write(DEMO, Writes.of(operations)));
            assertThat(answer).isInstanceOf(Accepted.class);
            return ((Accepted) answer).version();
        }

        private EntityRef<ObjectPartition.Message> partition() {
            return ClusterSharding.get(site.system())
                    .entityRefFor(ObjectPartition.TYPE_KEY, new PartitionId(DEMO, 1, 0).text());
        }

        @Override
        public void close() {
            site.close();
            running.remove(this);
        }
    }

    /// What every object was called at every version: a map, and no more.
    private static final class Model {
        private final TreeMap<Long, Map<String, String>> versions = new TreeMap<>();

        private Map<String, String> head() {
            return new HashMap<>(
                    versions.isEmpty() ? Map.of() : versions.lastEntry().getValue());
        }

        private void put(Version version, Map<String, String> names) {
            versions.put(version.number(), Map.copyOf(names));
        }
    }

    private static void writeAtRandom(Hq hq, Model model, SplittableRandom random, int writes) {
        for (var i = 0; i < writes; i++) {
            var now = model.head();
            var operations = new ArrayList<Operation>();
            var untouched = new ArrayList<>(new TreeSet<>(now.keySet()));
            for (var j = 0; j < 1 + random.nextInt(3); j++) {
                var name = "name " + random.nextInt(1000) + "x".repeat(random.nextInt(200));
                if (untouched.isEmpty() || random.nextInt(3) == 0) {
                    var token = "item-" + model.versions.size() + "-" + j;
                    operations.add(make(token, name));
                    now.put(token, name);
                } else {
                    var token = untouched.remove(random.nextInt(untouched.size()));
                    if (random.nextInt(4) == 0) {
                        operations.add(delete(token));
                        now.remove(token);
                    } else {
                        operations.add(rename(token, name));
                        now.put(token, name);
                    }
                }
            }
            model.put(hq.write(operations.toArray(Operation[]::new)), now);
            if (random.nextInt(3) == 0) {
                check(hq, model, model.versions.lastKey());
            }
        }
    }

    private static void checkAll(Hq hq, Model model) {
        model.versions.keySet().forEach(version -> check(hq, model, version));
    }

    private static void check(Hq hq, Model model, long version) {
        var expected = model.versions.getOrDefault(version, Map.of());
        assertThat(page(hq, version)).as("version %d", version).isEqualTo(expected);
        expected.forEach((token, name) -> {
            var reading = get(
                    hq.catalogs.object(DEMO, new ObjectToken(token), Optional.of(new Version(version)), Scope.all()));
            assertThat(found(reading)).satisfies(view -> assertThat(name(view)).isEqualTo(name));
        });
        for (var since = 1L; since < version; since += 3) {
            var patched = new HashMap<>(model.versions.getOrDefault(since, Map.of()));
            for (var view : found(get(hq.catalogs.changes(DEMO, new Version(since), query(version))))
                    .objects()) {
                if (view instanceof ObjectView.Live live) {
                    patched.put(live.object().text(), name(live));
                } else {
                    patched.remove(view.object().text());
                }
            }
            assertThat(patched).as("changes from %d to %d", since, version).isEqualTo(expected);
        }
    }

    private static Map<String, String> page(Hq hq, long version) {
        return page(hq.catalogs, version);
    }

    private static Map<String, String> page(CatalogPort catalog, long version) {
        var names = new HashMap<String, String>();
        for (var view : found(get(catalog.page(DEMO, query(version)))).objects()) {
            names.put(view.object().text(), name((ObjectView.Live) view));
        }
        return names;
    }

    private static PageQuery query(long version) {
        return new PageQuery(
                Selection.EVERYTHING, Order.PAGE_KEY, Optional.of(new Version(version)), Optional.empty(), 1000);
    }

    private static String name(ObjectView.Live view) {
        return ((Value.Text) view.value(Writes.NAME.definition()).orElseThrow()).text();
    }

    private static <T> T found(Reading<T> reading) {
        assertThat(reading).isInstanceOf(Found.class);
        return ((Found<T>) reading).value();
    }

    @Seeds(3)
    void answersAsTheLogDoesWhateverBecomesOfFeedsAndCheckpoints(long seed) {
        var model = new Model();
        var random = new SplittableRandom(seed);
        var first = new Hq(new BadRoute(seed));
        get(first.catalogs.create(DEMO, Writes.ANN));
        model.put(new Version(1), Map.of());
        writeAtRandom(first, model, random, 40);
        checkAll(first, model);
        assertThat(first.site.rows("partition|demo:1:0")).isPositive(); // there were checkpoints
        first.close();

        var second = new Hq(new BadRoute(seed + 1)); // with its checkpoint
        checkAll(second, model);
        writeAtRandom(second, model, random, 10);
        second.close();

        TestSite.loseSnapshots(folder); // and without
        var third = new Hq(new BadRoute(seed + 2));
        checkAll(third, model);
        writeAtRandom(third, model, random, 10);
        checkAll(third, model);
    }

    /// At HQ the look-ups of a write ask for the row before it; what a store follows comes without any.
    @Seeds(3)
    void answersAsTheLogDoesWhereNoLookUpComesBetweenTheRows(long seed) {
        var random = new SplittableRandom(seed);
        var site = TestSite.start(folder);
        running.push(site);
        var log = new LogReader(site.system(), LogOrigin.REPLICA);
        var store = new FollowedCatalog(
                site.system(),
                DEMO,
                site.settings().replica(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, SMALL, new BadRoute(seed)),
                log,
                Instant::now,
                new SplittableRandom(1));
        var hq = new HqLog("01JCZ0000000000000000000HQ");
        get(store.enrol(new StoreId("store-1"), hq.history(), 1));
        var model = new Model();
        model.put(new Version(1), Map.of());
        for (var i = 0; i < 60; i++) {
            var now = model.head();
            var token = "item-" + random.nextInt(10);
            var entry =
                    hq.write(Writes.of(now.containsKey(token) ? rename(token, "name " + i) : make(token, "new " + i)));
            now.put(token, now.containsKey(token) ? "name " + i : "new " + i);
            model.put(entry.version(), now);
            get(store.replica()
                    .<ReplicaEntity.Outcome>ask(
                            replyTo -> new ReplicaEntity.Follow(hq.history(), hq.entries(), replyTo), TestSite.SOON));
            if (random.nextInt(8) == 0) {
                assertThat(page(store, entry.version().number())).isEqualTo(now);
            }
        }
        model.versions.forEach((version, names) ->
                assertThat(page(store, version)).as("version %d", version).isEqualTo(names));
    }

    @Test
    void readsOnlyTheTailOfTheLogAfterARestart() {
        var first = new Hq(EntityRef::tell);
        get(first.catalogs.create(DEMO, Writes.ANN));
        for (var i = 0; i < 60; i++) {
            first.write(make("item-" + i, "x".repeat(300)));
        }
        assertThat(page(first, 61)).hasSize(60);
        assertThat(first.rowsRead).as("rows read while all feeds arrive").hasValueLessThan(5);
        first.close();

        var second = new Hq(EntityRef::tell);
        assertThat(page(second, 61)).hasSize(60);
        assertThat(second.rowsRead.get()).as("rows of the tail").isLessThan(30);
        second.close();

        TestSite.loseSnapshots(folder);
        var third = new Hq(EntityRef::tell);
        assertThat(page(third, 61)).hasSize(60);
        assertThat(third.rowsRead.get()).as("rows of the whole log").isGreaterThanOrEqualTo(61);
    }

    @Test
    void passesOverCheckpointsThatCannotBeRead() {
        var first = new Hq(EntityRef::tell);
        get(first.catalogs.create(DEMO, Writes.ANN));
        for (var i = 0; i < 30; i++) {
            first.write(make("item-" + i, "x".repeat(300)));
        }
        first.close();
        assertThat(TestSite.damageSnapshots(folder)).isGreaterThan(1);
        var second = new Hq(EntityRef::tell);
        assertThat(page(second, 31)).hasSize(30);
        assertThat(second.write(make("tea", "Tea"))).isEqualTo(new Version(32));
    }

    /// Whoever asked meanwhile that all be kept is answered when all is.
    @Test
    void goesOnWhileItsCheckpointIsWritten() throws Exception {
        var hq = new Hq(EntityRef::tell);
        get(hq.catalogs.create(DEMO, Writes.ANN));
        assertThat(page(hq, 1)).isEmpty();
        CompletionStage<StatusReply<Done>> kept;
        try (var held = hq.site.holdingSnapshots()) {
            hq.write(make("first", "x".repeat(3_000))); // worth a checkpoint
            var began = System.nanoTime();
            for (var i = 0; i < 5; i++) {
                hq.write(make("item-" + i, "Item " + i)); // asks the partition for what it holds
            }
            assertThat(page(hq, 7)).hasSize(6);
            kept = hq.partition().ask(ObjectPartition.KeepCheckpoint::new, TestSite.SOON);
            assertThat(page(hq, 7)).hasSize(6);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(held.atLeast());
            assertThat(hq.site.rows("partition|demo:1:0"))
                    .as("checkpoints begun")
                    .isOne();
            assertThat(kept.toCompletableFuture()).isNotDone();
        }
        assertThat(get(kept).isSuccess()).isTrue();
        assertThat(hq.site.rows("partition|demo:1:0")).as("checkpoints begun").isEqualTo(2);
        hq.close();

        var second = new Hq(EntityRef::tell);
        assertThat(page(second, 7)).hasSize(6);
        assertThat(second.rowsRead).as("rows after the second checkpoint").hasValue(0);
    }

    @Test
    void failsAQuestionAboutAPositionThatNeverComes() {
        var hq = new Hq(EntityRef::tell);
        get(hq.catalogs.create(DEMO, Writes.ANN));
        hq.write(make("tea", "Tea"));
        var beyond = hq.partition()
                .<StatusReply<Long>>ask(
                        replyTo -> new ObjectPartition.Ask<>(new Position(99), new PartitionRead.Count(), replyTo),
                        TestSite.SOON);
        assertThat(get(beyond).isError()).isTrue();
        assertThat(page(hq, 2)).containsExactly(Map.entry("tea", "Tea"));
    }

    @Test
    void failsQuestionsWhileTheLogCannotBeReadAndAnswersThemAfterwards() {
        var hq = new Hq((partition, feed) -> {}); // all are lost
        get(hq.catalogs.create(DEMO, Writes.ANN));
        hq.write(make("tea", "Tea"));
        hq.unreadable.set(true);
        assertThatThrownBy(() -> page(hq, 2)).hasMessageContaining("cannot read the log");
        hq.unreadable.set(false);
        assertThat(page(hq, 2)).containsExactly(Map.entry("tea", "Tea"));
    }

    @Test
    void answersFromAFeedThatArrivesLate() {
        var feeds = new ArrayList<Feed>();
        var hq = new Hq((partition, feed) -> feeds.add(feed));
        get(hq.catalogs.create(DEMO, Writes.ANN));
        hq.write(make("tea", "Tea"));
        hq.write(rename("tea", "Green tea"));
        assertThat(page(hq, 3)).containsExactly(Map.entry("tea", "Green tea"));
        feeds.reversed().forEach(feed -> hq.partition().tell(feed)); // long known
        assertThat(page(hq, 2)).containsExactly(Map.entry("tea", "Tea"));
        assertThat(page(hq, 3)).containsExactly(Map.entry("tea", "Green tea"));
    }

    @Test
    void countsAndPagesAsOneObjectAfterAnother() {
        var hq = new Hq(EntityRef::tell);
        get(hq.catalogs.create(DEMO, Writes.ANN));
        for (var i = 0; i < 7; i++) {
            hq.write(make("item-" + i, "Item " + i));
        }
        hq.write(delete("item-3"));
        assertThat(found(get(hq.catalogs.head(DEMO))).objects()).isEqualTo(6);
        var seen = new ArrayList<ObjectToken>();
        Optional<ObjectToken> after = Optional.empty();
        Slice slice;
        do {
            var query = new PageQuery(Selection.EVERYTHING, Order.PAGE_KEY, Optional.empty(), after, 2);
            slice = found(get(hq.catalogs.page(DEMO, query)));
            slice.objects().forEach(view -> seen.add(view.object()));
            after = Optional.of(seen.getLast());
        } while (slice.more());
        assertThat(seen).hasSize(6).doesNotHaveDuplicates().doesNotContain(new ObjectToken("item-3"));
    }
}
