package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What tells most values that nobody has without a search.
class ValueFilterTest {
    private static int hash(int number) {
        return String.valueOf(2_000_000_000_000L + number * 7L).hashCode(); // barcodes follow one another
    }

    @Test
    void letsThroughWhatWasAddedAndLittleElse() {
        var filter = new ValueFilter(20_000);
        IntStream.range(0, 20_000).map(ValueFilterTest::hash).forEach(filter::add);
        assertThat(IntStream.range(0, 20_000).map(ValueFilterTest::hash)).allMatch(filter::mayHold);
        var inVain = IntStream.range(20_000, 40_000)
                .map(ValueFilterTest::hash)
                .filter(filter::mayHold)
                .count();
        assertThat(inVain).isLessThan(600);
    }

    @Test
    void anIndexFindsEachValueHoweverManyThereAreAndHoweverItIsWritten() {
        var index = new ValueIndex();
        var keys = IntStream.range(0, 3_000)
                .mapToObj(number -> PageKey.of(new ObjectToken("item-" + number)))
                .toList();
        for (var number = 0; number < keys.size(); number++) {
            index.add(keys.get(number), new Value.Text("Crème " + number));
            index.add(keys.get(number), new Value.Decimal(new BigDecimal(number + ".50")));
        }
        for (var number = 0; number < keys.size(); number++) {
            var expected = List.of(keys.get(number));
            assertThat(index.holding(new Value.Text("CREME " + number)).inOrder())
                    .isEqualTo(expected);
            assertThat(index.holding(new Value.Decimal(new BigDecimal(number + ".5")))
                            .inOrder())
                    .isEqualTo(expected);
        }
        assertThat(index.holding(new Value.Text("creme 3000")).inOrder()).isEmpty();
    }
}
