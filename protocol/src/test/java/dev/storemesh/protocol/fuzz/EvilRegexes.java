package dev.storemesh.protocol.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Regular expressions made to cost time or memory, or to mean another thing to another engine.
public final class EvilRegexes {
    private static final List<String> ATOMS = List.of(
            "a",
            "[a-z]",
            ".",
            "\\d",
            "\\w",
            "\\s",
            "[^b]",
            "(?:a|b)",
            "(a)",
            "\\p{L}",
            "\\P{N}",
            "[\\p{Lu}\\d_-]",
            "\\u0061",
            "é",
            "[\\u{61}]",
            "(?:a|aa)",
            "[a-zA-Z0-9._%-]",
            "(?:)",
            "\uD83D\uDE00",
            "\\/");

    /// What backtracks exponentially, or nearly, in engines that do.
    private static final List<String> NESTED = List.of(
            "(X+)+$",
            "(X*)*$",
            "(X|X)*$",
            "(X|X?)+$",
            "(X|XX)+$",
            "(X+X+)+$",
            "X*X*X*X*X*X*X*!",
            "(?:X?){30}X{30}",
            "^(([X])+.)+[A-Z]([X])+$",
            "(X*)+b",
            "((X+)+)+$",
            "(?:(?:X*)*)*",
            "^(X?){1000}$",
            "(.*X){20}",
            "(X{0,9}){0,9}$");

    /// What the subset leaves out: it must be refused, and the place be named.
    private static final List<String> OUTSIDE = List.of(
            "(?=X)a",
            "(?!X)a",
            "(?<=X)a",
            "(?<!X)a",
            "(X)\\1",
            "(?<n>X)\\k<n>",
            "(?P<n>X)",
            "(?P=n)",
            "(?i)X",
            "(?i:X)",
            "(?s-i:X)",
            "X*+",
            "X++",
            "X?+",
            "X{2}+",
            "(?>X+)",
            "\\bX",
            "\\BX",
            "\\AX",
            "X\\z",
            "X\\Z",
            "\\QX\\E",
            "\\C",
            "[[:alpha:]]",
            "X{1001}",
            "X{0,5000}",
            "X{5,2}",
            "(X",
            "X)",
            "[X",
            "*X",
            "X**",
            "X{2}{3}",
            "\\x41",
            "\\07",
            "\\cA",
            "\\G",
            "\\R",
            "\\X",
            "\\h",
            "\\K",
            "(?#X)",
            "(?|X|b)",
            "(?R)",
            "(?1)",
            "\\p{Nope}",
            "\\p{",
            "\\u12",
            "\\ud800",
            "[z-a]",
            "[]",
            "X{,5}",
            "X{",
            "^*",
            "$+",
            "\\");

    private EvilRegexes() {}

    /// One of them; `mustBeRefused` says that it is outside the subset, whatever its cost.
    public record Evil(String regex, boolean mustBeRefused) {}

    public static List<Evil> some(int count, long seed) {
        var random = new SplittableRandom(seed);
        List<Function<SplittableRandom, Evil>> families = List.of(
                EvilRegexes::nested,
                EvilRegexes::nested,
                EvilRegexes::counted,
                EvilRegexes::deep,
                EvilRegexes::alternation,
                EvilRegexes::classes,
                EvilRegexes::outside,
                EvilRegexes::garbage);
        var all = new ArrayList<Evil>();
        while (all.size() < count) {
            all.add(families.get(all.size() % families.size()).apply(random));
        }
        return all;
    }

    private static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String filled(SplittableRandom random, String form) {
        var atom = one(random, ATOMS);
        while (form.contains("[X") && atom.length() != 1) {
            atom = one(random, ATOMS);
        }
        return form.replace("X", atom);
    }

    private static Evil nested(SplittableRandom random) {
        var regex = filled(random, one(random, NESTED));
        for (var more = random.nextInt(3); more > 0; more--) {
            regex = switch (random.nextInt(3)) {
                case 0 -> "(?:" + regex + ")" + one(random, List.of("*", "+", "?", "*?", "{3,}", "{1,7}"));
                case 1 -> regex + "|" + filled(random, one(random, NESTED));
                default -> filled(random, one(random, NESTED)) + regex;
            };
        }
        return new Evil(regex, false);
    }

    /// Counts of counts: 10^9 instructions in twenty characters.
    private static Evil counted(SplittableRandom random) {
        var regex = one(random, ATOMS);
        for (var level = 1 + random.nextInt(4); level > 0; level--) {
            var most = one(random, List.of(2, 10, 100, 999, 1000));
            regex = "(?:" + regex + ")"
                    + one(
                            random,
                            List.of("{" + most + "}", "{" + most + ",}", "{0," + most + "}", "{1," + most + "}?"));
        }
        return new Evil(regex, false);
    }

    private static Evil deep(SplittableRandom random) {
        var depth = one(random, List.of(10, 99, 100, 101, 1_000, 20_000));
        var open = one(random, List.of("(", "(?:", "(a|", "(?:a?"));
        var close = one(random, List.of(")", ")*", ")+", ")?", "){2}"));
        return new Evil(open.repeat(depth) + "a" + close.repeat(depth - random.nextInt(2)), false);
    }

    private static Evil alternation(SplittableRandom random) {
        var words = new StringBuilder("(?:a");
        for (var count = one(random, List.of(10, 100, 1_000, 5_000)); count > 0; count--) {
            words.append('|').append("a".repeat(random.nextInt(12))).append((char) ('a' + random.nextInt(26)));
        }
        return new Evil(words + ")" + one(random, List.of("", "*", "+$", "{5}", "{100}")), false);
    }

    private static Evil classes(SplittableRandom random) {
        var members = new StringBuilder();
        for (var count = 1 + random.nextInt(200); count > 0; count--) {
            members.append(one(
                    random,
                    List.of(
                            "\\p{L}",
                            "\\P{Lu}",
                            "\\p{Script=Han}",
                            "\\p{Script=Greek}",
                            "\\p{M}",
                            "\\w",
                            "\\W",
                            "\\S",
                            "a-z",
                            "\\u0000-\\uFFFF",
                            "\uD800\uDC00-\uDBFF\uDFFF",
                            "\\-",
                            "\\]",
                            "é",
                            "[")));
        }
        return new Evil(
                (random.nextBoolean() ? "[^" : "[") + members + "]" + one(random, List.of("", "*", "{100}", "{1000}")),
                false);
    }

    private static Evil outside(SplittableRandom random) {
        var before = one(random, List.of("", "a", "(?:b|c)", "\\d+", "\uD83D\uDE00"));
        return new Evil(before + filled(random, one(random, OUTSIDE)), true);
    }

    private static Evil garbage(SplittableRandom random) {
        var alphabet = "ab01(){}[]*+?|^$.\\-,:=!<>pPuxdwsSLN&~#\n\0\u00E9\u2028\uD83D\uDE00\uD800";
        var regex = new StringBuilder();
        for (var length = 1 + random.nextInt(60); length > 0; length--) {
            regex.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return new Evil(regex.toString(), false);
    }
}
