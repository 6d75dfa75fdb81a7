package dev.storemesh.node.replica;

import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.replica.HqLog.DEMO;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Writes;
import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer.Queued;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.write.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store's copy divides its objects by itself, whatever HQ does with its own.
class ReplicaDoublingTest {
    static final PartitionSettings TINY = new PartitionSettings(
            256 << 20, 4 << 20, Duration.ofSeconds(5), 10, Duration.ofSeconds(20), Duration.ofSeconds(1), 10_000, 8);

    private final HqLog hq = new HqLog("01JCZ0000000000000000000HQ");

    @TempDir
    Path folder;

    private TestSite site;
    private FollowedCatalog store;

    @BeforeEach
    void start() {
        site = TestSite.start(folder);
        var log = new LogReader(site.system(), LogOrigin.REPLICA);
        store = new FollowedCatalog(
                site.system(),
                DEMO,
                site.settings().replica(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, TINY),
                log,
                Instant::now,
                new SplittableRandom(1));
        get(store.enrol(new StoreId("store-1"), hq.history(), 1));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void follow() {
        get(store.replica()
                .<ReplicaEntity.Outcome>ask(
                        replyTo -> new ReplicaEntity.Follow(hq.history(), hq.entries(), replyTo), TestSite.SOON));
    }

    private Following state() {
        return (Following) get(store.replica().<Replica>ask(ReplicaEntity.InspectAll::new, TestSite.SOON));
    }

    private void untilGeneration(int generation) {
        var deadline = System.nanoTime() + TestSite.SOON.toNanos();
        while (state().partitions().generation() < generation) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private List<ObjectToken> page() {
        var all = new PageQuery(Selection.EVERYTHING, Order.PAGE_KEY, Optional.empty(), Optional.empty(), 1000);
        return ((Found<Slice>) get(store.page(DEMO, all)))
                .value().objects().stream().map(ObjectView::object).toList();
    }

    private static Operation[] items(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> make("item-" + number, "Item " + number))
                .toArray(Operation[]::new);
    }

    @Test
    void doublesByItself() {
        hq.write(Writes.of(items(0, 8)));
        follow();
        var head = state().head();
        hq.transaction(true, items(8, 48)); // in the middle of it, too
        follow();
        untilGeneration(2);
        hq.write(Writes.of(rename("item-3", "Renamed")));
        follow();
        assertThat(page()).hasSize(48).doesNotHaveDuplicates();
        assertThat(state().head().number()).isEqualTo(head.number() + 2);
        var queued = get(store.write(DEMO, Writes.of(rename("item-40", "Mine"))));
        assertThat(queued).isInstanceOf(Queued.class);

        stop();
        start();
        assertThat(state().partitions().generation()).isGreaterThanOrEqualTo(2);
        assertThat(page()).hasSize(48);
        hq.write(Writes.of(items(48, 100)));
        follow();
        untilGeneration(4);
        assertThat(page()).hasSize(100).doesNotHaveDuplicates();
        assertThat(((Found<ObjectView.Live>)
                                get(store.object(DEMO, new ObjectToken("item-3"), Optional.empty(), Scope.all())))
                        .value()
                        .value(Writes.NAME.definition())
                        .orElseThrow()
                        .toString())
                .contains("Renamed");
    }
}
