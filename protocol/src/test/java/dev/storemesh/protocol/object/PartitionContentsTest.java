package dev.storemesh.protocol.object;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class PartitionContentsTest {
    private static final Lookup.Head TEA = new Lookup.Head(Samples.TEA);

    @Nested
    final class GivenAKeyedWriteAndAChange {
        private final CatalogBench bench = CatalogBench.made();
        private final PartitionContents partition = bench.partition();

        GivenAKeyedWriteAndAChange() {
            bench.run(bench.keyed("editor", "k1", item("tea", set(NAME, text("Tea")))));
            bench.write(change("tea", set(NAME, text("Green"))));
        }

        private ObjectState fetched(Lookup lookup) {
            return java.util.Objects.requireNonNull(
                    partition.fetch(List.of(lookup)).objects().get(lookup));
        }

        @Test
        void answersHeadsAndEarlierVersions() {
            assertThat(((ObjectState.Live) fetched(TEA)).values(Samples.global(NAME)))
                    .containsExactly(new Value.Text("Green"));
            var then = fetched(new Lookup.AsOf(Samples.TEA, new Version(2)));
            assertThat(((ObjectState.Live) then).values(Samples.global(NAME))).containsExactly(new Value.Text("Tea"));
            assertThat(fetched(new Lookup.AsOf(Samples.TEA, new Version(1)))).isEqualTo(ObjectState.unknown());
            assertThat(fetched(new Lookup.Head(new ObjectToken("coffee")))).isEqualTo(ObjectState.unknown());
        }

        @Test
        void knowsTheDeletedFromTheUnknown() {
            bench.write(delete("tea"));
            assertThat(fetched(TEA)).isInstanceOf(ObjectState.Deleted.class);
        }

        @Test
        void remembersAnswersByCallerAndKey() {
            var known = new IdempotencyKey("editor", "k1");
            var unknown = new IdempotencyKey("importer", "k1");
            var keys = partition
                    .fetch(List.of(new Lookup.Key(known), new Lookup.Key(unknown)))
                    .keys();
            assertThat(keys.get(known))
                    .contains(new Remembered(
                            new Version(2),
                            List.of(item("tea", set(NAME, text("Tea")))).toString(),
                            Map.of()));
            assertThat(keys).containsEntry(unknown, Optional.empty());
        }

        @Test
        void aRowTakenOverTwiceDoesNothing() {
            var before = partition.image();
            var weight = partition.weight();
            partition.apply(Round.of(new WriteAccepted(bench.log().getLast(), Map.of(), ""))
                    .row(partition.position()));
            assertThat(partition.image()).isEqualTo(before);
            assertThat(partition.weight()).isEqualTo(weight);
        }

        @Test
        void anImageHoldsAllOfIt() {
            var restored = PartitionContents.of(partition.image());
            assertThat(restored.image()).isEqualTo(partition.image());
            assertThat(restored.position()).isEqualTo(bench.standing().position());
            assertThat(restored.weight()).isPositive();
            var key = new Lookup.Key(new IdempotencyKey("editor", "k1"));
            assertThat(restored.fetch(List.of(key, TEA))).isEqualTo(partition.fetch(List.of(key, TEA)));
        }
    }

    @Nested
    final class GivenFourPartitions {
        private final PartitionMap map = new PartitionMap(2, Collections.nCopies(4, Position.START));
        private final CatalogBench bench = CatalogBench.made();

        @Test
        void onlyThoseThatOwnSomethingAreTouched() {
            bench.run(bench.keyed("editor", "k1", item("tea"), item("coffee")));
            List<LogEntry> entries = List.of(bench.log().getLast());
            var owners =
                    Set.of("tea", "coffee", "k1").stream().map(map::partitionOf).collect(Collectors.toSet());
            assertThat(map.touchedBy(entries)).isEqualTo(owners);
            var moved = map.after(entries, new Position(9));
            for (var partition = 0; partition < 4; partition++) {
                assertThat(moved.needed(partition))
                        .isEqualTo(owners.contains(partition) ? new Position(9) : Position.START);
            }
            assertThat(moved.generation()).isEqualTo(2);
        }

        @Test
        void aLookupAsksThePartitionThatItsRowTouches() {
            assertThat(TEA.routedBy()).contains("tea");
            assertThat(new Lookup.AsOf(Samples.TEA, Version.NONE).routedBy()).contains("tea");
            assertThat(new Lookup.Key(new IdempotencyKey("editor", "k1")).routedBy())
                    .contains("k1");
            assertThat(new Lookup.Referrers(Samples.TEA).routedBy()).isEmpty();
        }
    }
}
