package dev.storemesh.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FoldedTest {
    @ParameterizedTest
    @CsvSource({
        "Green TEA, green tea",
        "CRÈME BRÛLÉE, creme brulee",
        "Ｃｒｅｍｅ, creme",
        "Straße, strasse",
        "ΟΔΟΣ, οδοσ",
        "ὀδός, οδοσ",
        "İstanbul, istanbul",
        "ﬁne, fine",
        "½, 1⁄2",
        "Ёлка, елка",
        "ガ, カ",
        "abc-1_2, abc-1_2",
    })
    void knowsNeitherCaseNorAccents(String text, String folded) {
        assertThat(Folded.of(text)).isEqualTo(folded);
    }

    @Test
    void givesWhatIsFoldedBackAsItIs() {
        var text = "green tea 330ml";
        assertThat(Folded.of(text)).isSameAs(text);
    }

    @Test
    void foldsEachCodePointOnceAndForAll() {
        IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(point -> point < 0xD800 || point > 0xDFFF)
                .mapToObj(Character::toString)
                .filter(text -> !Folded.of(Folded.of(text)).equals(Folded.of(text)))
                .forEach(text -> assertThat(Folded.of(Folded.of(text)))
                        .as("U+%x", text.codePointAt(0))
                        .isEqualTo(Folded.of(text)));
    }

    private static final String LETTERS = "aAbB zZ09-ßẞéÉe\u0301\u0300ςΣσİıﬁＡａ½ガ한\uD835\uDC00中";

    private static String random(SplittableRandom random) {
        var points = LETTERS.codePoints().toArray();
        return IntStream.range(0, random.nextInt(7))
                .mapToObj(i -> Character.toString(points[random.nextInt(points.length)]))
                .collect(Collectors.joining());
    }

    @Seeds
    void comparesAndSearchesAsTheFoldedTextsDo(long seed) {
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 300; i++) {
            var left = random(random);
            var right = random(random);
            var order = Folded.of(left).compareTo(Folded.of(right));
            assertThat(Integer.signum(Folded.compareFolded(left, right)))
                    .as("%s %s", left, right)
                    .isEqualTo(Integer.signum(order));
            assertThat(Integer.signum(Folded.compare(left, right)))
                    .isEqualTo(Integer.signum(order != 0 ? order : left.compareTo(right)));
            assertThat(Folded.equals(left, Folded.of(right))).isEqualTo(order == 0);
            assertThat(Folded.startsWith(left, Folded.of(right)))
                    .as("%s %s", left, right)
                    .isEqualTo(Folded.of(left).startsWith(Folded.of(right)));
            assertThat(Folded.of(left + right)).isEqualTo(Folded.of(left) + Folded.of(right));
        }
    }

    @Test
    void takesRunsOfLettersAndDigitsForWords() {
        assertThat(Folded.words("coca-cola 0,33l (zero)")).containsExactly("coca", "cola", "0", "33l", "zero");
        assertThat(Folded.words("")).isEmpty();
        assertThat(Folded.words(" -- ")).isEmpty();
        assertThat(Folded.words("中文 \uD835\uDC00x")).containsExactly("中文", "\uD835\uDC00x");
    }

    @Seeds
    void hasExactlyItsWords(long seed) {
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 300; i++) {
            var text = Folded.of(random(random) + random(random));
            var word = Folded.of(random(random));
            if (Folded.words(word).size() == 1) {
                var one = Folded.words(word).getFirst();
                assertThat(Folded.hasWord(text, one))
                        .as("%s in %s", one, text)
                        .isEqualTo(Folded.words(text).contains(one));
            }
        }
    }
}
