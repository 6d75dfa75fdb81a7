package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.history.Chains;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a distrustful client remembers of one catalog's log. It takes each entry once, in order, and only when it
/// follows from all before: the next version, later in time, under a key that was never there, and with the chain
/// hash that we compute ourselves ([Chains]).
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
            chain = Chains.first(catalog, history);
        }
        require(identity.equals(history), "the log is of history " + history + " (expected: " + identity + ")");
    }

    private void take(JsonNode entry) {
        var next = entry.path("version").asLong();
        require(next > version, "version " + next + " after version " + version);
        var later = Instant.parse(entry.path("at").asText());
        require(later.isAfter(at), "version " + next + " at " + later + ", which is not after " + at);
        var expected = Chains.next(chain, entry);
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

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
