package dev.storemesh.protocol.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where in a journal versions and their steps stand: a mark for one row in [#SPACING], so that reading the log after
/// a place starts near it.
public record LogIndex(List<Mark> marks) {
    public static final LogIndex EMPTY = new LogIndex(List.of());
    private static final long SPACING = 64;

    /// The first entry of the row at `position` is `version`, or its end; or, where `steps` is not 0, that step of
    /// the version after it.
    public record Mark(Version version, int steps, Position position) {
        public Mark(Version version, Position position) {
            this(version, 0, position);
        }

        /// What a reader holds that has read the row's first entry.
        public LogPlace place() {
            return new LogPlace(version, steps);
        }
    }

    public LogIndex {
        marks = List.copyOf(marks);
    }

    /// After a row whose first entry is `version`.
    public LogIndex after(Version version, Position position) {
        return after(LogPlace.of(version), position);
    }

    /// After a row whose first entry ends at `place`.
    public LogIndex after(LogPlace place, Position position) {
        if (!marks.isEmpty() && position.number() - marks.getLast().position().number() < SPACING) {
            return this;
        }
        var more = new ArrayList<>(marks);
        more.add(new Mark(place.version(), place.steps(), position));
        return new LogIndex(more);
    }

    /// The last position that the row that holds `version`, or its end, can have; empty: the end of the log.
    public Optional<Position> notAfter(Version version) {
        return notAfter(LogPlace.of(version));
    }

    /// The last position that the row whose entries reach `place` can have; empty: the end of the log.
    public Optional<Position> notAfter(LogPlace place) {
        var next = next(place);
        return next == marks.size()
                ? Optional.empty()
                : Optional.of(new Position(marks.get(next).position().number() - 1));
    }

    /// A position at or before the row that holds `version`, or its end; all later versions stand there or after it.
    public Position before(Version version) {
        return before(LogPlace.of(version));
    }

    /// A position at or before the row whose entries reach `place`; all later entries stand there or after it.
    public Position before(LogPlace place) {
        var next = next(place);
        return next == 0 ? Position.START.next() : marks.get(next - 1).position();
    }

    /// The number of the first mark of a later place.
    private int next(LogPlace place) {
        var low = 0;
        var high = marks.size();
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (marks.get(middle).place().isAfter(place)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
