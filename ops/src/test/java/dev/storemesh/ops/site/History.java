package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// What a distrustful client remembers of one catalog's log. It takes each entry once, in order, and only when it
/// follows from all before: the next version, later in time, under a key that was never there, and with the chain
/// hash that we compute ourselves:
///
/// ```
/// chain(0) = SHA-256("storemesh chain 1\n" catalog "\n" history "\n")
/// chain(v) = SHA-256(chain(v-1) as 32 bytes, canonical JSON of the entry without "chain" and "void")
/// ```
final class History {
    private final String catalog;
    private final Map<String, Long> versions = new LinkedHashMap<>();
    private String lastKey = "";
    private String identity = "";
    private String chain = "";
    private Instant at = Instant.EPOCH;
    private long version;

    History(String catalog) {
        this.catalog = catalog;
    }

    /// The version that each idempotency key was written as.
    Map<String, Long> versions() {
        return versions;
    }

    String lastKey() {
        return lastKey;
    }

    long version() {
        return version;
    }

    String chain() {
        return chain;
    }

    /// Reads on from where we are to the newest version, telling the site what we hold.
    void follow(Caller caller) throws IOException, InterruptedException {
        while (true) {
            var ours = chain.isEmpty() ? "" : "&chain=" + chain;
            var page = caller.get("/catalogs/" + catalog + "/log?limit=1000&after=" + version + ours)
                    .expect(200)
                    .body();
            begin(page.path("history").asText());
            for (var entry : page.path("entries")) {
                take(entry);
            }
            if (version == page.path("version").asLong()) {
                return;
            }
            if (page.path("entries").isEmpty()) {
                throw new AssertionError(
                        "no entry after version " + version + " though " + page.path("version") + " is visible");
            }
        }
    }

    private void begin(String history) {
        if (identity.isEmpty()) {
            identity = history;
            chain = sha256(new byte[0], "storemesh chain 1\n" + catalog + "\n" + history + "\n");
        }
        require(identity.equals(history), "the log is of history " + history + " (expected: " + identity + ")");
    }

    private void take(JsonNode entry) {
        var next = entry.path("version").asLong();
        require(next > version, "version " + next + " after version " + version);
        var later = Instant.parse(entry.path("at").asText());
        require(later.isAfter(at), "version " + next + " at " + later + ", which is not after " + at);
        ObjectNode covered = entry.deepCopy();
        covered.remove("chain");
        covered.remove("void");
        var expected = sha256(HexFormat.of().parseHex(chain), canonical(covered));
        require(
                entry.path("chain").asText().equals(expected),
                "version " + next + " has chain " + entry.path("chain") + " (expected: " + expected + ")");
        if (entry.has("key")) {
            lastKey = entry.path("key").asText();
            var before = versions.put(lastKey, next);
            require(before == null, "key " + lastKey + " was written as version " + before + " and as " + next);
        }
        version = next;
        at = later;
        chain = expected;
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
                    + String.join(
                            ",", node.valueStream().map(History::canonical).toList())
                    + "]";
        }
        return node.isTextual() ? quoted(node.asText()) : node.asText();
    }

    private static String quoted(String text) {
        require(text.chars().allMatch(c -> c >= ' '), "a control character, which this reader does not know");
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

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
