package dev.storemesh.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.Seeds;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexesTest {
    @Nested
    class Matching {
        @ParameterizedTest
        @CsvSource(
                delimiter = ' ',
                quoteCharacter = '"',
                value = {
                    "abc abc",
                    "a|ab ab",
                    "(?:a|b)c bc",
                    "a{2,3} aaa",
                    "a{2} aa",
                    "a{2,} aaaa",
                    "a{0} \"\"",
                    "a+?b aab",
                    "[a-c]+ abc",
                    "[^a-c] d",
                    "[-a] -",
                    "[a-] -",
                    "[a\\-z] -",
                    "\\d{3}-\\d{4} 555-1234",
                    "\\w+ a_Z9",
                    "\\W -",
                    "\\S x",
                    "\\D x",
                    "[\\s\\S] x",
                    "[\\d.]+ 1.5",
                    "\\p{Lu}\\p{Ll}+ Äpfel",
                    "\\P{L} 1",
                    "\\p{Script=Greek}+ αβγ",
                    "\\p{sc=Han} 漢",
                    "[\\p{L}\\d]+ ä1",
                    "\\u0041 A",
                    "\\uD83D\\uDE00 😀",
                    ". 😀",
                    "[😀-😂] 😁",
                    "\\^\\$\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\\\\\/ ^$.*+?()[]{}|\\/",
                    "^a$ a",
                    "((a)) a",
                    "(?:(a)b)c abc",
                    "\"\" \"\"",
                    "a||b \"\"",
                    "() \"\"",
                    "[[] [",
                    "[.*] *"
                })
        void findsTheWholeValue(String regex, String text) {
            assertThat(Regexes.fault(regex)).isEmpty();
            assertThat(Regexes.matches(regex, text)).isTrue();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ' ',
                quoteCharacter = '"',
                value = {
                    "abc abcd",
                    "abc xabc",
                    "a|b ab",
                    "a{2,3} aaaa",
                    "a{2} a",
                    "a{2} aaa",
                    "a{2,} a",
                    "[a-c] d",
                    "[^a-c] b",
                    "\\w é",
                    "\\d ٣",
                    "\\S \u00a0",
                    "\\D 1",
                    "\\W _",
                    "[\\W] a",
                    "[^\\s] \u3000",
                    "\\p{Lu} a",
                    "\\P{L} a",
                    "^a$ aa",
                    "a A"
                })
        void leavesOthersOut(String regex, String text) {
            assertThat(Regexes.matches(regex, text)).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r", "\u2028", "\u2029"})
        void takesNoLineTerminatorForADot(String terminator) {
            assertThat(Regexes.matches(".", terminator)).isFalse();
            assertThat(Regexes.matches("[^a]", terminator)).isTrue();
            assertThat(Regexes.matches("a$", "a" + terminator)).isFalse();
            assertThat(Regexes.matches("\\s", terminator)).isTrue();
        }

        @Test
        void hasTheControlCharactersOfEcmaScript() {
            assertThat(Regexes.matches("\\t\\n\\r\\f\\v", "\t\n\r\f\u000b")).isTrue();
            assertThat(Regexes.matches("\\s+", "\t\n\u000b\f\r \u00a0\u1680\u2003\u202f\u205f\u3000\ufeff"))
                    .isTrue();
            assertThat(Regexes.matches("\\S", "\u0085")).isTrue();
        }

        @Test
        void doesNotRunWhatIsTooLong() {
            var size = Regexes.programSize("a*");
            var affordable = Math.toIntExact(Regexes.MAX_WORK / size);
            assertThat(Regexes.matches("a*", "a".repeat(affordable))).isTrue();
            assertThat(Regexes.matches("a*", "a".repeat(affordable + 1))).isFalse();
            assertThat(Regexes.matches("ä*", "ä".repeat(affordable / 2))).isTrue();
            assertThat(Regexes.matches("ä*", "ä".repeat(affordable / 2 + 1))).isFalse();
        }

        @Test
        void givesTheSameAnswerWhenAskedAgainAfterManyOthers() {
            for (var round = 0; round < 2; round++) {
                for (var i = 0; i < 300; i++) {
                    assertThat(Regexes.matches("a{" + i + "}", "a".repeat(i))).isTrue();
                }
            }
        }

        @Seeds(50)
        void agreesWithJavaWhereBothMeanTheSame(long seed) {
            var random = new SplittableRandom(seed);
            for (var i = 0; i < 50; i++) {
                var regex = expression(random, 0);
                assertThat(Regexes.fault(regex)).as(regex).isEmpty();
                for (var j = 0; j < 10; j++) {
                    var text = text(random);
                    assertThat(Regexes.matches(regex, text))
                            .as("%s on %s", regex, text)
                            .isEqualTo(Pattern.matches(regex, text));
                }
            }
        }

        private static String expression(SplittableRandom random, int depth) {
            var text = new StringBuilder();
            for (var i = random.nextInt(1, 4); i > 0; i--) {
                text.append(atom(random, depth))
                        .append(pick(random, "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"));
            }
            return text.toString();
        }

        private static String atom(SplittableRandom random, int depth) {
            if (depth < 3 && random.nextInt(3) == 0) {
                var open = random.nextBoolean() ? "(" : "(?:";
                return open + expression(random, depth + 1) + (random.nextBoolean() ? "|" : "") + text(random) + ")";
            }
            return pick(random, "a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "[a-c1]", "\\W", "\\.");
        }

        private static String pick(SplittableRandom random, String... of) {
            return of[random.nextInt(of.length)];
        }

        private static String text(SplittableRandom random) {
            var text = new StringBuilder();
            for (var i = random.nextInt(5); i > 0; i--) {
                text.append(pick(random, "a", "b", "c", "1", "-"));
            }
            return text.toString();
        }
    }

    @Nested
    class Refusing {
        @ParameterizedTest
        @CsvSource(
                delimiter = ' ',
                quoteCharacter = '"',
                value = {
                    "x(?=a) 1",
                    "(?!a) 0",
                    "(?<=a)b 0",
                    "(?<!a)b 0",
                    "(?<n>a) 0",
                    "(?P<n>a) 0",
                    "(?i)a 0",
                    "(?i:a) 0",
                    "a(?#c) 1",
                    "(a)\\1 3",
                    "\\k<n> 0",
                    "a\\b 1",
                    "\\B 0",
                    "\\Aa 0",
                    "a\\z 1",
                    "a\\Z 1",
                    "\\Qa\\E 0",
                    "\\C 0",
                    "\\x41 0",
                    "\\u{41} 0",
                    "\\u00g1 0",
                    "\\u004 0",
                    "\\uD83D 0",
                    "\\uDE00 0",
                    "\\uD83D\\u0041 0",
                    "\\0 0",
                    "\\cA 0",
                    "\\a 0",
                    "\\- 0",
                    "\\, 0",
                    "a\\ 1",
                    "[[:alpha:]] 1",
                    "[a[:digit:]] 2",
                    "[] 0",
                    "[^] 0",
                    "[a 0",
                    "[a- 0",
                    "x[z-a] 2",
                    "[a-\\d] 1",
                    "[\\d-z] 1",
                    "[\\b] 1",
                    "a** 2",
                    "a*+ 2",
                    "a++ 2",
                    "a?+ 2",
                    "a{2}{3} 4",
                    "a{2}+ 4",
                    "a*?? 3",
                    "* 0",
                    "a|* 2",
                    "(*) 1",
                    "{2} 0",
                    "^* 1",
                    "a${2} 2",
                    "a{ 1",
                    "a{} 1",
                    "a{,2} 1",
                    "a{2 1",
                    "a{2,x} 1",
                    "a{3,2} 1",
                    "a{1001} 1",
                    "a{0,1001} 1",
                    "a{99999999999} 1",
                    "a{1001,} 1",
                    "} 0",
                    "a] 1",
                    "(a 0",
                    "a) 1",
                    "((a) 0",
                    "\\p{Any} 0",
                    "\\p{X} 0",
                    "\\p{Script=Nobody} 0",
                    "\\p{Script=L} 0",
                    "\\p{Greek} 0",
                    "\\p{C} 0",
                    "\\pL 0",
                    "\\p{L 0",
                    "\\p{^L} 0",
                    "\\p{Letter} 0",
                    "\\p{Script=^Greek} 0",
                    "\\p{} 0"
                })
        void namesThePlace(String regex, int at) {
            assertThat(Regexes.fault(regex)).map(Regexes.Fault::at).hasValue(at);
            assertThatThrownBy(() -> Regexes.matches(regex, "a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at " + at + " ");
        }

        @Test
        void countsCodeUnits() {
            assertThat(Regexes.fault("😀\\b")).map(Regexes.Fault::at).hasValue(2);
            assertThat(Regexes.fault("a\uD83D")).map(Regexes.Fault::at).hasValue(1);
        }

        @Test
        void boundsTheDepth() {
            assertThat(Regexes.fault("(".repeat(100) + "a" + ")".repeat(100))).isEmpty();
            assertThat(Regexes.fault("(".repeat(101) + "a" + ")".repeat(101)))
                    .map(Regexes.Fault::at)
                    .hasValue(100);
            assertThat(Regexes.fault("(".repeat(100_000)))
                    .map(Regexes.Fault::at)
                    .hasValue(100);
        }

        @Test
        void boundsTheProgramBeforeItIsMade() {
            assertThat(Regexes.fault("(?:a{1000}){4}")).isEmpty();
            assertThat(Regexes.fault("(?:(?:a{1000}){1000}){1000}"))
                    .map(Regexes.Fault::at)
                    .hasValue(14);
            assertThat(Regexes.fault("(?:a{1000}){6}")).map(Regexes.Fault::at).hasValue(11);
            assertThat(Regexes.fault("(?:a{1000}){3}(?:a{1000}){3}")).isPresent();
            assertThat(Regexes.fault("(?:a{1000}){3}|(?:a{1000}){3}")).isPresent();
            assertThat(Regexes.fault("(?:){1000}".repeat(200))).isPresent();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a{1000}",
                    "(?:a{30}){30}",
                    "(a|b|c)*d{2,500}",
                    "(?:a?){100}a{100}",
                    "[a-z]{0,999}",
                    "(?:a{10,}){10,}",
                    "(?:a*){5}",
                    "|||",
                    "(?:a|){3}",
                    "(?:){50}"
                })
        void neverTakesAProgramForSmallerThanItIs(String regex) {
            assertThat(RegexParser.translate(regex).size() + 2).isGreaterThanOrEqualTo(Regexes.programSize(regex));
        }
    }
}
