package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How a catalog's objects are divided: into equal ranges of the hash of [PageKey], and up to which position of the
/// log each partition was last touched. Who asks a partition names that position.
public record PartitionMap(int generation, List<Position> touched) {
    /// The last generation, of 4,096 partitions. Whoever chooses tokens may choose them so that all fall into one
    /// range: then doubling does not help, and has to end somewhere.
    public static final int LAST_GENERATION = 13;

    public PartitionMap {
        touched = List.copyOf(touched);
    }

    public static PartitionMap single() {
        return new PartitionMap(1, List.of(Position.START));
    }

    public int count() {
        return touched.size();
    }

    /// The number of the partition that owns what is routed by `text`, from 0.
    public int partitionOf(String text) {
        return HashRange.numberOf(PageKey.hash(text), count());
    }

    /// The position that a question to this partition must carry.
    public Position needed(int partition) {
        return touched.get(partition);
    }

    /// The next generation: each partition's range in two halves, which hold what it held when they hold what
    /// touched it last. A new catalog begins with [#single()], so the generation says how many there are.
    public PartitionMap doubled() {
        return new PartitionMap(
                generation + 1,
                IntStream.range(0, 2 * count())
                        .mapToObj(number -> touched.get(number / 2))
                        .toList());
    }

    /// After the switch to a generation of so many partitions.
    ///
    /// @throws IllegalStateException if it is not the next one
    public PartitionMap switchedTo(int next, int partitions) {
        var doubled = doubled();
        if (doubled.generation() != next || doubled.count() != partitions) {
            throw new IllegalStateException(
                    "generation " + next + " of " + partitions + " partitions after " + generation + " of " + count());
        }
        return doubled;
    }

    /// After a row at `position` that held these entries.
    public PartitionMap after(List<LogEntry> entries, Position position) {
        var moved = new ArrayList<>(touched);
        touchedBy(entries).forEach(partition -> moved.set(partition, position));
        return new PartitionMap(generation, moved);
    }

    /// After a row at `position` that touched these objects.
    public PartitionMap touching(Collection<ObjectToken> objects, Position position) {
        var moved = new ArrayList<>(touched);
        objects.forEach(object -> moved.set(partitionOf(object.text()), position));
        return new PartitionMap(generation, moved);
    }

    /// After a row at `position` that brought this of another copy.
    public PartitionMap after(LoadPart part, Position position) {
        var moved = new ArrayList<>(touched);
        touchedBy(part).forEach(partition -> moved.set(partition, position));
        return new PartitionMap(generation, moved);
    }

    /// The partitions that own something of a row.
    public Set<Integer> touchedBy(LogRow row) {
        var partitions = new HashSet<>(touchedBy(row.entries()));
        row.overlaid().forEach(object -> partitions.add(partitionOf(object.text())));
        row.load().ifPresent(part -> partitions.addAll(touchedBy(part)));
        return partitions;
    }

    private Set<Integer> touchedBy(LoadPart part) {
        return part.concernsAll()
                ? IntStream.range(0, count()).boxed().collect(Collectors.toUnmodifiableSet())
                : part.objects().stream()
                        .map(object -> partitionOf(object.object().text()))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /// The partitions that own something of these entries. Where a transaction ends, that is all of them: each may
    /// hold something of its steps.
    public Set<Integer> touchedBy(List<LogEntry> entries) {
        if (count() == 1) {
            return entries.isEmpty() ? Set.of() : Collections.singleton(0);
        }
        if (entries.stream().anyMatch(entry -> entry.part() instanceof LogEntry.Part.End)) {
            return IntStream.range(0, count()).boxed().collect(Collectors.toUnmodifiableSet());
        }
        var partitions = new HashSet<Integer>();
        for (var entry : entries) {
            entry.changes()
                    .forEach(
                            change -> partitions.add(partitionOf(change.object().text())));
            IdempotencyKey.of(entry.provenance()).ifPresent(key -> partitions.add(partitionOf(key.text())));
        }
        return partitions;
    }
}
