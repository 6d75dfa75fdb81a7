package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A journal row as partitions see it, the same at HQ and at a store: the versions it holds, and what was answered
/// to those that carried an idempotency key. At a store, too: which of its own writes it begins to lay over them,
/// and which HQ has decided in these versions; or what it brings of another copy that the store takes over,
/// before these.
public record LogRow(
        Position position, List<Step> steps, List<LocalChange> begun, List<LocalEnd> ended, Optional<LoadPart> load) {
    /// One without writes of a store's own.
    public LogRow(Position position, List<Step> steps) {
        this(position, steps, List.of(), List.of(), Optional.empty());
    }

    /// One of a site that takes over no copy.
    public LogRow(Position position, List<Step> steps, List<LocalChange> begun, List<LocalEnd> ended) {
        this(position, steps, begun, ended, Optional.empty());
    }

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

        /// Gives each of several ranges what of it lies in there.
        private void divide(List<List<Step>> ranges) {
            var own = entry.changes().stream()
                    .collect(Collectors.groupingBy(
                            change -> numberOf(change.object().text(), ranges)));
            var keyed = answer.flatMap(known -> IdempotencyKey.of(entry.provenance()))
                    .map(key -> numberOf(key.text(), ranges));
            for (var number = 0; number < ranges.size(); number++) {
                var changes = own.getOrDefault(number, List.of());
                var key = keyed.equals(Optional.of(number)) ? answer : Optional.<Remembered>empty();
                if (!changes.isEmpty() || key.isPresent() || entry.part() instanceof LogEntry.Part.End) {
                    ranges.get(number).add(new Step(entry.with(changes), key));
                }
            }
        }

        private static int numberOf(String text, List<?> ranges) {
            return HashRange.numberOf(PageKey.hash(text), ranges.size());
        }
    }

    public LogRow {
        steps = List.copyOf(steps);
        begun = List.copyOf(begun);
        ended = List.copyOf(ended);
    }

    /// Whether there is nothing in it.
    public boolean isEmpty() {
        return steps.isEmpty() && begun.isEmpty() && ended.isEmpty() && load.isEmpty();
    }

    /// The objects that it lays something over, or nothing any more.
    Set<ObjectToken> overlaid() {
        return Stream.concat(
                        begun.stream().flatMap(change -> change.objects().stream()),
                        ended.stream().flatMap(end -> end.objects().stream()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What of it concerns the partition that owns a range.
    LogRow within(HashRange range) {
        return range.isWhole()
                ? this
                : new LogRow(
                        position,
                        steps.stream()
                                .flatMap(step -> step.within(range).stream())
                                .toList(),
                        begunIn(range),
                        endedIn(range),
                        load.flatMap(part -> part.within(range)));
    }

    private List<LocalChange> begunIn(HashRange range) {
        return begun.stream().flatMap(change -> change.within(range).stream()).toList();
    }

    private List<LocalEnd> endedIn(HashRange range) {
        return ended.stream().flatMap(end -> end.within(range).stream()).toList();
    }

    /// What of it concerns each of so many ranges, by their numbers, found in one pass.
    public List<LogRow> divided(int count) {
        if (count == 1) {
            return List.of(this);
        }
        var ranges = Stream.<List<Step>>generate(() -> new ArrayList<>(1))
                .limit(count)
                .toList();
        steps.forEach(step -> step.divide(ranges));
        return IntStream.range(0, count)
                .mapToObj(number -> divided(ranges.get(number), new HashRange(number, count)))
                .toList();
    }

    private LogRow divided(List<Step> own, HashRange range) {
        return begun.isEmpty() && ended.isEmpty() && load.isEmpty()
                ? new LogRow(position, own)
                : new LogRow(position, own, begunIn(range), endedIn(range), load.flatMap(part -> part.within(range)));
    }

    public List<LogEntry> entries() {
        return steps.stream().map(Step::entry).toList();
    }

    /// About how many bytes the row takes in memory and on disk: for deciding when to checkpoint, not for accounts.
    public long weight() {
        return steps.stream().mapToLong(step -> Weight.of(step.entry())).sum()
                + begun.stream().mapToLong(Weight::of).sum()
                + ended.stream().mapToLong(Weight::of).sum()
                + load.stream()
                        .flatMap(part -> part.objects().stream())
                        .mapToLong(Weight::of)
                        .sum();
    }
}
