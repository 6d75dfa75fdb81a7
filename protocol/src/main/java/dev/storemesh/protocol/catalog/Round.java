package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogEvent.Created;
import dev.storemesh.protocol.catalog.CatalogEvent.HistoryBegun;
import dev.storemesh.protocol.catalog.CatalogEvent.Opened;
import dev.storemesh.protocol.catalog.CatalogEvent.Repartitioned;
import dev.storemesh.protocol.catalog.CatalogEvent.StepAccepted;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionEnded;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionOpened;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Optional;
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
        return new LogRow(position, steps().toList());
    }

    /// The log entries in it: versions, steps, and ends of transactions.
    public List<LogEntry> entries() {
        return steps().map(LogRow.Step::entry).toList();
    }

    /// Whether a transaction ended in it.
    public boolean endsTransaction() {
        return events.stream().anyMatch(TransactionEnded.class::isInstance);
    }

    private Stream<LogRow.Step> steps() {
        return events.stream().flatMap(event -> step(event).stream());
    }

    static Optional<LogRow.Step> step(CatalogEvent event) {
        return switch (event) {
            case WriteAccepted(var entry, var names, var digest) ->
                Optional.of(step(entry, new Remembered(entry.version(), digest, names)));
            case StepAccepted(var entry, var names, var digest) ->
                Optional.of(step(
                        entry,
                        new Remembered(
                                entry.version(), digest, names, entry.place().steps())));
            case TransactionEnded(var entry, var how) -> Optional.of(new LogRow.Step(entry, Optional.empty()));
            case Opened opened -> Optional.empty();
            case Created created -> Optional.empty();
            case HistoryBegun begun -> Optional.empty();
            case Repartitioned repartitioned -> Optional.empty();
            case TransactionOpened opened -> Optional.empty();
        };
    }

    private static LogRow.Step step(LogEntry entry, Remembered answer) {
        return new LogRow.Step(entry, entry.provenance().key().map(key -> answer));
    }
}
