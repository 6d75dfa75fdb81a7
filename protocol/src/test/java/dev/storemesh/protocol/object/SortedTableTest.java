package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

class SortedTableTest {
    @Seeds(5)
    void isATreeMapInWhateverOrderItIsFilled(long seed) {
        var random = new SplittableRandom(seed);
        check(i -> random.nextInt(4_000), random);
        check(i -> i, random);
        check(i -> -i, random);
        check(i -> i % 2 == 0 ? i : 10_000 - i, random);
    }

    private static void check(IntUnaryOperator key, SplittableRandom random) {
        var table = new SortedTable<Integer, String>(Comparator.naturalOrder());
        var tree = new TreeMap<Integer, String>();
        for (var i = 0; i < 3_000; i++) {
            var next = key.applyAsInt(i);
            if (random.nextBoolean()) {
                table.put(next, "put " + i);
                tree.put(next, "put " + i);
            } else {
                table.merge(next, "m" + i, (held, one) -> held + one);
                tree.merge(next, "m" + i, (held, one) -> held + one);
            }
            if (i < 20 || i % 500 == 0) {
                same(table, tree, random.nextInt(-100, 10_100));
            }
        }
        for (var i = 0; i < 100; i++) {
            same(table, tree, random.nextInt(-100, 10_100));
        }
    }

    private static void same(SortedTable<Integer, String> table, NavigableMap<Integer, String> tree, int key) {
        assertThat(table.size()).isEqualTo(tree.size());
        assertThat(table.find(key).map(Object::toString).orElse("none")).isEqualTo(tree.getOrDefault(key, "none"));
        assertThat(table.valuesAfter(key).size())
                .isEqualTo(tree.tailMap(key, false).size());
        assertThat(firstOf(table.entriesFrom(key)))
                .isEqualTo(firstOf(tree.tailMap(key, true).entrySet()));
        if (key % 50 == 0) {
            assertThat(table.values()).containsExactlyElementsOf(tree.values());
            assertThat(table.valuesAfter(key))
                    .containsExactlyElementsOf(tree.tailMap(key, false).values());
            assertThat(table.entriesFrom(key))
                    .containsExactlyElementsOf(tree.tailMap(key, true).entrySet());
            assertThat(table.entries()).containsExactlyElementsOf(tree.entrySet());
            var seen = new TreeMap<Integer, String>();
            table.forEach(seen::put);
            assertThat(seen).isEqualTo(tree);
        }
    }

    private static String firstOf(Iterable<Map.Entry<Integer, String>> entries) {
        var iterator = entries.iterator();
        return iterator.hasNext() ? iterator.next().toString() : "none";
    }
}
