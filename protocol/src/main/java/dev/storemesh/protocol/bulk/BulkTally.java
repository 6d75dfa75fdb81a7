package dev.storemesh.protocol.bulk;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.catalog.Effects;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.schema.ViolationJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Counts what becomes of the lines of an import, and keeps the first of those that are refused. Used by one thread
/// at a time.
public final class BulkTally {
    /// How many refused lines are told.
    public static final int TOLD = 10_000;

    private static final long TOLD_BYTES = 8L << 20;

    private final List<RefusedLine> told = new ArrayList<>();
    private long toldBytes;
    private long lines;
    private long created;
    private long changed;
    private long unchanged;
    private long deleted;
    private long refused;

    /// So many more lines were read.
    public void read(long more) {
        lines += more;
    }

    /// A step took so many lines.
    public void staged(long taken, Effects effects) {
        created += effects.created();
        changed += effects.changed();
        unchanged += taken - effects.created() - effects.changed();
        deleted += effects.deleted();
    }

    public void refuse(RefusedLine line) {
        refused++;
        if (told.size() < TOLD && toldBytes < TOLD_BYTES) {
            told.add(line);
            toldBytes += line.weight();
        }
    }

    public boolean hasRefused() {
        return refused > 0;
    }

    public BulkCounts counts() {
        return new BulkCounts(lines, created, changed, unchanged, deleted, refused);
    }

    /// The refused lines that are told, in the order of the file; deletions last.
    public ArrayNode refusedLines() {
        var array = JsonNodeFactory.instance.arrayNode();
        told.stream()
                .sorted(Comparator.comparing(line -> line.number().orElse(Long.MAX_VALUE)))
                .forEach(line -> array.add(write(line)));
        return array;
    }

    private static ObjectNode write(RefusedLine line) {
        var json = Json.object();
        line.number().ifPresent(number -> json.put("line", number));
        json.put("object", line.object()).put("code", line.code()).put("message", line.message());
        if (!line.violations().isEmpty()) {
            var violations = json.putArray("violations");
            line.violations().forEach(violation -> violations.add(ViolationJson.write(violation)));
        }
        return json;
    }
}
