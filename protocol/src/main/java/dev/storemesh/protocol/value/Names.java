package dev.storemesh.protocol.value;

import dev.storemesh.protocol.json.Texts;

/// The characters that names are made of; hand-written loops, since every request passes here many times.
final class Names {
    static final int TOKEN_LENGTH = 64;
    static final int DOTTED_LENGTH = 128;

    private Names() {}

    /// `[A-Za-z0-9._~-]{1,64}`: what stands unescaped in a URL (RFC 3986, "unreserved").
    static String unreserved(String what, String text) {
        if (!isUnreserved(text)) {
            throw new IllegalArgumentException(
                    what + ": " + shown(text) + " (expected: 1 to " + TOKEN_LENGTH + " of A-Z a-z 0-9 . _ ~ -)");
        }
        return text;
    }

    static boolean isUnreserved(String text) {
        var fits = !text.isEmpty() && text.length() <= TOKEN_LENGTH;
        for (var i = 0; fits && i < text.length(); i++) {
            var c = text.charAt(i);
            fits = isLetterOrDigit(c) || c == '.' || c == '_' || c == '~' || c == '-';
        }
        return fits;
    }

    /// Two or more parts `[a-z][A-Za-z0-9_]*` joined by dots, as Java packages are.
    static String dotted(String what, String text) {
        var parts = 1;
        var fits = !text.isEmpty() && text.length() <= DOTTED_LENGTH;
        var first = true;
        for (var i = 0; fits && i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '.') {
                fits = !first;
                first = true;
                parts++;
            } else {
                fits = first ? c >= 'a' && c <= 'z' : isLetterOrDigit(c) || c == '_';
                first = false;
            }
        }
        if (!fits || first || parts < 2) {
            throw new IllegalArgumentException(
                    what + ": " + shown(text) + " (expected: dotted names such as retail.item.price)");
        }
        return text;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    static String shown(String text) {
        return "\"" + Texts.shortened(text, 80) + "\"";
    }
}
