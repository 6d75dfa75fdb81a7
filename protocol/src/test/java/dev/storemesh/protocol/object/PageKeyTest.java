package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageKeyTest {
    /// Published values of MurmurHash3 x86 32 with seed 0, one for each length of tail.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0",
                "a|3c2569b2",
                "test|ba6bd213",
                "!|72661cf4",
                "!C|a0f7b07a",
                "!Ce|7e4a8634",
                "abc|b3dd93fa",
                "hello|248bfa47",
                "hello, world|149bbb7f",
                "The quick brown fox jumps over the lazy dog|2e4ff723"
            })
    void hashesAsMurmur3Does(String text, String hex) {
        assertThat(PageKey.hash(text)).isEqualTo(Integer.parseUnsignedInt(hex, 16));
    }

    @Test
    void hashesUtf8() {
        assertThat(PageKey.hash("ééé")).isNotEqualTo(PageKey.hash("eee"));
    }

    /// Pages, page tokens and stores rely on it for ever.
    @Test
    void keepsThisOrder() {
        assertThat(Stream.of("a", "b", "tea", "coffee", "milk", "-", "01JD0000000000000000000000")
                        .map(ObjectToken::new)
                        .map(PageKey::of)
                        .sorted()
                        .map(key -> key.token().text()))
                .containsExactlyElementsOf(FIXED);
    }

    private static final List<String> FIXED =
            List.of("01JD0000000000000000000000", "a", "tea", "coffee", "b", "milk", "-");

    @Test
    void ordersHashesUnsignedAndThenByToken() {
        var low = new PageKey(0x7FFFFFFF, new ObjectToken("z"));
        var high = new PageKey(0x80000000, new ObjectToken("a"));
        assertThat(low).isLessThan(high);
        assertThat(new PageKey(-1, new ObjectToken("a"))).isGreaterThan(high);
        assertThat(new PageKey(7, new ObjectToken("a"))).isLessThan(new PageKey(7, new ObjectToken("b")));
    }

    @Seeds
    void partitionsAreRangesOfPageOrder(long seed) {
        var random = new SplittableRandom(seed);
        for (var count : List.of(1, 2, 3, 8, 64)) {
            var map = new PartitionMap(
                    1, java.util.Collections.nCopies(count, dev.storemesh.protocol.log.Position.START));
            var partitions = Stream.generate(() -> "t" + random.nextLong(1L << 40))
                    .limit(200)
                    .map(ObjectToken::new)
                    .map(PageKey::of)
                    .sorted()
                    .map(key -> map.partitionOf(key.token().text()))
                    .toList();
            assertThat(partitions).isSorted().allMatch(partition -> partition >= 0 && partition < count);
        }
    }
}
