package dev.storemesh.protocol.schema;

/// Where reading a regular expression has come to.
final class RegexCursor {
    private final String text;
    private int at;

    RegexCursor(String text) {
        this.text = text;
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    boolean isAt(String expected) {
        return text.startsWith(expected, at);
    }

    /// Passes over `expected`, if it is what comes next.
    boolean take(String expected) {
        if (!isAt(expected)) {
            return false;
        }
        at += expected.length();
        return true;
    }

    /// Passes over the next code point.
    int take() {
        var codePoint = text.codePointAt(at);
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            throw new RegexFault(at, "half of a surrogate pair");
        }
        at += Character.charCount(codePoint);
        return codePoint;
    }

    /// Passes over decimal digits; -1 if there are none. What is beyond `max` comes out as `max + 1`.
    int number(int max) {
        var from = at;
        var number = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = Math.min(number * 10 + (text.charAt(at++) - '0'), max + 1);
        }
        return at == from ? -1 : number;
    }

    /// Passes over four hexadecimal digits; -1, and no step, if there are none.
    int hex4() {
        var unit = 0;
        for (var i = at; i < at + 4; i++) {
            var digit = i < text.length() && text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        at += 4;
        return unit;
    }

    /// Passes over what stands before the next `end`, and over that; empty if there is none.
    String until(char end) {
        var stop = text.indexOf(end, at);
        if (stop < 0) {
            return "";
        }
        var between = text.substring(at, stop);
        at = stop + 1;
        return between;
    }
}
