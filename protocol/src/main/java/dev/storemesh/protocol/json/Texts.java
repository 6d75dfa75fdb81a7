package dev.storemesh.protocol.json;

/// Which characters a text may hold: no NUL (databases and C programs end there) and no lone surrogates (no
/// UTF-8 for them).
public final class Texts {
    private Texts() {}

    /// At most `length` characters of what came in, so that an error stays one line. Never half of a surrogate
    /// pair: error messages go into JSON, too. A half that was there before becomes U+FFFD.
    public static String shortened(String text, int length) {
        if (text.length() <= length) {
            return whole(text);
        }
        return whole(text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length)) + "…";
    }

    private static String whole(String text) {
        var whole = new StringBuilder(text);
        for (var i = 0; i < whole.length(); i++) {
            if (isPair(whole, i)) {
                i++;
            } else if (Character.isSurrogate(whole.charAt(i))) {
                whole.setCharAt(i, '\uFFFD');
            }
        }
        return whole.toString();
    }

    private static boolean isPair(CharSequence text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    /// Refuses a text that holds what none may.
    ///
    /// @throws MalformedInput if it does
    public static void check(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == 0) {
                throw new MalformedInput("malformed_json", "", "A text holds the character NUL.");
            }
            if (isPair(text, i)) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new MalformedInput("malformed_json", "", "A text holds half of a surrogate pair.");
            }
        }
    }
}
