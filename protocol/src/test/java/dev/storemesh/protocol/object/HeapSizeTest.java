package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Remembered;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What contents say that they take, beside what the heap has more of when they are there.
@Isolated
final class HeapSizeTest {
    private static final double FACTOR = 1.5; // either way
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final DefinitionName NAME = new DefinitionName("retail.item.name");
    private static final DefinitionName BRAND = new DefinitionName("retail.item.brand");
    private static final DefinitionName PRICE = new DefinitionName("retail.item.price");

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<PartitionContents> held = new ArrayList<>();

    private static long used() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static Attribute attribute(DefinitionName definition, Optional<String> location, Value value) {
        return new Attribute(definition, location.map(LocationId::new), value);
    }

    private List<Attribute> item(int number) {
        return List.of(
                attribute(NAME, Optional.empty(), new Value.Text("Item of the number " + number)),
                attribute(BRAND, Optional.empty(), new Value.Text("brand " + random.nextInt(20))),
                price(Optional.empty()),
                price(Optional.of("store-" + random.nextInt(5))));
    }

    private Attribute price(Optional<String> location) {
        return attribute(PRICE, location, new Value.Money(random.nextInt(100_000), "USD"));
    }

    /// Items in writes of fifty, and then so many single changes of prices under keys.
    private PartitionContents contents(int items, int changes) {
        var contents = PartitionContents.of(PartitionImage.EMPTY);
        var position = 0L;
        for (var first = 0; first < items; first += 50) {
            var made = new ArrayList<ObjectChange>();
            for (var number = first; number < Math.min(items, first + 50); number++) {
                made.add(new ObjectChange(token(number), StandardSchema.ITEM, false, item(number), List.of()));
            }
            contents.apply(row(++position, made, Optional.empty()));
        }
        for (var change = 0; change < changes; change++) {
            var object = contents.objects().find(token(random.nextInt(items))).orElseThrow();
            var before = object.live().stream()
                    .filter(row -> row.attribute().definition().equals(PRICE)
                            && row.attribute().location().isEmpty())
                    .toList();
            contents.apply(row(
                    ++position,
                    List.of(new ObjectChange(
                            object.token(), object.type(), false, List.of(price(Optional.empty())), before)),
                    Optional.of("key-" + change)));
        }
        return contents;
    }

    private static ObjectToken token(int number) {
        return new ObjectToken("01JD5X7Q9K0000000000%06d".formatted(number));
    }

    private static LogRow row(long position, List<ObjectChange> changes, Optional<String> key) {
        var version = new Version(position);
        var who = Provenance.of("editor").withKey(key);
        var entry = new LogEntry(version, NOON.plusMillis(position), who, ChainHash.of(new byte[32]), false, changes);
        return new LogRow(
                new Position(position),
                List.of(new LogRow.Step(
                        entry, key.map(text -> new Remembered(version, "d".repeat(64) + text, Map.of())))));
    }

    /// Steps of one transaction, and its commit.
    private static void commit(PartitionContents contents, long version, List<List<ObjectChange>> steps) {
        for (var step = 1; step <= steps.size(); step++) {
            apply(contents, version, steps.get(step - 1), new LogEntry.Part.Step(step));
        }
        apply(contents, version, List.of(), new LogEntry.Part.End(steps.size()));
    }

    private static void apply(
            PartitionContents contents, long version, List<ObjectChange> changes, LogEntry.Part part) {
        var entry = new LogEntry(
                new Version(version), NOON, Provenance.of("editor"), ChainHash.of(new byte[32]), false, changes, part);
        var next = new Position(contents.position().number() + 1);
        contents.apply(new LogRow(next, List.of(new LogRow.Step(entry, Optional.empty()))));
    }

    private List<ObjectChange> made(int first, int end) {
        return IntStream.range(first, end)
                .mapToObj(
                        number -> new ObjectChange(token(number), StandardSchema.ITEM, false, item(number), List.of()))
                .toList();
    }

    /// Other prices of these.
    private List<ObjectChange> repriced(PartitionContents contents, int first, int end) {
        return IntStream.range(first, end)
                .mapToObj(number -> contents.objects().find(token(number)).orElseThrow())
                .map(object -> new ObjectChange(
                        object.token(),
                        object.type(),
                        false,
                        List.of(price(Optional.empty())),
                        object.live().stream()
                                .filter(row -> row.attribute().definition().equals(PRICE)
                                        && row.attribute().location().isEmpty())
                                .toList()))
                .toList();
    }

    private void saysWhatItTakes(Runnable making) {
        var before = used();
        making.run();
        var measured = used() - before;
        var said = held.stream().mapToLong(PartitionContents::heapBytes).sum();
        assertThat(measured).isGreaterThan(8L << 20);
        assertThat((double) said / measured).as("%d of %d", said, measured).isBetween(1 / FACTOR, FACTOR);
    }

    @Test
    void ofALargePartition() {
        saysWhatItTakes(() -> held.add(contents(20_000, 0)));
    }

    @Test
    void ofOneWithMuchHistory() {
        saysWhatItTakes(() -> held.add(contents(2_000, 60_000)));
    }

    @Test
    void ofOneWithIndexes() {
        saysWhatItTakes(() -> {
            var contents = contents(20_000, 5_000);
            held.add(contents);
            var index = contents.objects().index();
            assertThat(index.withWord(NAME, "item").size()).isEqualTo(20_000);
            assertThat(index.holding(BRAND, new Value.Text("brand 7")).size()).isPositive();
            assertThat(index.holding(PRICE, new Value.Money(1, "USD")).size()).isNotNegative();
            assertThat(index.holding(NAME, new Value.Text("Item of the number 1"))
                            .size())
                    .isOne();
            assertThat(index.ofType(StandardSchema.ITEM).size()).isEqualTo(20_000);
        });
    }

    @Test
    void ofManySmallOnes() {
        saysWhatItTakes(() -> {
            for (var i = 0; i < 4_000; i++) {
                held.add(contents(3, 2));
            }
        });
    }

    @Test
    void ofOneThatOneTransactionMade() {
        saysWhatItTakes(() -> {
            var contents = PartitionContents.of(PartitionImage.EMPTY);
            commit(
                    contents,
                    1,
                    IntStream.range(0, 20)
                            .mapToObj(step -> made(step * 1_000, step * 1_000 + 1_000))
                            .toList());
            held.add(contents);
        });
    }

    @Test
    void ofOneThatTransactionsChangedAgainAndAgain() {
        saysWhatItTakes(() -> {
            var contents = contents(20_000, 0);
            for (var version = 1_000; version < 1_080; version++) {
                var first = version % 20 * 1_000;
                commit(contents, version, List.of(repriced(contents, first, first + (version % 2 == 0 ? 1_000 : 900))));
            }
            held.add(contents);
        });
    }

    @Test
    void ofOnesThatCameBackFromACheckpoint() {
        saysWhatItTakes(
                () -> held.add(PartitionContents.of(contents(10_000, 10_000).image())));
    }
}
