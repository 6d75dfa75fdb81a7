package dev.storemesh.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// Bodies that somebody sends to break a server, by name. No endpoint may take any of them.
public final class HostileJson {
    private static final int MANY = 1_000_000;
    private static final int DEEP = 100_000;
    private static final String HALF = "\\ud800"; // of a surrogate pair, escaped

    private HostileJson() {}

    /// What is not JSON as we take it.
    public static Map<String, byte[]> malformed() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("arrays 100,000 deep", utf8("[".repeat(DEEP) + "]".repeat(DEEP)));
        all.put("arrays 100,000 deep, never closed", utf8("[".repeat(DEEP)));
        all.put("arrays 100,000 deep in a field", utf8("{\"operations\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}"));
        all.put("objects 100,000 deep", utf8("{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP)));
        all.put("both 100,000 deep", utf8("[{\"a\":".repeat(DEEP / 2) + "1" + "}]".repeat(DEEP / 2)));
        all.put("closed more than opened", utf8("]".repeat(DEEP)));
        all.put("a key twice", utf8("{\"reason\":\"a\",\"reason\":\"b\"}"));
        all.put("a key twice, once escaped", utf8("{\"reason\":\"a\",\"\\u0072eason\":\"b\"}"));
        all.put("10^6 keys, all the same", utf8("{" + "\"a\":1,".repeat(MANY) + "\"a\":1}"));
        all.put("10^6 keys, and the first again", utf8("{" + keys() + ",\"k0\":1}"));
        all.put("a key of 49,999 spaces twice", twice(" ".repeat(49_999)));
        all.put("a key of 49,999 brackets twice", twice("(start marker at [".repeat(2_777)));
        all.put("half a surrogate pair as a key twice", twice(HALF));
        all.put("a key of 10^6 characters", utf8("{\"" + "k".repeat(MANY) + "\":1}"));
        all.put("a number of 10^6 digits", utf8("{\"version\":" + "9".repeat(MANY) + "}"));
        all.put("a fraction of 10^6 digits", utf8("{\"version\":0." + "9".repeat(MANY) + "}"));
        all.put("an exponent of 10^6 digits", utf8("{\"version\":1e" + "9".repeat(MANY) + "}"));
        all.put("10^6 minus signs", utf8("{\"version\":" + "-".repeat(MANY) + "1}"));
        for (var number : new String[] {"1e999999", "-1e999999", "1e-999999", "1e2147483647", "12e-2147483647"}) {
            all.put("the number " + number, utf8("{\"version\":" + number + "}"));
            all.put("nothing but " + number, utf8(number));
        }
        all.put("an exponent past 2^31", utf8("{\"version\":1e99999999999}"));
        all.put("an exponent below -2^31", utf8("{\"version\":1e-99999999999}"));
        for (var number : new String[] {"01", "-01", "00", "+1", ".5", "1.", "-", "1e", "0x10", "1_000", "1e+", "١"}) {
            all.put("the number " + number, utf8("{\"version\":" + number + "}"));
        }
        for (var word : new String[] {"NaN", "Infinity", "-Infinity", "-NaN", "INF", "nul", "True", "undefined"}) {
            all.put("the word " + word, utf8("{\"version\":" + word + "}"));
        }
        for (var half : new String[] {HALF, "\\udc00", "\\udc00\\ud800", "\\ud800x", "x\\udbff", "\\ud83d\\ud83d"}) {
            all.put("half a surrogate pair, escaped: " + half, utf8("{\"reason\":\"" + half + "\"}"));
            all.put("half a surrogate pair as a key: " + half, utf8("{\"" + half + "\":1}"));
        }
        all.put("half a surrogate pair, raw", text(0xED, 0xA0, 0x80));
        all.put("a surrogate pair as six bytes", text(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80));
        all.put("an overlong NUL", text(0xC0, 0x80));
        all.put("an overlong slash", text(0xC0, 0xAF));
        all.put("an overlong slash of three bytes", text(0xE0, 0x80, 0xAF));
        all.put("an overlong quote of four bytes", text(0xF0, 0x80, 0x80, 0xA2));
        all.put("beyond U+10FFFF", text(0xF4, 0x90, 0x80, 0x80));
        all.put("five bytes", text(0xF8, 0x88, 0x80, 0x80, 0x80));
        all.put("a byte that never occurs", text(0xFF));
        all.put("a continuation alone", text(0x80));
        all.put("a character cut off", text(0xE2, 0x82));
        all.put("a key that is not UTF-8", join(utf8("{\""), bytes(0xC3), utf8("\":1}")));
        all.put("cut off inside a character", join(utf8("{\"reason\":\""), bytes(0xF0, 0x9F)));
        all.put("ISO 8859-1", text(0xE9));
        all.put("UTF-16 with its mark", "\uFEFF{}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE));
        all.put("UTF-16 without a mark", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE));
        all.put("UTF-32", "{}".getBytes(java.nio.charset.Charset.forName("UTF-32BE")));
        all.put("NUL, escaped", utf8("{\"reason\":\"\\u0000\"}"));
        all.put("NUL in a key", utf8("{\"\\u0000\":1}"));
        all.put("NUL, raw", text(0));
        all.put("NUL between", utf8("{\"reason\":\0\"a\"}"));
        all.put("NUL after", utf8("{}\0"));
        all.put("nothing but NUL", new byte[MANY]);
        all.put("a byte order mark", utf8("\uFEFF{}"));
        all.put("a byte order mark inside", utf8("{\uFEFF}"));
        all.put("control characters", utf8("{\"reason\":\"a\tb\nc\"}"));
        all.put("an escape that is none", utf8("{\"reason\":\"\\x41\"}"));
        all.put("an escape that ends", utf8("{\"reason\":\"\\u12"));
        all.put("garbage after", utf8("{} garbage"));
        all.put("another value after", utf8("{}{}"));
        all.put("a bracket after", utf8("{}]"));
        all.put("a comma after", utf8("{},"));
        all.put("10^6 values", utf8("{} ".repeat(MANY)));
        all.put("a comma too many", utf8("{\"a\":1,}"));
        all.put("single quotes", utf8("{'a':1}"));
        all.put("no quotes", utf8("{a:1}"));
        all.put("a comment", utf8("{/* */}"));
        all.put("a comment of a line", utf8("// no\n{}"));
        all.put("a comment of a shell", utf8("# no\n{}"));
        all.put("XML", utf8("<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"));
        all.put("10^6 spaces", utf8(" ".repeat(MANY)));
        all.put("10^6 spaces and a bracket", utf8(" ".repeat(MANY) + "("));
        all.put("never closed", utf8("{\"reason\":\"" + "a".repeat(MANY)));
        all.put("10^6 quotes", utf8("\"".repeat(MANY)));
        all.put("10^6 backslashes", utf8("\"" + "\\".repeat(MANY + 1)));
        return all;
    }

    /// What is JSON, and still nothing that anybody asked for.
    public static Map<String, byte[]> unwanted() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("10^6 keys", utf8("{" + keys() + "}"));
        all.put("10^6 keys inside", utf8("{\"x\":{" + keys() + "}}"));
        all.put("10^6 empty objects", utf8("[" + "{},".repeat(MANY) + "{}]"));
        all.put("64 deep", utf8("[".repeat(64) + "]".repeat(64)));
        all.put("keys with one hash code", utf8(sameHash()));
        all.put("a long unknown key", utf8("{\"" + "~/".repeat(24_999) + "\":1}"));
        all.put("an unknown key of control characters", utf8("{\"" + "\\u0001".repeat(49_999) + "\":1}"));
        all.put("an unknown key of emoji", utf8("{\"" + "\uD83D\uDE00".repeat(20_000) + "\":1}"));
        for (var value : new String[] {"-0", "-0.0", "9".repeat(40), "null", "true", "\"\"", "[]", "[null]", "[{}]"}) {
            all.put("nothing but " + value, utf8(value));
            all.put("an unknown field of " + value, utf8("{\"__proto__\":" + value + "}"));
        }
        return all;
    }

    /// Values, as JSON text, that no field of any request may have.
    public static Map<String, String> unwantedValues() {
        Map<String, String> all = new LinkedHashMap<>();
        for (var value : new String[] {
            "1e308",
            "-1e308",
            "1e-308",
            "9".repeat(40),
            "-" + "9".repeat(39),
            "9223372036854775808",
            "-9223372036854775809",
            "0.5",
            "null",
            "[null]",
            "[[]]",
            "{\"\":null}"
        }) {
            all.put(value, value);
        }
        all.put("64 deep", "[".repeat(63) + "]".repeat(63));
        return all;
    }

    private static String keys() {
        var keys = new StringBuilder("\"k0\":0");
        for (var i = 1; i < MANY; i++) {
            keys.append(",\"k").append(i).append("\":0");
        }
        return keys.toString();
    }

    /// 2^14 keys that `String.hashCode` tells nothing of: "Aa" and "BB" have the same.
    private static String sameHash() {
        var object = new StringBuilder("{");
        for (var i = 0; i < 1 << 14; i++) {
            object.append(i == 0 ? "\"" : ",\"");
            for (var bit = 0; bit < 14; bit++) {
                object.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            object.append("\":0");
        }
        return object.append('}').toString();
    }

    private static byte[] twice(String key) {
        return utf8("{\"" + key + "\":1,\"" + key + "\":2}");
    }

    /// A body whose reason is these bytes.
    private static byte[] text(int... raw) {
        return join(utf8("{\"reason\":\""), bytes(raw), utf8("\"}"));
    }

    private static byte[] bytes(int... raw) {
        var bytes = new byte[raw.length];
        for (var i = 0; i < raw.length; i++) {
            bytes[i] = (byte) raw[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
