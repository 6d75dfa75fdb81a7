package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Many catalogs on one node whose memory is bounded: real actors over a real journal.
@Isolated("measures memory")
class ManyCatalogsTest {
    private static final int CATALOGS = 60;
    private static final int FEW = 12; // of them fit
    private static final int ITEMS = 20;
    private static final int IN_FLIGHT = 64;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(7);
    private Optional<TestSite> running = Optional.empty();
    private Optional<Partitions> started = Optional.empty();

    @AfterEach
    void stop() {
        running.ifPresent(TestSite::close);
    }

    private Partitions partitions() {
        return started.orElseThrow();
    }

    private Catalogs start(long memoryBytes) {
        var site = TestSite.start(folder);
        running = Optional.of(site);
        var log = new LogReader(site.system(), LogOrigin.CATALOG);
        var defaults = site.settings().partition();
        var settings = new PartitionSettings(
                memoryBytes,
                64 << 10,
                defaults.catchUpTimeout(),
                defaults.maxObjects(),
                defaults.buildTimeout(),
                defaults.retireAfter(),
                defaults.retainVersions(),
                defaults.pastReaders());
        var partitions = Partitions.start(site.system(), log, settings);
        started = Optional.of(partitions);
        return new Catalogs(
                site.system(),
                site.settings().catalog(),
                partitions,
                log,
                () -> CompletableFuture.completedFuture(Namespaces.NONE),
                Instant::now,
                new SplittableRandom());
    }

    private static CatalogId id(int number) {
        return new CatalogId("merchant-" + number);
    }

    private static String name(int catalog, int item, int change) {
        return "item %d of %d, for the %d. time".formatted(item, catalog, change);
    }

    private static CompletionStage<Answer> make(Catalogs catalogs, int catalog, int items) {
        var made = IntStream.range(0, items)
                .mapToObj(item -> Writes.make("item-" + item, name(catalog, item, 0)))
                .toArray(Operation[]::new);
        return catalogs.create(id(catalog), Provenance.of("operator"))
                .thenCompose(created -> catalogs.write(id(catalog), Writes.of(made)));
    }

    private static CompletionStage<String> read(Catalogs catalogs, int catalog, int item) {
        return catalogs.object(id(catalog), new ObjectToken("item-" + item), Optional.empty(), Scope.all())
                .thenApply(reading ->
                        reading instanceof Found<?>(var version, var value) && value instanceof ObjectView.Live view
                                ? text(view.value(Writes.NAME.definition()))
                                : reading.toString());
    }

    private static String text(Optional<Value> value) {
        return value.map(held -> ((Value.Text) held).text()).orElse("none");
    }

    private static void until(BooleanSupplier done) {
        var deadline = System.nanoTime() + TestSite.SOON.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /// What one of them takes, of partitions and of writers.
    private record Size(long partition, long writer) {}

    private Size sizeOfOne() {
        var catalogs = start(1L << 40);
        assertThat(get(make(catalogs, CATALOGS, ITEMS))).isInstanceOf(Answer.Accepted.class);
        assertThat(get(read(catalogs, CATALOGS, 0))).isEqualTo(name(CATALOGS, 0, 0));
        var size = new Size(partitions().memory().held(), partitions().writers().held());
        running.ifPresent(TestSite::close);
        return size;
    }

    @Test
    void comeAndGoWithinTheirMemory() {
        var one = sizeOfOne();
        var catalogs = start(FEW * Math.max(one.partition() * 4 / 3, one.writer() * 4));
        var memory = partitions().memory();
        var writers = partitions().writers();
        var changes = new int[CATALOGS][ITEMS];
        var most = 0L;
        for (var number = 0; number < CATALOGS; number++) {
            assertThat(get(make(catalogs, number, ITEMS))).isInstanceOf(Answer.Accepted.class);
        }
        for (var i = 0; i < 600; i++) {
            var number = random.nextInt(CATALOGS);
            var item = random.nextInt(ITEMS);
            if (random.nextInt(4) == 0) {
                var renamed = Writes.rename("item-" + item, name(number, item, ++changes[number][item]));
                assertThat(get(catalogs.write(id(number), Writes.of(renamed)))).isInstanceOf(Answer.Accepted.class);
            }
            assertThat(get(read(catalogs, number, item))).isEqualTo(name(number, item, changes[number][item]));
            most = Math.max(most, memory.held());
        }
        assertThat(most).isLessThanOrEqualTo(memory.limit() + 2 * one.partition()); // one comes while one goes
        until(() -> memory.held() <= memory.limit() && writers.held() <= writers.limit());
        assertThat(memory.size()).isBetween(2, CATALOGS / 2);
        assertThat(writers.size()).isBetween(2, CATALOGS / 2);
    }

    /// Who is asked in the very moment in which it leaves is answered by the one that follows.
    @Test
    void nobodyIsLostWhoAsksManyAtOnce() {
        var one = sizeOfOne();
        var catalogs = start(6 * Math.max(one.partition() * 4 / 3, one.writer() * 4));
        for (var number = 0; number < CATALOGS / 2; number++) {
            get(make(catalogs, number, ITEMS));
        }
        var asked = new ArrayList<CompletionStage<Boolean>>();
        var free = new Semaphore(IN_FLIGHT);
        for (var i = 0; i < 3_000; i++) {
            var number = random.nextInt(CATALOGS / 2);
            var item = random.nextInt(ITEMS);
            free.acquireUninterruptibly();
            var right = random.nextInt(10) == 0
                    ? catalogs.write(id(number), Writes.of(Writes.rename("item-" + item, name(number, item, 0))))
                            .thenApply(Answer.Accepted.class::isInstance)
                    : read(catalogs, number, item).thenApply(name(number, item, 0)::equals);
            asked.add(right.whenComplete((done, failure) -> free.release()));
        }
        assertThat(asked).allSatisfy(answer -> assertThat(get(answer)).isTrue());
    }

    @Test
    void whatIsReadInPlaceStays() {
        var one = sizeOfOne();
        var catalogs = start(FEW * Math.max(one.partition() * 4 / 3, one.writer() * 4));
        for (var number = 0; number < CATALOGS; number++) {
            get(make(catalogs, number, ITEMS));
        }
        get(read(catalogs, 7, 0));
        var rows = running.orElseThrow().rows("catalog|" + id(7));
        for (var i = 0; i < CATALOGS; i++) {
            assertThat(get(read(catalogs, 7, i % ITEMS))).isEqualTo(name(7, i % ITEMS, 0));
            assertThat(get(read(catalogs, i, 0))).isEqualTo(name(i, 0, 0));
        }
        assertThat(running.orElseThrow().rows("catalog|" + id(7))).isEqualTo(rows); // its writer did not come back
    }

    @Test
    void aCatalogLargerThanTheMemoryWorks() {
        var catalogs = start(1 << 20);
        assertThat(get(make(catalogs, 0, 5_000))).isInstanceOf(Answer.Accepted.class);
        for (var item = 0; item < 5_000; item += 500) {
            assertThat(get(read(catalogs, 0, item))).isEqualTo(name(0, item, 0));
        }
        assertThat(partitions().memory().held())
                .isGreaterThan(partitions().memory().limit());
    }

    /// Its time would not run on.
    @Test
    void aCatalogWithAnOpenTransactionStays() {
        var one = sizeOfOne();
        var catalogs = start(FEW * Math.max(one.partition() * 4 / 3, one.writer() * 4));
        get(make(catalogs, 0, ITEMS));
        var opened = (Answer.Opened)
                get(catalogs.open(id(0), new Opening(Writes.ANN, "", Duration.ofSeconds(60), Optional.empty())));
        var holder = catalogs.on(Terms.holding(opened.lock()));
        get(holder.write(id(0), Writes.of(Writes.rename("item-1", "held"))));
        var rows = running.orElseThrow().rows("catalog|" + id(0));
        for (var number = 1; number < CATALOGS; number++) {
            get(make(catalogs, number, ITEMS));
        }
        assertThat(get(read(catalogs, 0, 1))).isEqualTo(name(0, 1, 0));
        assertThat(get(read(holder, 0, 1))).isEqualTo("held");
        assertThat(get(catalogs.commit(id(0), opened.lock()))).isInstanceOf(Answer.Ended.class);
        assertThat(get(read(catalogs, 0, 1))).isEqualTo("held");
        assertThat(running.orElseThrow().rows("catalog|" + id(0))).isEqualTo(rows + 1);
    }

    /// Not part of a build: `-Dexcluded=none -Dstoremesh.catalogs=20000`, with the heap that the JVM is given.
    @Test
    @Tag("measurement")
    void measure() {
        var count = Integer.getInteger("storemesh.catalogs", 1_000);
        var heap = Runtime.getRuntime().maxMemory();
        var catalogs = start(heap / 2);
        report("empty", 0, Duration.ZERO);
        measure("created, each with 10 items", count, number -> make(catalogs, number, 10));
        for (var round = 1; round <= 2; round++) {
            measure(
                    "read in random order, round " + round,
                    count,
                    number -> read(catalogs, random.nextInt(count), 3).thenApply(text -> {
                        assertThat(text).startsWith("item 3 of ");
                        return text;
                    }));
        }
    }

    private void measure(String what, int count, Function<Integer, CompletionStage<?>> each) {
        var free = new Semaphore(IN_FLIGHT);
        var failed = new ArrayList<CompletableFuture<?>>();
        var began = System.nanoTime();
        for (var i = 0; i < count; i++) {
            free.acquireUninterruptibly();
            var done = each.apply(i)
                    .whenComplete((answer, failure) -> free.release())
                    .toCompletableFuture();
            if (i % 64 == 0) {
                failed.removeIf(future -> future.isDone() && !future.isCompletedExceptionally());
            }
            failed.add(done);
            if ((i + 1) % (count / 4) == 0) {
                report(what, i + 1, Duration.ofNanos(System.nanoTime() - began));
            }
        }
        failed.forEach(TestSite::get);
    }

    private void report(String what, int done, Duration took) {
        var bean = ManagementFactory.getMemoryMXBean();
        bean.gc();
        System.out.printf(
                "%-40s %6d in %6.1f s, heap %4d MiB; partitions %5d with %4d MiB, writers %5d with %4d MiB%n",
                what,
                done,
                took.toMillis() / 1000.0,
                bean.getHeapMemoryUsage().getUsed() >> 20,
                partitions().memory().size(),
                partitions().memory().held() >> 20,
                partitions().writers().size(),
                partitions().writers().held() >> 20);
    }
}
