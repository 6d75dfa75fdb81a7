package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LoadPart;
import dev.storemesh.protocol.object.LogRow;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One row of a replica's journal. Its position is the row's sequence number.
public record ReplicaRound(List<ReplicaEvent> events) {
    public ReplicaRound {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("round: empty (expected: an event)");
        }
    }

    public static ReplicaRound of(ReplicaEvent... events) {
        return new ReplicaRound(List.of(events));
    }

    /// The row as partitions see it.
    public LogRow row(Position position) {
        return new LogRow(
                position,
                entries().stream()
                        .map(entry -> new LogRow.Step(entry, Optional.empty()))
                        .toList(),
                events.stream()
                        .flatMap(event -> event instanceof ReplicaEvent.RequestQueued queued
                                ? queued.own().stream()
                                : Stream.empty())
                        .toList(),
                events.stream()
                        .flatMap(event ->
                                event instanceof ReplicaEvent.OwnDecided own ? own.decided().stream() : Stream.empty())
                        .toList(),
                load());
    }

    /// What it brings of a copy of HQ's state.
    private Optional<LoadPart> load() {
        var pages = events.stream()
                .flatMap(event -> event instanceof ReplicaEvent.PageLoaded page ? Stream.of(page) : Stream.empty())
                .toList();
        return pages.isEmpty()
                ? Optional.empty()
                : Optional.of(new LoadPart(
                        events.stream().anyMatch(ReplicaEvent.LoadBegun.class::isInstance),
                        pages.stream().flatMap(page -> page.objects().stream()).toList(),
                        events.stream()
                                .flatMap(event -> event instanceof ReplicaEvent.Loaded loaded
                                        ? Stream.of(loaded.version())
                                        : Stream.empty())
                                .findFirst()));
    }

    /// HQ's versions in it.
    public List<LogEntry> entries() {
        return events.stream()
                .flatMap(event ->
                        event instanceof ReplicaEvent.Followed followed ? followed.entries().stream() : Stream.empty())
                .toList();
    }
}
