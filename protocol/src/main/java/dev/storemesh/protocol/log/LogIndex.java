package dev.storemesh.protocol.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where in a journal versions stand: a mark for one row in [#SPACING], so that reading the log after a version
/// starts near it.
public record LogIndex(List<Mark> marks) {
    public static final LogIndex EMPTY = new LogIndex(List.of());
    private static final long SPACING = 64;

    /// The row at `position` holds `version` as its first.
    public record Mark(Version version, Position position) {}

    public LogIndex {
        marks = List.copyOf(marks);
    }

    /// After a row whose first version is `version`.
    public LogIndex after(Version version, Position position) {
        if (!marks.isEmpty() && position.number() - marks.getLast().position().number() < SPACING) {
            return this;
        }
        var more = new ArrayList<>(marks);
        more.add(new Mark(version, position));
        return new LogIndex(more);
    }

    /// The last position that the row that holds `version` can have; empty: the end of the log.
    public Optional<Position> notAfter(Version version) {
        var next = next(version);
        return next == marks.size()
                ? Optional.empty()
                : Optional.of(new Position(marks.get(next).position().number() - 1));
    }

    /// A position at or before the row that holds `version`; all later versions stand there or after it.
    public Position before(Version version) {
        var next = next(version);
        return next == 0 ? Position.START.next() : marks.get(next - 1).position();
    }

    /// The number of the first mark of a later version.
    private int next(Version version) {
        var low = 0;
        var high = marks.size();
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (marks.get(middle).version().isAfter(version)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
