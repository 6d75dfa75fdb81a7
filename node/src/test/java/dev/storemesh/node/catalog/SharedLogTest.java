package dev.storemesh.node.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.HashRange;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.value.CatalogId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who is behind at the same time reads the log together.
@Timeout(60)
class SharedLogTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long ROWS = 4 * SharedLog.ROWS + 500L;

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "shared-log");
    private final AtomicLong rowsRead = new AtomicLong();
    private Duration pause = Duration.ofMillis(20); // before each reading
    private long unreadable; // rows up to this one

    @AfterEach
    void stop() {
        system.terminate();
    }

    private SharedLog log(long keptBytes, Duration patience) {
        var reader = new LogReader(system, LogOrigin.CATALOG, (id, from, to) -> read(from, to));
        return new SharedLog(reader, ForkJoinPool.commonPool(), keptBytes, patience);
    }

    private Source<EventEnvelope, NotUsed> read(long from, long to) {
        if (from <= unreadable) {
            return Source.failed(new IOException("told to fail"));
        }
        return Source.fromIterator(
                        () -> LongStream.rangeClosed(from, Math.min(to, ROWS)).iterator())
                .initialDelay(pause)
                .map(number -> {
                    rowsRead.incrementAndGet();
                    var row = Round.of(new CatalogEvent.Opened(Instant.EPOCH));
                    return new EventEnvelope(new Sequence(number), "catalog|demo", number, row, 0);
                });
    }

    /// Goes on until it holds the last row, as a partition does; gives the positions it went by.
    private static CompletionStage<List<Long>> follow(SharedLog log, long from, HashRange range) {
        return log.rows(DEMO, new Position(from), range, new Position(ROWS)).thenCompose(rows -> {
            var last = rows.getLast().position();
            var here = rows.stream().map(row -> row.position().number()).toList();
            return last.number() == ROWS
                    ? CompletableFuture.completedFuture(here)
                    : follow(log, last.number() + 1, range).thenApply(more -> {
                        var all = new ArrayList<>(here);
                        all.addAll(more);
                        return all;
                    });
        });
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void readsEachRowOnceForAllWhoAreBehind() throws Exception {
        var log = log(32 << 20, LONG);
        var behind = IntStream.range(0, 64)
                .mapToObj(number -> follow(log, 1 + number * 60L, new HashRange(number, 64)))
                .toList();
        for (var one : behind) {
            assertThat(get(one)).isSorted().doesNotHaveDuplicates().endsWith(ROWS);
        }
        assertThat(rowsRead).hasValueLessThanOrEqualTo(ROWS);
    }

    /// What is not there when it is asked for is read again.
    @Test
    void givesEverybodyAllRowsWhereNothingCanBeKept() throws Exception {
        var log = log(0, Duration.ofMillis(1));
        pause = Duration.ZERO;
        var behind = IntStream.range(0, 16)
                .mapToObj(number -> follow(log, 1 + number * 250L, HashRange.WHOLE))
                .toList();
        for (var number = 0; number < behind.size(); number++) {
            var all = LongStream.rangeClosed(1 + number * 250L, ROWS).boxed().toList();
            assertThat(get(behind.get(number))).isEqualTo(all);
        }
    }

    @Test
    void whoIsNearlyThereDoesNotWaitForWhoIsFarBehind() throws Exception {
        pause = Duration.ofMillis(300);
        var log = log(32 << 20, Duration.ofMillis(100));
        var far = follow(log, 1, HashRange.WHOLE);
        var near = follow(log, ROWS, HashRange.WHOLE);
        assertThat(get(near)).containsExactly(ROWS);
        assertThat(far.toCompletableFuture()).isNotDone();
        assertThat(get(far)).hasSize((int) ROWS);
    }

    @Test
    void failsOnlyThoseWhoNeedWhatCannotBeRead() throws Exception {
        var log = log(32 << 20, LONG);
        unreadable = SharedLog.ROWS;
        var lost = log.rows(DEMO, new Position(1), HashRange.WHOLE, new Position(ROWS));
        var well = follow(log, SharedLog.ROWS + 1, HashRange.WHOLE);
        assertThat(get(well)).hasSize((int) ROWS - SharedLog.ROWS);
        assertThatThrownBy(() -> get(lost)).hasRootCauseInstanceOf(IOException.class);
        unreadable = 0;
        assertThat(get(follow(log, 1, HashRange.WHOLE))).hasSize((int) ROWS);
    }

    @Test
    void saysWhereTheLogEnds() throws Exception {
        var log = log(32 << 20, LONG);
        var beyond = log.rows(DEMO, new Position(ROWS + 1), HashRange.WHOLE, new Position(ROWS + 9));
        var there = log.rows(DEMO, new Position(ROWS - 1), HashRange.WHOLE, new Position(ROWS));
        assertThat(get(beyond)).isEmpty();
        assertThat(get(there)).extracting(LogRow::position).containsExactly(new Position(ROWS - 1), new Position(ROWS));
    }
}
