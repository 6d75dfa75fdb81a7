package dev.storemesh.protocol.value;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Text as searches see it: without regard to case, accents and ways to write the same letter. `Crème BRÛLÉE`,
/// `creme brulee` and `ＣＲＥＭＥ brulee` fold to the same text.
///
/// Unicode compatibility decomposition (NFKD, UAX #15), marks removed (general category M), full case folding.
/// Each code point folds alone, so that a prefix of the text folds to a prefix of the folded text; what is ASCII
/// costs no more than a look.
public final class Folded {
    private static final int MARKS =
            1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK | 1 << Character.ENCLOSING_MARK;

    private Folded() {}

    /// The folded text; the same instance where the text is folded already, in ASCII.
    public static String of(String text) {
        var upper = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                return folded(text);
            }
            upper |= isUpper(c);
        }
        return upper ? text.toLowerCase(Locale.ROOT) : text;
    }

    /// Lower case knows that ẞ is ß, and only upper case that ß is SS; it may bring marks to light, so both follow
    /// again.
    private static String folded(String text) {
        return lower(bare(lower(bare(text)).toUpperCase(Locale.ROOT)));
    }

    private static String bare(String text) {
        var decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
        var bare = new StringBuilder(decomposed.length());
        decomposed
                .codePoints()
                .filter(point -> (MARKS >> Character.getType(point) & 1) == 0)
                .forEach(bare::appendCodePoint);
        return bare.toString();
    }

    /// Code point by code point: a whole string's lower case knows a sigma that ends a word, and we do not.
    private static String lower(String text) {
        var lower = new StringBuilder(text.length());
        text.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
        return lower.toString();
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static char lower(char ascii) {
        return isUpper(ascii) ? (char) (ascii + ('a' - 'A')) : ascii;
    }

    /// Whether `text` folds to `folded`.
    public static boolean equals(String text, String folded) {
        return compareFolded(text, folded) == 0;
    }

    /// Whether `text` folds to something that begins with `folded`.
    public static boolean startsWith(String text, String folded) {
        for (var i = 0; i < text.length() && i < folded.length(); i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                return of(text).startsWith(folded);
            }
            if (lower(c) != folded.charAt(i)) {
                return false;
            }
        }
        return text.length() >= folded.length();
    }

    /// By folded text in order of UTF-16 code units, then as written: a total order that agrees with `equals`.
    public static int compare(String left, String right) {
        var order = compareFolded(left, right);
        return order != 0 ? order : left.compareTo(right);
    }

    /// By folded text only.
    public static int compareFolded(String left, String right) {
        var shorter = Math.min(left.length(), right.length());
        for (var i = 0; i < shorter; i++) {
            var l = left.charAt(i);
            var r = right.charAt(i);
            if (l >= 0x80 || r >= 0x80) {
                return of(left.substring(i)).compareTo(of(right.substring(i)));
            }
            if (l != r && lower(l) != lower(r)) {
                return lower(l) - lower(r);
            }
        }
        return left.length() == right.length()
                ? 0
                : of(left.substring(shorter)).compareTo(of(right.substring(shorter)));
    }

    /// The words of a folded text, in order: its longest runs of letters and digits (Unicode).
    public static List<String> words(String folded) {
        var words = new ArrayList<String>();
        var start = -1;
        for (var i = 0; i < folded.length(); ) {
            var point = folded.codePointAt(i);
            if (!Character.isLetterOrDigit(point)) {
                if (start >= 0) {
                    words.add(folded.substring(start, i));
                }
                start = -1;
            } else if (start < 0) {
                start = i;
            }
            i += Character.charCount(point);
        }
        if (start >= 0) {
            words.add(folded.substring(start));
        }
        return words;
    }

    /// Whether this is one of the words of a folded text.
    public static boolean hasWord(String folded, String word) {
        for (var at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
            var end = at + word.length();
            var begins = at == 0 || !Character.isLetterOrDigit(folded.codePointBefore(at));
            if (begins && (end == folded.length() || !Character.isLetterOrDigit(folded.codePointAt(end)))) {
                return true;
            }
        }
        return false;
    }

    /// What searches by value compare: a string's folded text, any other value as it is.
    public static Value key(Value value) {
        if (!(value instanceof Value.Text(var text))) {
            return value;
        }
        var folded = of(text);
        return folded.equals(text) ? value : new Value.Text(folded);
    }
}
