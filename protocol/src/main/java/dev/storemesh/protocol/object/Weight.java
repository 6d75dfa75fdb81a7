package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.value.Value;

/// Rough sizes in bytes.
final class Weight {
    private static final int ROW = 40;
    private static final int ENTRY = 120;

    private Weight() {}

    static long of(LogEntry entry) {
        var all = (long) ENTRY;
        for (var change : entry.changes()) {
            all += ROW;
            for (var attribute : change.set()) {
                all += of(attribute.value());
            }
            for (var row : change.ended()) {
                all += of(row.attribute().value());
            }
        }
        return all;
    }

    static long of(VersionedObject object) {
        var all = (long) ROW;
        for (var row : object.live()) {
            all += of(row.attribute().value());
        }
        for (var end : object.ended()) {
            all += of(end.row().attribute().value());
        }
        return all;
    }

    static long of(LoadedObject object) {
        var all = (long) ROW;
        for (var row : object.rows()) {
            all += of(row.attribute().value());
        }
        for (var end : object.ended()) {
            all += of(end.row().attribute().value());
        }
        return all;
    }

    static long of(LocalChange change) {
        return ENTRY
                + (long) ROW * change.edits().size()
                + change.edits().stream()
                        .mapToLong(edit -> edit instanceof LocalEdit.Sets sets ? of(sets.value()) : 0)
                        .sum();
    }

    static long of(LocalEnd end) {
        return (long) ROW * (1 + end.objects().size());
    }

    private static long of(Value value) {
        return value instanceof Value.Text(var text) ? ROW + text.length() : ROW;
    }
}
