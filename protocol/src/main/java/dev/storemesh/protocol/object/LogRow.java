package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Optional;

/// A journal row as partitions see it, the same at HQ and at a store: the versions it holds, and what was answered
/// to those that carried an idempotency key.
public record LogRow(Position position, List<Step> steps) {
    /// One version.
    public record Step(LogEntry entry, Optional<Remembered> answer) {
        /// What of it lies in a range; empty: nothing. The end of a transaction concerns every range.
        private Optional<Step> within(HashRange range) {
            var own = entry.changes().stream()
                    .filter(change -> range.holds(change.object().text()))
                    .toList();
            var key = answer.filter(known -> IdempotencyKey.of(entry.provenance())
                    .filter(mine -> range.holds(mine.text()))
                    .isPresent());
            return own.isEmpty() && key.isEmpty() && !(entry.part() instanceof LogEntry.Part.End)
                    ? Optional.empty()
                    : Optional.of(new Step(entry.with(own), key));
        }
    }

    public LogRow {
        steps = List.copyOf(steps);
    }

    /// What of it concerns the partition that owns a range.
    LogRow within(HashRange range) {
        return range.isWhole()
                ? this
                : new LogRow(
                        position,
                        steps.stream()
                                .flatMap(step -> step.within(range).stream())
                                .toList());
    }

    public List<LogEntry> entries() {
        return steps.stream().map(Step::entry).toList();
    }

    /// About how many bytes the row takes in memory and on disk: for deciding when to checkpoint, not for accounts.
    public long weight() {
        return steps.stream().mapToLong(step -> Weight.of(step.entry())).sum();
    }
}
