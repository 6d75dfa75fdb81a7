package dev.storemesh.protocol.object;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.ReplicaDecider;
import dev.storemesh.protocol.replica.ReplicaEvent;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.value.StoreId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PartitionMapTest {
    @Test
    void halvesEachRangeWhenItDoubles() {
        var map = new PartitionMap(2, List.of(new Position(7), new Position(9)));
        assertThat(map.doubled())
                .isEqualTo(new PartitionMap(
                        3, List.of(new Position(7), new Position(7), new Position(9), new Position(9))));
    }

    @Seeds
    void findsEveryObjectInTheHalfOfItsFormerPartition(long seed) {
        var random = new SplittableRandom(seed);
        var map = PartitionMap.single();
        while (map.generation() < PartitionMap.LAST_GENERATION) {
            var next = map.doubled();
            for (var i = 0; i < 50; i++) {
                var token = "t" + random.nextLong(1L << 40);
                var number = next.partitionOf(token);
                assertThat(number / 2).isEqualTo(map.partitionOf(token));
                assertThat(HashRange.of(next.generation(), number).holds(token)).isTrue();
                assertThat(HashRange.of(next.generation(), number ^ 1).holds(token))
                        .isFalse();
            }
            map = next;
        }
    }

    @Test
    void switchesToNoOtherGenerationThanTheNext() {
        assertThatThrownBy(() -> PartitionMap.single().switchedTo(3, 4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> PartitionMap.single().switchedTo(2, 4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCatalogSwitchesWithoutAVersion() {
        var bench = CatalogBench.made();
        bench.write(item("tea", set(NAME, text("Tea"))));
        var before = bench.standing();
        var after = (Catalog.Made)
                CatalogDecider.evolve(before, Round.of(new CatalogEvent.Repartitioned(Samples.NOON, 2, 2)));
        assertThat(after.head()).isEqualTo(before.head());
        assertThat(after.chain()).isEqualTo(before.chain());
        assertThat(after.position()).isEqualTo(before.position().next());
        assertThat(after.partitions()).isEqualTo(new PartitionMap(2, List.of(before.position(), before.position())));
    }

    @Test
    void aReplicaSwitchesByItself() {
        var enrolled =
                ReplicaRound.of(new ReplicaEvent.Enrolled(Samples.NOON, new StoreId("store-1"), Samples.HISTORY, 1));
        var switched = ReplicaRound.of(new ReplicaEvent.Repartitioned(Samples.NOON, 2, 2));
        var replica =
                ReplicaDecider.evolve(ReplicaDecider.evolve(Replica.unenrolled(Samples.DEMO), enrolled), switched);
        assertThat(((Replica.Following) replica).partitions())
                .isEqualTo(PartitionMap.single().doubled());
        assertThat(replica.position()).isEqualTo(new Position(2));
    }
}
