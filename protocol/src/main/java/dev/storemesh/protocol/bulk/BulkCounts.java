package dev.storemesh.protocol.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.LinkedHashMap;
import java.util.Map;

/// What an import did: `lines` that it had, objects `created` (or brought back), `changed`, `unchanged` and
/// `deleted`, and lines (and deletions) that were `refused`.
public record BulkCounts(long lines, long created, long changed, long unchanged, long deleted, long refused) {
    /// As the names of an answer that is remembered, which holds tokens: digits are one.
    public Map<String, ObjectToken> names() {
        var names = new LinkedHashMap<String, ObjectToken>();
        all().forEach((name, count) -> names.put(name, new ObjectToken(String.valueOf(count))));
        return names;
    }

    /// Reads what [#names] wrote; what is not there counts as 0.
    public static BulkCounts of(Map<String, ObjectToken> names) {
        return new BulkCounts(
                count(names, "lines"),
                count(names, "created"),
                count(names, "changed"),
                count(names, "unchanged"),
                count(names, "deleted"),
                count(names, "refused"));
    }

    private static long count(Map<String, ObjectToken> names, String name) {
        var token = names.get(name);
        return token == null ? 0 : Long.parseLong(token.text());
    }

    public void write(ObjectNode json) {
        all().forEach(json::put);
    }

    private Map<String, Long> all() {
        var all = new LinkedHashMap<String, Long>();
        all.put("lines", lines);
        all.put("created", created);
        all.put("changed", changed);
        all.put("unchanged", unchanged);
        all.put("deleted", deleted);
        all.put("refused", refused);
        return all;
    }
}
