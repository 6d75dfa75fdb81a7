package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.HashRange;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Reads a catalog's log once for all of this node who need some of it at about the same time: partitions that come
/// back, or are being built, and readers of the past. Safe for all threads.
///
/// Whoever asks gets some rows, and asks again for those that follow. A *reading* goes through the log from the
/// lowest position that somebody waits for, gives everybody who waits what it comes past, and does not wait for
/// anybody: the last rows that were read are kept, so many bytes of them, and who comes when they are gone makes
/// it begin again there. Whom it has not reached for a while another reading begins with, so nobody is held up by
/// those who are far behind. So a catalog is read in two places at most.
final class SharedLog {
    static final int ROWS = 1_000; // at once
    private static final int FEW = 16; // while nobody knows how large they are
    private static final long BYTES = 4 << 20;
    private static final long KEPT = 32 << 20;
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final LogReader log;
    private final Executor executor;
    private final long limit;
    private final Duration patience;
    private final Map<CatalogId, Catalog> catalogs = new HashMap<>(); // of those that somebody waits for
    private final Deque<Chunk> kept = new ArrayDeque<>(); // the newest last
    private final Map<CatalogId, NavigableMap<Position, Chunk>> places = new HashMap<>(); // of these, by their first
    private long keptBytes;

    /// @param executor where rows are divided among those who wait
    /// @param limit about the most bytes that are kept of all logs; never more than 32 MiB
    /// @param patience how long one waits for a reading that others are with
    SharedLog(LogReader log, Executor executor, long limit, Duration patience) {
        this.log = log;
        this.executor = executor;
        this.limit = Math.min(limit, KEPT);
        this.patience = patience;
    }

    /// Some of the rows that are there from a position on, in order, and of them what lies in a range: those of
    /// which nothing does may be left out, but for the last one, which says how far these go. None: the log ends
    /// before that position.
    ///
    /// @param needed how far the asker will read, about
    CompletionStage<List<LogRow>> rows(CatalogId catalog, Position from, HashRange range, Position needed) {
        var request = new Request(from, range, needed, System.nanoTime(), new CompletableFuture<>());
        ask(catalog, request);
        return request.answer;
    }

    private synchronized void ask(CatalogId id, Request request) {
        var held = held(id, request.from);
        if (held.isPresent()) {
            request.answer(held.get(), executor);
        } else {
            var catalog = catalogs.computeIfAbsent(id, unread -> new Catalog(id, atOnce(id)));
            catalog.waiting.add(request);
            catalog.readOn();
        }
    }

    private Optional<Chunk> held(CatalogId id, Position position) {
        return Optional.ofNullable(places.get(id))
                .map(ofCatalog -> ofCatalog.floorEntry(position))
                .map(Map.Entry::getValue)
                .filter(chunk -> chunk.covers(position));
    }

    /// As the rows of this log are that lie the furthest on.
    private int atOnce(CatalogId id) {
        return Optional.ofNullable(places.get(id))
                .map(ofCatalog -> ofCatalog.lastEntry().getValue().atOnce())
                .orElse(FEW);
    }

    private synchronized void keep(Chunk chunk) {
        kept.addLast(chunk);
        places.computeIfAbsent(chunk.catalog, none -> new TreeMap<>()).put(chunk.first, chunk);
        keptBytes += chunk.bytes;
        while (keptBytes > limit && kept.size() > 1) {
            forget(kept.removeFirst());
        }
    }

    private void forget(Chunk chunk) {
        keptBytes -= chunk.bytes;
        places.computeIfPresent(chunk.catalog, (id, ofCatalog) -> {
            ofCatalog.remove(chunk.first, chunk); // but not a later one from the same position on
            return ofCatalog.isEmpty() ? null : ofCatalog;
        });
    }

    /// Somebody who waits for the rows from a position on.
    private record Request(
            Position from, HashRange range, Position needed, long since, CompletableFuture<List<LogRow>> answer) {
        private void answer(Chunk chunk, Executor executor) {
            answer.completeAsync(() -> chunk.from(from, range), executor);
        }

        private boolean waitsLongerThan(Duration patience) {
            return System.nanoTime() - since > patience.toNanos();
        }
    }

    /// All rows from one position to another.
    private static final class Chunk {
        private final CatalogId catalog;
        private final Position first;
        private final List<LogRow> rows; // at least one
        private final long bytes;
        private final Map<Integer, List<List<LogRow>>> divided = new ConcurrentHashMap<>(); // by how many ranges

        private Chunk(CatalogId catalog, Position first, List<LogRow> rows) {
            this.catalog = catalog;
            this.first = first;
            this.rows = rows;
            this.bytes = rows.stream().mapToLong(LogRow::weight).sum();
        }

        /// How many of its kind are about enough.
        private int atOnce() {
            return Math.clamp(
                    rows.size() * BYTES / Math.max(1, bytes), 1, Math.min(ROWS, 4 * Math.max(FEW, rows.size())));
        }

        private Position last() {
            return rows.getLast().position();
        }

        private boolean covers(Position position) {
            return !first.isAfter(position) && !position.isAfter(last());
        }

        private List<LogRow> from(Position from, HashRange range) {
            return divided.computeIfAbsent(range.count(), this::among).get(range.number()).stream()
                    .filter(row -> !from.isAfter(row.position()))
                    .toList();
        }

        private List<List<LogRow>> among(int count) {
            if (count == 1) {
                return List.of(rows);
            }
            var all = new ArrayList<List<LogRow>>();
            for (var number = 0; number < count; number++) {
                all.add(new ArrayList<>());
            }
            for (var row : rows) {
                var parts = row.divided(count);
                for (var number = 0; number < count; number++) {
                    if (!parts.get(number).isEmpty() || row.position().equals(last())) {
                        all.get(number).add(parts.get(number));
                    }
                }
            }
            return all;
        }
    }

    /// Those who wait for one catalog's rows, and where they are read. Guarded by the lock of all.
    private final class Catalog {
        private final CatalogId id;
        private final List<Request> waiting = new ArrayList<>(); // the longest first
        private int atOnce;
        private boolean reading;
        private boolean besides; // the other reading, for who would have to wait for too long
        private Position next = Position.START; // where the reading is
        private Position wanted = Position.START; // how far those will read whom it served; none: nobody knows

        private Catalog(CatalogId id, int atOnce) {
            this.id = id;
            this.atOnce = atOnce;
        }

        private void readOn() {
            if (waiting.isEmpty()) {
                if (!reading && !besides) {
                    catalogs.remove(id);
                }
                return;
            }
            if (!reading) {
                var from = start();
                var longest = waiting.getFirst();
                reading = true;
                read(from, true);
                if (!besides && longest.waitsLongerThan(patience) && !longest.from.equals(from)) {
                    besides = true;
                    read(longest.from, false);
                }
            }
        }

        /// The lowest position that somebody waits for; or where it is, if those whom it served will need the rows
        /// that lie between.
        private Position start() {
            var lowest = waiting.stream()
                    .map(Request::from)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            var isWanted = wanted.isAfter(Position.START) && !next.isAfter(wanted);
            return isWanted && lowest.isAfter(next) ? next : lowest;
        }

        private void read(Position from, boolean isFirst) {
            var before = List.copyOf(waiting); // the log may grow meanwhile
            log.some(id, from, atOnce, BYTES).whenComplete((rows, failure) -> {
                synchronized (SharedLog.this) {
                    if (isFirst) {
                        reading = false;
                    } else {
                        besides = false;
                    }
                    if (failure != null) {
                        end(from, before, isFirst, request -> request.answer.completeExceptionally(failure));
                    } else if (rows.isEmpty()) {
                        end(from, before, isFirst, request -> request.answer.complete(List.of()));
                    } else {
                        give(new Chunk(id, from, rows), isFirst);
                    }
                    readOn();
                }
            });
        }

        private void end(Position from, List<Request> before, boolean isFirst, Consumer<Request> answer) {
            var ended =
                    before.stream().filter(request -> request.from.equals(from)).toList();
            waiting.removeAll(ended);
            ended.forEach(request -> executor.execute(() -> answer.accept(request)));
            if (isFirst) {
                wanted = Position.START;
            }
        }

        private void give(Chunk chunk, boolean isFirst) {
            keep(chunk);
            atOnce = chunk.atOnce();
            var served = waiting.stream()
                    .filter(request -> chunk.covers(request.from))
                    .toList();
            waiting.removeAll(served);
            served.forEach(request -> request.answer(chunk, executor));
            if (isFirst) {
                next = chunk.last().next();
                wanted = served.stream()
                        .map(Request::needed)
                        .reduce(wanted, (one, other) -> one.isAfter(other) ? one : other);
            }
        }
    }
}
