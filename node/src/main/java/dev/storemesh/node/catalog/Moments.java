package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex.Mark;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.LogStanding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/// Which version was the newest at an instant: found by bisection, since the times of versions only grow. It reads
/// one row of the journal for each step, and then those between two marks of the index. What lies in the past never
/// changes, so it is remembered.
final class Moments {
    private static final int MAX_KNOWN = 4_096;

    private final ActorSystem<?> system;
    private final LogReader log;
    private final Map<Moment, Version> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Moment, Version> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    private record Moment(HistoryId history, Instant at) {}

    Moments(ActorSystem<?> system, LogReader log) {
        this.system = system;
        this.log = log;
    }

    /// The newest version that was there at `at`; empty: the log begins later.
    CompletionStage<Optional<Version>> versionAt(LogStanding standing, Instant at) {
        var before = remembered(new Moment(standing.history(), at));
        return before.isPresent()
                ? CompletableFuture.completedFuture(before)
                : lastMark(standing, at, 0, standing.index().marks().size())
                        .thenCompose(count -> count == 0
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : newest(standing, at, count - 1));
    }

    private Optional<Version> remembered(Moment moment) {
        synchronized (known) {
            return Optional.ofNullable(known.get(moment));
        }
    }

    private void remember(Moment moment, Version version) {
        synchronized (known) {
            known.put(moment, version);
        }
    }

    /// How many marks stand at or before the instant: at least `low`, at most `high`.
    private CompletionStage<Integer> lastMark(LogStanding standing, Instant at, int low, int high) {
        if (low == high) {
            return CompletableFuture.completedFuture(low);
        }
        var middle = (low + high) >>> 1;
        return timeOf(standing, standing.index().marks().get(middle))
                .thenCompose(time -> time.isAfter(at)
                        ? lastMark(standing, at, low, middle)
                        : lastMark(standing, at, middle + 1, high));
    }

    private CompletionStage<Instant> timeOf(LogStanding standing, Mark mark) {
        return log.row(standing.id(), mark.position())
                .thenApply(row -> row.entries().isEmpty()
                        ? Instant.MIN
                        : row.entries().getFirst().at()); // of a copy: all came before
    }

    private CompletionStage<Optional<Version>> newest(LogStanding standing, Instant at, int mark) {
        var from = standing.index().marks().get(mark);
        var search = new Search(at, standing.head(), from.place());
        return log.rows(standing.id(), from.position(), standing.index().notAfter(from.place()))
                .takeWhile(row -> !search.over)
                .runForeach(search::take, system)
                .thenApply(done -> {
                    if (search.over
                            || search.newest.filter(standing.head()::isAfter).isPresent()) {
                        search.newest.ifPresent(version -> remember(new Moment(standing.history(), at), version));
                    }
                    return search.newest;
                });
    }

    /// By one stream: the last version at or before an instant among those it is given.
    private static final class Search {
        private final Instant at;
        private final Version head;
        private Optional<Version> newest;
        private boolean over;

        /// @param first what who reads the first row's first entry holds: if that is a step, all before it is older
        private Search(Instant at, Version head, LogPlace first) {
            this.at = at;
            this.head = head;
            this.newest = first.steps() > 0 && !first.version().isAfter(head)
                    ? Optional.of(first.version())
                    : Optional.empty();
        }

        private void take(LogRow row) {
            for (var entry : row.entries()) {
                if (entry.at().isAfter(at)) {
                    over = true;
                } else if (!entry.isStep() && !entry.version().isAfter(head)) {
                    newest = Optional.of(entry.version());
                }
            }
        }
    }
}
