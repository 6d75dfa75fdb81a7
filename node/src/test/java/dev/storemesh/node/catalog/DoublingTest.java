package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.CatalogPort.QueryPage;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.write.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// The partitions of a catalog double while it is read and written.
@Isolated("measures how long writes wait")
class DoublingTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final long SELDOM = 4 << 20; // checkpoints by weight

    @TempDir
    Path folder;

    private final List<AutoCloseable> running = new ArrayList<>();

    @AfterEach
    void stopAll() throws Exception {
        for (var site : running) {
            site.close();
        }
    }

    private SiteCatalog catalog(int maxObjects) {
        var catalog =
                new SiteCatalog(folder, DEMO, EntityRef::tell, Map.of(), SiteCatalog.partitions(SELDOM, maxObjects));
        running.add(catalog);
        return catalog;
    }

    private static Operation[] items(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> Writes.make("item-" + number, "Item " + number))
                .toArray(Operation[]::new);
    }

    private static Answer write(Catalogs catalogs, int from, int to) {
        return get(catalogs.write(DEMO, Writes.of(items(from, to))));
    }

    private static Version written(Catalogs catalogs, int from, int to) {
        return ((Answer.Accepted) write(catalogs, from, to)).version();
    }

    private static <T> T found(CompletionStage<Reading<T>> reading) {
        return ((Found<T>) get(reading)).value();
    }

    private static PageQuery query(Version version, Optional<ObjectToken> after, int limit) {
        return new PageQuery(Selection.EVERYTHING, Order.PAGE_KEY, Optional.of(version), after, limit);
    }

    private static List<ObjectToken> tokens(int items) {
        return IntStream.range(0, items)
                .mapToObj(number -> PageKey.of(new ObjectToken("item-" + number)))
                .sorted()
                .map(PageKey::token)
                .toList();
    }

    @Test
    void pagesOneVersionWhileItDoublesTwice() {
        var site = catalog(50);
        var version = written(site.catalogs(), 0, 40);
        var seen = new ArrayList<ObjectToken>();
        Optional<ObjectToken> after = Optional.empty();
        var asked = 0;
        Slice slice;
        do {
            slice = found(site.catalogs().page(DEMO, query(version, after, 7)));
            slice.objects().forEach(view -> seen.add(view.object()));
            after = Optional.of(seen.getLast());
            asked++;
            if (asked == 1) {
                write(site.catalogs(), 40, 90);
                site.partitionsOf(2);
            } else if (asked == 3) {
                write(site.catalogs(), 90, 200);
                site.partitionsOf(3);
            }
        } while (slice.more());
        assertThat(seen).isEqualTo(tokens(40));
        assertThat(found(site.catalogs().head(DEMO)).objects()).isEqualTo(200);
    }

    @Test
    void answersQueriesOfOneVersionWhileItDoubles() {
        var site = catalog(50);
        var version = written(site.catalogs(), 0, 40);
        var items = QueryJson.read(Fields.of(Json.parse("""
                {"filter":{"attribute":"retail.item.name","word":"item"},"total":true,"limit":15}""")));
        var first = found(site.catalogs().query(DEMO, new QueryPage(items, Optional.of(version), Optional.empty())));
        write(site.catalogs(), 40, 90);
        site.partitionsOf(2);
        var last = first.objects().getLast().object();
        var next = found(site.catalogs().query(DEMO, new QueryPage(items, Optional.of(version), Optional.of(last))));
        assertThat(first.total()).contains(40L);
        var seen = new ArrayList<ObjectToken>();
        first.objects().forEach(view -> seen.add(view.object()));
        next.objects().forEach(view -> seen.add(view.object()));
        assertThat(seen).isEqualTo(tokens(40).subList(0, 30));
        var again = found(site.catalogs().query(DEMO, new QueryPage(items, Optional.of(version), Optional.empty())));
        assertThat(again.total()).contains(40L);
    }

    /// Who took the standing before a doubling asks the former partitions: also when they and their checkpoints are
    /// gone.
    @Test
    void formerPartitionsAnswerOnAndLeaveNothingBehind() {
        var site = catalog(20);
        var version = written(site.catalogs(), 0, 15);
        var former = new PartitionId(DEMO, 1, 0);
        var before = site.partitions();
        write(site.catalogs(), 15, 30);
        site.partitionsOf(2);
        assertThat(site.site().snapshots(former.journal().id())).isPositive();
        var read = new PartitionRead.Page(
                Selection.EVERYTHING, version, 0, Order.PAGE_KEY, Optional.empty(), 100, List.of());
        var needed = before.needed(0);
        assertThat(ask(site.site(), former, needed, read).objects()).hasSize(15);
        until(() -> site.site().snapshots(former.journal().id()) == 0);
        assertThat(ask(site.site(), former, needed, read).objects()).hasSize(15);
        assertThat(site.site().snapshots("partition|demo:2:0")).isPositive();
    }

    private static void until(BooleanSupplier done) {
        var deadline = System.nanoTime() + TestSite.SOON.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static <T> T ask(TestSite site, PartitionId id, Position needed, PartitionRead<T> read) {
        return get(partition(site, id)
                .<T>askWithStatus(replyTo -> new ObjectPartition.Ask<>(needed, read, replyTo), TestSite.SOON));
    }

    private static EntityRef<ObjectPartition.Message> partition(TestSite site, PartitionId id) {
        return ClusterSharding.get(site.system()).entityRefFor(ObjectPartition.TYPE_KEY, id.text());
    }

    @Test
    void aTransactionGoesOnAcrossDoublings() {
        var site = catalog(10);
        write(site.catalogs(), 0, 5);
        var committed = holdThroughADoubling(site, 5, 5);
        assertThat(get(site.catalogs().commit(DEMO, committed))).isInstanceOf(Answer.Ended.class);
        assertThat(page(site.catalogs())).hasSize(44).doesNotContain(new ObjectToken("item-4"));
        var discarded = holdThroughADoubling(site, 45, 44);
        assertThat(get(site.catalogs().rollBack(DEMO, discarded))).isInstanceOf(Answer.Ended.class);
        assertThat(page(site.catalogs())).hasSize(44).contains(new ObjectToken("item-44"));
    }

    /// Steps that make 40 items, and delete the one before them.
    private static LockToken holdThroughADoubling(SiteCatalog site, int from, int visible) {
        var opened = (Answer.Opened)
                get(site.catalogs().open(DEMO, new Opening(Writes.ANN, "", Opening.DEFAULT_IDLE, Optional.empty())));
        var holder = site.catalogs().on(Terms.holding(opened.lock()));
        var before = site.partitions().generation();
        var keyed = Writes.keyed(Writes.of(items(from, from + 40)), "key-" + from, "digest");
        assertThat(get(holder.write(DEMO, keyed))).isInstanceOf(Answer.Staged.class);
        site.partitionsOf(before + 1);
        assertThat(get(holder.write(DEMO, keyed)))
                .isInstanceOfSatisfying(
                        Answer.Staged.class,
                        again -> assertThat(again.replayed()).isTrue());
        assertThat(get(holder.write(DEMO, Writes.of(Writes.delete("item-" + (from - 1))))))
                .isInstanceOf(Answer.Staged.class);
        assertThat(page(holder)).hasSize(visible + 39);
        assertThat(page(site.catalogs())).hasSize(visible);
        return opened.lock();
    }

    private static List<ObjectToken> page(Catalogs catalogs) {
        return found(catalogs.page(DEMO, all())).objects().stream()
                .map(ObjectView::object)
                .toList();
    }

    private static PageQuery all() {
        return new PageQuery(Selection.EVERYTHING, Order.PAGE_KEY, Optional.empty(), Optional.empty(), 1000);
    }

    @Test
    void writesGoOnWhileItDoubles() {
        var site = catalog(250);
        var longest = Duration.ZERO;
        for (var i = 0; i < 400; i++) {
            var began = System.nanoTime();
            assertThat(write(site.catalogs(), 5 * i, 5 * i + 5)).isInstanceOf(Answer.Accepted.class);
            var took = Duration.ofNanos(System.nanoTime() - began);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
        site.partitionsOf(4);
        assertThat(longest).isLessThan(Duration.ofSeconds(1));
        assertThat(found(site.catalogs().head(DEMO)).objects()).isEqualTo(2_000);
    }

    /// Nobody writes after it: what the new partitions said while nobody could use them has to be asked for.
    @Test
    void oneLargeWriteIsDividedUntilNoPartitionIsTooFull() {
        var site = catalog(25);
        write(site.catalogs(), 0, 200);
        site.partitionsOf(4);
        assertThat(found(site.catalogs().head(DEMO)).objects()).isEqualTo(200);
    }

    /// One of the next generation is there already, and the writer knows nothing of it any more.
    @Test
    void aBuildThatAStopInterruptedIsMadeAnew() {
        var first = catalog(1_000);
        write(first.catalogs(), 0, 30);
        var needed = first.partitions().needed(0);
        get(keep(first.site(), new PartitionId(DEMO, 1, 0)));
        assertThat(build(first.site(), new PartitionId(DEMO, 2, 1), needed)).isBetween(1L, 29L);
        running.remove(first);
        first.close();

        var second = catalog(20);
        assertThat(second.partitions())
                .isEqualTo(new PartitionMap(1, List.of(second.partitions().needed(0))));
        write(second.catalogs(), 30, 35);
        second.partitionsOf(2);
        assertThat(found(second.catalogs().page(DEMO, all())).objects())
                .extracting(ObjectView::object)
                .isEqualTo(tokens(35));
        second.restart();
        assertThat(second.partitions().generation()).isGreaterThanOrEqualTo(2);
        assertThat(found(second.catalogs().page(DEMO, all())).objects()).hasSize(35);
        assertThat(found(second.catalogs().object(DEMO, new ObjectToken("item-7"), Optional.empty(), Scope.all())))
                .isNotNull();
    }

    private static CompletionStage<?> keep(TestSite site, PartitionId id) {
        return partition(site, id).askWithStatus(ObjectPartition.KeepCheckpoint::new, TestSite.SOON);
    }

    private static long build(TestSite site, PartitionId id, Position needed) {
        return get(partition(site, id)
                        .<StatusReply<Long>>ask(
                                replyTo -> new ObjectPartition.Build(needed, TestSite.SOON, replyTo), TestSite.SOON))
                .getValue();
    }

    /// Each of the eight lacks the same rows.
    @Test
    void partitionsThatComeBackReadTheLogTogether() {
        var first = catalog(20);
        write(first.catalogs(), 0, 120);
        var map = first.partitionsOf(4);
        for (var number = 120; number < 240; number += 2) {
            write(first.catalogs(), number, number + 2);
        }
        var journaled = get(first.catalogs().standings().now(DEMO))
                .orElseThrow()
                .position()
                .number();
        running.remove(first);
        first.close();

        var site = TestSite.start(folder);
        running.add(site);
        var rows = new AtomicLong();
        var partitions = Partitions.start(site.system(), counting(site, rows), SiteCatalog.partitions(SELDOM, 1_000));
        var needed =
                map.touched().stream().map(unused -> new Position(journaled)).toList();
        var sizes = get(partitions.build(DEMO, new PartitionMap(map.generation(), needed)));
        assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isEqualTo(240);
        assertThat(rows).hasValueBetween(60L, 2 * journaled);
    }

    private static LogReader counting(TestSite site, AtomicLong rows) {
        var journal = LogReader.journal(site.system());
        CurrentEventsByPersistenceIdQuery counting =
                (id, from, to) -> journal.currentEventsByPersistenceId(id, from, to)
                        .map(row -> {
                            rows.incrementAndGet();
                            return row;
                        });
        return new LogReader(site.system(), LogOrigin.CATALOG, counting);
    }

    /// A site that counts the rows that are read back from the log.
    private long rowsReadToBuild(boolean damaged) {
        var writing = catalog(1_000);
        for (var i = 0; i < 30; i++) {
            write(writing.catalogs(), i, i + 1);
        }
        var needed = writing.partitions().needed(0);
        get(keep(writing.site(), new PartitionId(DEMO, 1, 0)));
        running.remove(writing);
        writing.close();
        if (damaged) {
            assertThat(TestSite.damageSnapshots(folder)).isPositive();
        }
        var site = TestSite.start(folder);
        running.add(site);
        var rows = new AtomicLong();
        Partitions.start(site.system(), counting(site, rows), SiteCatalog.partitions(SELDOM, 1_000));
        var sizes = build(site, new PartitionId(DEMO, 2, 0), needed) + build(site, new PartitionId(DEMO, 2, 1), needed);
        assertThat(sizes).isEqualTo(30);
        return rows.get();
    }

    @Test
    void buildsFromTheFormerCheckpoint() {
        assertThat(rowsReadToBuild(false)).isZero();
    }

    @Test
    void buildsFromTheLogWhereTheFormerCheckpointCannotBeRead() {
        assertThat(rowsReadToBuild(true)).isBetween(30L, 59L); // once for both
    }

    @Test
    void listsChangeRequestsOfAllPartitionsInTheirOrder() {
        var site = catalog(8);
        var random = new SplittableRandom(1);
        var offered = IntStream.rangeClosed(1, 20)
                .mapToObj(sequence -> new OfferedRequest(
                        new RequestId("cr-" + Ulid.make(Instant.ofEpochMilli(1_000_000L + sequence), random)),
                        sequence,
                        new Version(1),
                        "[]",
                        "ann",
                        Optional.empty(),
                        Instant.EPOCH))
                .toList();
        get(site.catalogs().record(DEMO, new StoreId("store-1"), 1, Optional.empty(), offered, Writes.ANN));
        site.partitionsOf(2);
        var seen = new ArrayList<RequestId>();
        Optional<RequestId> after = Optional.empty();
        boolean more;
        do {
            var page = found(site.catalogs()
                    .list(DEMO, new RequestsQuery(Optional.empty(), Optional.empty(), Optional.empty(), after, 3)));
            page.requests().stream().map(ChangeRequest::id).forEach(seen::add);
            after = Optional.of(seen.getLast());
            more = page.more();
        } while (more);
        assertThat(seen)
                .isEqualTo(offered.stream()
                        .map(OfferedRequest::id)
                        .sorted(Comparator.comparing(RequestId::text))
                        .toList());
    }
}
