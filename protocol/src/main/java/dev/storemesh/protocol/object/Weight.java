package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.value.Value;

/// Rough sizes in bytes.
final class Weight {
    private static final int ROW = 40;
    private static final int ENTRY = 120;

    private Weight() {}

    static long of(LogEntry entry) {
        return ENTRY
                + entry.changes().stream()
                        .mapToLong(change -> ROW
                                + change.set().stream()
                                        .mapToLong(attribute -> of(attribute.value()))
                                        .sum()
                                + change.ended().stream()
                                        .mapToLong(row -> of(row.attribute().value()))
                                        .sum())
                        .sum();
    }

    static long of(VersionedObject object) {
        return ROW
                + object.live().stream()
                        .mapToLong(row -> of(row.attribute().value()))
                        .sum()
                + object.ended().stream()
                        .mapToLong(end -> of(end.row().attribute().value()))
                        .sum();
    }

    private static long of(Value value) {
        return value instanceof Value.Text(var text) ? ROW + text.length() : ROW;
    }
}
