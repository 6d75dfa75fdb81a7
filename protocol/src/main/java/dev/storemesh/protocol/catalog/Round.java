package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.stream.Stream;

/// One row of the journal: all that one round decided, in order. Its position is the row's sequence number.
public record Round(List<CatalogEvent> events) {
    public Round {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("round: empty (expected: an event)");
        }
    }

    public static Round of(CatalogEvent... events) {
        return new Round(List.of(events));
    }

    /// The row as partitions see it.
    public LogRow row(Position position) {
        return new LogRow(
                position,
                accepted()
                        .map(accepted -> new LogRow.Step(
                                accepted.entry(),
                                accepted.entry()
                                        .provenance()
                                        .key()
                                        .map(key -> new Remembered(
                                                accepted.entry().version(), accepted.digest(), accepted.names()))))
                        .toList());
    }

    /// The versions in it.
    public List<LogEntry> entries() {
        return accepted().map(CatalogEvent.WriteAccepted::entry).toList();
    }

    /// The accepted writes in it.
    public Stream<CatalogEvent.WriteAccepted> accepted() {
        return events.stream()
                .flatMap(event ->
                        event instanceof CatalogEvent.WriteAccepted accepted ? Stream.of(accepted) : Stream.empty());
    }
}
