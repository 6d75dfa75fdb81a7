package dev.storemesh.protocol.fuzz;

import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// JSON is refused as malformed, or comes back as it was from both of our writers.
public final class JsonFuzz {
    private JsonFuzz() {}

    static List<byte[]> seeds() {
        return FuzzSeeds.texts(
                "{\"a\":[1,-2.5e3,true,false,null,\"\\u00e9\\ud83d\\ude00\\n\"],\"b\":{\"\":{}}}",
                "[9007199254740991,1e308,5e-324,-0,-0.0,0.10,12345678901234567890]",
                "\"\uD83D\uDE00\"",
                " { } ",
                "[[[[[[[[]]]]]]]]");
    }

    public static void fuzzerInitialize() {
        FuzzSeeds.write(seeds(), JsonFuzz::fuzzerTestOneInput);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            var node = Json.parse(input);
            var canonical = CanonicalJson.text(node);
            same(canonical, CanonicalJson.text(Json.parse(CanonicalJson.bytes(node))));
            same(canonical, CanonicalJson.text(Json.parse(Json.bytes(node))));
            same(canonical, CanonicalJson.text(Json.parse(node.toString()))); // as answers are written
            fields(Fields.of(Json.object().set("a", node)));
        } catch (MalformedInput e) {
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(String.valueOf(e.getMessage()))
                    || String.valueOf(e.getMessage()).length() > 1_000) {
                throw new AssertionError("unfit for an answer: " + e.getMessage(), e);
            }
            if (!e.code().equals("malformed_json")) {
                throw new AssertionError(e.code(), e);
            }
        }
    }

    private static void fields(Fields fields) {
        for (var read : List.<Runnable>of(
                () -> fields.optionalNumber("a"),
                () -> fields.optionalText("a"),
                () -> fields.flag("a", true),
                () -> fields.list("a", (element, pointer) -> element))) {
            try {
                read.run();
            } catch (MalformedInput e) {
                same("invalid_value", e.code());
            }
        }
        fields.end();
    }

    private static void same(String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(actual + " (expected: " + expected + ")");
        }
    }
}
