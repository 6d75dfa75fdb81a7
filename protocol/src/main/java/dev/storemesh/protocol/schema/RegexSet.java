package dev.storemesh.protocol.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;
import java.util.Set;

/// Sets of characters that have a short name, with the meaning of ECMAScript, as the inside of a class of RE2/J.
final class RegexSet {
    /// What `.` does not match.
    static final String LINE_TERMINATORS = "\\n\\r\\x{2028}\\x{2029}";

    private static final String DIGIT = "0-9";
    private static final String NO_DIGIT = "\\x{0}-/:-\\x{10ffff}";
    private static final String WORD = "0-9A-Z_a-z";
    private static final String NO_WORD = "\\x{0}-/:-@\\[-\\^`\\{-\\x{10ffff}";
    /// White space and line terminators of ECMAScript: ASCII's, Unicode's (Zs), and the byte order mark.
    private static final String SPACE = "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}"
            + "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
    private static final String NO_SPACE = "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}"
            + "\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"
            + "\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";
    /// Not `C`: to ECMAScript it holds what is not assigned, to RE2 it does not.
    private static final Set<String> CATEGORIES = Set.of(
            "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
            "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs");

    private RegexSet() {}

    /// The set that the letter after a backslash names: `d`, `D`, `s` …
    static Optional<String> ofLetter(int letter) {
        return switch (letter) {
            case 'd' -> Optional.of(DIGIT);
            case 'D' -> Optional.of(NO_DIGIT);
            case 's' -> Optional.of(SPACE);
            case 'S' -> Optional.of(NO_SPACE);
            case 'w' -> Optional.of(WORD);
            case 'W' -> Optional.of(NO_WORD);
            default -> Optional.empty();
        };
    }

    /// The set of a Unicode property: a general category (`Lu`), or a script (`Script=Greek`).
    static Optional<String> ofProperty(boolean negated, String property) {
        var letter = negated ? "\\P{" : "\\p{";
        if (CATEGORIES.contains(property)) {
            return Optional.of(letter + property + "}");
        }
        return script(property)
                .filter(name -> name.matches("[A-Z][A-Za-z_]{2,}") && !name.equals("Any"))
                .map(name -> letter + name + "}")
                .filter(RegexSet::isKnown);
    }

    private static Optional<String> script(String property) {
        return property.startsWith("Script=")
                ? Optional.of(property.substring("Script=".length()))
                : Optional.of(property).filter(p -> p.startsWith("sc=")).map(p -> p.substring("sc=".length()));
    }

    private static boolean isKnown(String set) {
        try {
            Pattern.compile(set);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
