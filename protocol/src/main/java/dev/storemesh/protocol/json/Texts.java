package dev.storemesh.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;

/// Which characters a text may hold: no NUL (databases and C programs end there) and no lone surrogates (no UTF-8 for
/// them).
public final class Texts {
    private Texts() {}

    /// At most `length` characters of what came in, so that an error stays one line. Never half of a surrogate pair:
    /// error messages go into JSON, too.
    public static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length) + "…";
    }

    /// The depth of `node` is bounded by the parser, so the recursion is, too.
    static void check(JsonNode node) {
        if (node.isTextual()) {
            check(node.textValue());
        } else if (node.isObject()) {
            node.fieldNames().forEachRemaining(Texts::check);
            node.forEach(Texts::check);
        } else if (node.isArray()) {
            node.forEach(Texts::check);
        }
    }

    private static void check(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == 0) {
                throw new MalformedInput("malformed_json", "", "A text holds the character NUL.");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new MalformedInput("malformed_json", "", "A text holds half of a surrogate pair.");
            }
        }
    }
}
