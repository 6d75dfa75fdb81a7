package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.LogEntry;
import java.util.List;

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

    /// HQ's versions in it.
    public List<LogEntry> entries() {
        return events.stream()
                .flatMap(event -> event instanceof ReplicaEvent.Followed followed
                        ? followed.entries().stream()
                        : java.util.stream.Stream.empty())
                .toList();
    }
}
