package dev.storemesh.http.route;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Percent-encoding (RFC 3986, section 2.1) of UTF-8, read strictly: nothing is repaired or replaced.
final class PercentCoding {
    private PercentCoding() {}

    /// The decoded segments of an absolute path; `/a//b` has an empty one, and `%2F` stays inside its segment.
    static List<String> segments(String path) {
        var segments = new ArrayList<String>();
        for (var segment : path.substring(1).split("/", -1)) {
            segments.add(decode(segment, false));
        }
        return segments;
    }

    /// The parameters of a query string, where `+` is a space. Throws for one that is given twice.
    static Map<String, String> query(String query) {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1), true)) != null) {
                throw new IllegalArgumentException("parameter `" + name + "` is given twice");
            }
        }
        return parameters;
    }

    private static String decode(String text, boolean plusIsSpace) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(octet(text, i));
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes.write(' ');
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return utf8(bytes.toByteArray(), text);
    }

    private static int octet(String text, int percent) {
        if (percent + 2 >= text.length()
                || !HexFormat.isHexDigit(text.charAt(percent + 1))
                || !HexFormat.isHexDigit(text.charAt(percent + 2))) {
            throw new IllegalArgumentException(
                    "`" + text + "` is not percent-encoded (expected: two hex digits after %)");
        }
        return HexFormat.fromHexDigits(text, percent + 1, percent + 3);
    }

    private static String utf8(byte[] bytes, String text) {
        try {
            var decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // What was not UTF-8 may have been replaced before it came here.
            if (decoded.indexOf('\uFFFD') < 0 && decoded.indexOf('\0') < 0) {
                return decoded;
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("`" + text + "` is not percent-encoded UTF-8", e);
        }
        throw new IllegalArgumentException("`" + text + "` is not percent-encoded UTF-8 text");
    }
}
