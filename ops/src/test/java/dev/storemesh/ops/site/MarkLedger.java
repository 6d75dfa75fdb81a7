package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What HQ's log says of the marks that stores asked for: each is recorded once, in the order in which its store
/// acknowledged it, and takes effect once, in that order on each item.
final class MarkLedger {
    private static final Pattern MARK = Pattern.compile("s([0-9]+)-([0-9]{6})");

    private final Map<Integer, Integer> recorded = new HashMap<>(); // how many, by store
    private final Map<Integer, BitSet> effective = new HashMap<>();
    private final Map<String, Integer> last = new HashMap<>(); // that took effect, by store and item
    private long version;

    /// The version up to which the log was read.
    long version() {
        return version;
    }

    /// Reads the next entry of the log.
    void read(JsonNode entry) {
        if (entry.path("version").asLong() != version + 1) {
            throw new AssertionError("version " + entry.path("version") + " came after " + version);
        }
        version++;
        for (var change : entry.path("changes")) {
            var object = change.path("object").asText();
            var isRequest = change.path("type").asText().equals("sys.change_request");
            for (var row : change.path("set")) {
                switch (row.path("attribute").asText()) {
                    case "sys.change_request.operations" ->
                        record(row.path("value").asText());
                    case "com.acme.mark" -> apply(object, row.path("value").asText());
                    default -> {}
                }
            }
            if (isRequest && change.path("deleted").asBoolean()) {
                throw new AssertionError("a change request was deleted by version " + version);
            }
        }
    }

    private void record(String operations) {
        var mark = MARK.matcher(operations);
        if (!mark.find()) {
            throw new AssertionError("a request without a mark: " + operations);
        }
        var store = Integer.parseInt(mark.group(1));
        var number = Integer.parseInt(mark.group(2));
        var expected = recorded.getOrDefault(store, 0);
        if (number != expected) {
            throw new AssertionError("store " + store + ": mark " + number + " was recorded by version " + version
                    + " (expected: " + expected + ")");
        }
        recorded.put(store, number + 1);
    }

    private void apply(String item, String value) {
        var mark = MARK.matcher(value);
        if (!mark.matches()) {
            return; // HQ's own
        }
        var store = Integer.parseInt(mark.group(1));
        var number = Integer.parseInt(mark.group(2));
        var seen = effective.computeIfAbsent(store, unused -> new BitSet());
        if (seen.get(number)) {
            throw new AssertionError(value + " took effect twice, again by version " + version);
        }
        seen.set(number);
        var before = last.put(store + " " + item, number);
        if (before != null && before > number) {
            throw new AssertionError(value + " took effect on " + item + " after mark " + before + " of its store");
        }
    }

    /// Holds it against what the stores acknowledged.
    void check(List<MarkingStore> stores) {
        for (var i = 0; i < stores.size(); i++) {
            var store = i + 1;
            var acknowledged = stores.get(i).marks();
            if (recorded.getOrDefault(store, 0) != acknowledged) {
                throw new AssertionError("store " + store + " acknowledged " + acknowledged + " marks, HQ recorded "
                        + recorded.getOrDefault(store, 0));
            }
            var effects = effective.getOrDefault(store, new BitSet());
            if (effects.cardinality() != acknowledged) {
                throw new AssertionError("store " + store + " acknowledged " + acknowledged + " marks, of which "
                        + effects.cardinality() + " took effect; the first that did not is "
                        + effects.nextClearBit(0));
            }
        }
    }
}
