package dev.storemesh.ops.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/// The chain hash as docs/architecture.md has it, computed by ourselves:
///
/// ```
/// chain(0) = SHA-256("storemesh chain 1\n" catalog "\n" history "\n")
/// chain(v) = SHA-256(chain(v-1) as 32 bytes, canonical JSON of the entry's fields of format 1)
/// ```
public final class Chains {
    private static final List<String> ENTRY =
            List.of("version", "at", "caller", "app", "store", "key", "reason", "changes");
    private static final List<String> CHANGE = List.of("object", "type", "deleted", "set", "ended");
    private static final List<String> ROW = List.of("attribute", "location", "value", "version");

    private Chains() {}

    public static String first(String catalog, String history) {
        return sha256(new byte[0], "storemesh chain 1\n" + catalog + "\n" + history + "\n");
    }

    public static String next(String before, JsonNode entry) {
        return sha256(HexFormat.of().parseHex(before), canonical(covered(entry)));
    }

    private static JsonNode covered(JsonNode entry) {
        var covered = only(entry, ENTRY);
        var changes = covered.putArray("changes");
        for (var change : entry.path("changes")) {
            var one = only(change, CHANGE);
            for (var side : List.of("set", "ended")) {
                var rows = one.putArray(side);
                change.path(side).forEach(row -> rows.add(only(row, ROW)));
            }
            changes.add(one);
        }
        return covered;
    }

    private static ObjectNode only(JsonNode node, List<String> names) {
        var some = JsonNodeFactory.instance.objectNode();
        names.stream().filter(node::has).forEach(name -> some.set(name, node.path(name)));
        return some;
    }

    /// RFC 8785 for what occurs here: whole numbers, and strings without control characters.
    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            var sorted = new TreeMap<String, String>(); // by UTF-16 code units, as the RFC has it
            node.properties().forEach(each -> sorted.put(each.getKey(), canonical(each.getValue())));
            var parts = sorted.entrySet().stream().map(each -> quoted(each.getKey()) + ":" + each.getValue());
            return "{" + String.join(",", parts.toList()) + "}";
        }
        if (node.isArray()) {
            return "["
                    + String.join(",", node.valueStream().map(Chains::canonical).toList()) + "]";
        }
        return node.isTextual() ? quoted(node.asText()) : node.asText();
    }

    private static String quoted(String text) {
        if (!text.chars().allMatch(c -> c >= ' ')) {
            throw new AssertionError("a control character, which this reader does not know");
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String sha256(byte[] first, String second) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(first);
            return HexFormat.of().formatHex(digest.digest(second.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
