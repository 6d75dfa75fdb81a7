package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private static final String TEXT = "one\n\n  \t\r\ntwo\r\nthrée\nlast";

    private static List<String> texts(List<LineSplitter.Line> lines) {
        return lines.stream()
                .map(line -> line.number() + ":" + new String(line.utf8(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void cutsAtLineFeedsAndPassesOverBlankLines() {
        assertThat(texts(Lines.cut(TEXT))).containsExactly("1:one", "4:two\r", "5:thrée", "6:last");
        assertThat(Lines.cut("")).isEmpty();
        assertThat(texts(Lines.cut("a\n"))).containsExactly("1:a");
    }

    @Seeds(50)
    void itIsTheSameHoweverTheBytesCome(long seed) {
        var random = new SplittableRandom(seed);
        var bytes = TEXT.repeat(20).getBytes(StandardCharsets.UTF_8);
        var splitter = new LineSplitter(1_000, 100_000);
        var lines = new ArrayList<LineSplitter.Line>();
        for (var from = 0; from < bytes.length; ) {
            var to = Math.min(bytes.length, from + random.nextInt(1, 9));
            lines.addAll(splitter.take(Arrays.copyOfRange(bytes, from, to)));
            from = to;
        }
        lines.addAll(splitter.end());
        assertThat(texts(lines)).isEqualTo(texts(Lines.cut(TEXT.repeat(20))));
    }

    @Test
    void aLineHasABoundEvenBeforeItEnds() {
        var splitter = new LineSplitter(10, 1_000);
        splitter.take("1234567890\n123456789".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> splitter.take("01".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LineSplitter.TooLarge.class)
                .hasMessageStartingWith("Line 2");
    }

    @Test
    void allTogetherHaveABound() {
        var splitter = new LineSplitter(10, 20);
        for (var i = 0; i < 4; i++) {
            splitter.take("1234\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> splitter.take("1".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        LineSplitter.TooLarge.class,
                        large -> assertThat(large.limit()).isEqualTo(20));
    }
}
