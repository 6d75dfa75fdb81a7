package dev.storemesh.ops.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The log of a catalog as HQ tells it in the end, with every chain hash computed anew.
public record CatalogLog(String catalog, List<Entry> entries) {
    /// The attribute that all writes are about.
    public static final String VALUE = "retail.item.note";

    public CatalogLog {
        entries = List.copyOf(entries);
    }

    /// What an entry is of its version: all of it, one step, or the end of a transaction.
    public enum Part {
        WHOLE,
        STEP,
        COMMIT,
        VOID
    }

    /// A row of it.
    ///
    /// @param step from 1; 0 where the part is no step
    public record Entry(long version, Part part, int step, Optional<String> key, Changes changes, String chain) {}

    /// Reads entries as `GET …/log` gives them.
    ///
    /// @throws AssertionError if the chain breaks
    public static CatalogLog read(String catalog, String history, List<JsonNode> entries) {
        var read = new ArrayList<Entry>();
        var settled = Chains.first(catalog, history); // at the end of a version
        var running = settled; // in the middle of one, too
        for (var entry : entries) {
            var part = part(entry);
            running = Chains.next(part == Part.VOID ? settled : running, entry);
            if (!entry.path("chain").asText().equals(running)) {
                throw new AssertionError(catalog + ": the chain breaks at " + entry + " (expected: " + running + ")");
            }
            settled = part == Part.STEP ? settled : running;
            read.add(new Entry(
                    entry.path("version").asLong(),
                    part,
                    entry.path("step").asInt(),
                    Optional.ofNullable(entry.get("key")).map(JsonNode::asText),
                    changes(entry),
                    running));
        }
        return new CatalogLog(catalog, read);
    }

    private static Part part(JsonNode entry) {
        if (entry.path("void").asBoolean()) {
            return Part.VOID;
        }
        return entry.has("step") ? Part.STEP : entry.has("steps") ? Part.COMMIT : Part.WHOLE;
    }

    private static Changes changes(JsonNode entry) {
        var set = new TreeMap<String, String>();
        var deleted = new TreeSet<String>();
        for (var change : entry.path("changes")) {
            var object = change.path("object").asText();
            if (change.path("deleted").asBoolean()) {
                deleted.add(object);
            }
            for (var row : change.path("set")) {
                if (row.path("attribute").asText().equals(VALUE)) {
                    set.put(object, row.path("value").asText());
                }
            }
        }
        return new Changes(set, deleted);
    }
}
