package dev.storemesh.protocol.schema;

import java.util.Optional;

/// Reads what stands for one character: a literal, an escape, or a class, and writes it as RE2/J wants it.
final class RegexCharacters {
    private static final String SYNTAX = "\\.*+?()[]{}|^$/";

    private final RegexCursor cursor;
    private final StringBuilder out;

    RegexCharacters(RegexCursor cursor, StringBuilder out) {
        this.cursor = cursor;
        this.out = out;
    }

    /// Reads one that is not special; `.` and `[` are.
    void single() {
        if (cursor.take(".")) {
            out.append("[^").append(RegexSet.LINE_TERMINATORS).append(']');
        } else if (cursor.isAt("[")) {
            set();
        } else {
            var at = cursor.at();
            var member = cursor.isAt("\\") ? escape("") : literal(cursor.take(), at);
            out.append(member.isSet() ? "[" + member.text() + "]" : member.text());
        }
    }

    private Member literal(int codePoint, int at) {
        if (codePoint == ']' || codePoint == '{' || codePoint == '}') {
            throw new RegexFault(at, "a bare " + Character.toString(codePoint) + " (expected: with a \\ before it)");
        }
        return Member.of(codePoint);
    }

    private void set() {
        var opened = cursor.at();
        cursor.take("[");
        out.append(cursor.take("^") ? "[^" : "[");
        if (cursor.isAt("]")) {
            throw new RegexFault(opened, "a class with nothing in it");
        }
        while (!cursor.take("]")) {
            if (cursor.isAtEnd()) {
                throw new RegexFault(opened, "a class that does not end");
            }
            members();
        }
        out.append(']');
    }

    /// One member of a class, or a range of them.
    private void members() {
        var at = cursor.at();
        var first = member();
        out.append(first.text());
        if (!cursor.isAt("-") || cursor.isAt("-]")) {
            return;
        }
        cursor.take("-");
        if (cursor.isAtEnd()) {
            return; // whoever asked says that the class does not end
        }
        var last = member();
        if (first.isSet() || last.isSet() || first.codePoint() > last.codePoint()) {
            throw new RegexFault(at, "a range that is none");
        }
        out.append('-').append(last.text());
    }

    private Member member() {
        if (cursor.isAt("[:")) {
            throw new RegexFault(cursor.at(), "a class of POSIX");
        }
        return cursor.isAt("\\") ? escape("-") : Member.of(cursor.take());
    }

    /// @param more what may be escaped here beside the characters of the syntax
    private Member escape(String more) {
        var at = cursor.at();
        cursor.take("\\");
        if (cursor.isAtEnd()) {
            throw new RegexFault(at, "a \\ with nothing after it");
        }
        var letter = cursor.take();
        var set = RegexSet.ofLetter(letter);
        if (set.isPresent()) {
            return Member.ofSet(set.get());
        }
        return switch (letter) {
            case 't' -> Member.of('\t');
            case 'n' -> Member.of('\n');
            case 'r' -> Member.of('\r');
            case 'f' -> Member.of('\f');
            case 'v' -> Member.of(0x0B);
            case 'u' -> Member.of(unicode(at));
            case 'p', 'P' -> Member.ofSet(property(letter == 'P', at));
            default -> {
                if (SYNTAX.indexOf(letter) < 0 && more.indexOf(letter) < 0) {
                    throw new RegexFault(at, "the escape \\" + Character.toString(letter));
                }
                yield Member.of(letter);
            }
        };
    }

    /// Four hexadecimal digits; two such escapes may make a pair of surrogates.
    private int unicode(int at) {
        var unit = cursor.hex4();
        if (unit >= 0 && Character.isHighSurrogate((char) unit) && cursor.take("\\u")) {
            var second = cursor.hex4();
            if (second >= 0 && Character.isLowSurrogate((char) second)) {
                return Character.toCodePoint((char) unit, (char) second);
            }
        }
        if (unit < 0 || Character.isSurrogate((char) unit)) {
            throw new RegexFault(at, "a \\u that is no character (expected: four hexadecimal digits)");
        }
        return unit;
    }

    private String property(boolean negated, int at) {
        return (cursor.take("{") ? RegexSet.ofProperty(negated, cursor.until('}')) : Optional.<String>empty())
                .orElseThrow(() -> new RegexFault(
                        at, "an unknown property (expected: a general category as \\p{Lu}, or \\p{Script=Greek})"));
    }

    /// One character, or the inside of a class.
    private record Member(int codePoint, String text) {
        static Member of(int codePoint) {
            var plain = codePoint < 128 && Character.isLetterOrDigit(codePoint);
            return new Member(
                    codePoint, plain ? Character.toString(codePoint) : "\\x{" + Integer.toHexString(codePoint) + "}");
        }

        static Member ofSet(String text) {
            return new Member(-1, text);
        }

        boolean isSet() {
            return codePoint < 0;
        }
    }
}
