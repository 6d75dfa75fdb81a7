package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Optional;

/// A journal row as partitions see it, the same at HQ and at a store: the versions it holds, and what was answered
/// to those that carried an idempotency key.
public record LogRow(Position position, List<Step> steps) {
    /// One version.
    public record Step(LogEntry entry, Optional<Remembered> answer) {}

    public LogRow {
        steps = List.copyOf(steps);
    }

    public List<LogEntry> entries() {
        return steps.stream().map(Step::entry).toList();
    }

    /// About how many bytes the row takes in memory and on disk: for deciding when to checkpoint, not for accounts.
    public long weight() {
        return steps.stream().mapToLong(step -> Weight.of(step.entry())).sum();
    }
}
