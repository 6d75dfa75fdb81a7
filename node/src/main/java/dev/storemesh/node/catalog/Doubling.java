package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The doubling of one catalog's partitions, as its writer drives it, without ever waiting for it: the next generation
/// is built beside the one that is in use, catches up with it, and takes over by an event of the writer. What is
/// under way is in memory only: after a restart it is begun anew, by the next hint. Owned by the writer.
///
/// ```
/// idle -> building -> catching up, until little is missing -> the writer switches -> idle
/// ```
public final class Doubling {
    private static final Logger LOG = LoggerFactory.getLogger(Doubling.class);
    private static final long FEW_ROWS = 16;
    private static final Duration PAUSE = Duration.ofSeconds(30); // after a failure

    private final CatalogId catalog;
    private final Partitions partitions;
    private final InstantSource clock;
    private long attempt; // the number of the last one: what is left of one before is told by it
    private boolean underWay;
    private boolean toldMeanwhile;
    private volatile long building; // the attempt that found it needed last, told by whoever knows
    private Instant notBefore = Instant.MIN;
    private Instant until = Instant.MIN;

    public Doubling(CatalogId catalog, Partitions partitions, InstantSource clock) {
        this.catalog = catalog;
        this.partitions = partitions;
        this.clock = clock;
    }

    /// What the building of the next generation came to, for the writer to hand in when it gets it.
    public sealed interface Outcome {
        long attempt();
    }

    /// The next generation holds all that `map` needs.
    private record Built(long attempt, PartitionMap map) implements Outcome {}

    /// The catalog is not as large as one of its partitions makes believe.
    private record NotNeeded(long attempt) implements Outcome {}

    private record Failed(long attempt, Throwable cause) implements Outcome {}

    /// What the writer is to do.
    public sealed interface Next {}

    /// Wait for another outcome.
    public record GoOn(CompletionStage<Outcome> outcome) implements Next {}

    /// Journal the switch to this map.
    public record Switch(PartitionMap map) implements Next {}

    /// Nothing.
    public record Stop() implements Next {}

    /// Whether the next generation is being built.
    public boolean isUnderWay() {
        return underWay;
    }

    /// A partition of `generation` holds more than it should, where `map` is in use.
    public Next grown(PartitionMap map, int generation) {
        if (underWay && generation == map.generation()) {
            toldMeanwhile = true;
        }
        if (underWay
                || generation != map.generation()
                || generation == PartitionMap.LAST_GENERATION
                || clock.instant().isBefore(notBefore)) {
            return new Stop();
        }
        underWay = true;
        toldMeanwhile = false;
        attempt++;
        until = clock.instant().plus(partitions.buildTimeout());
        var number = attempt;
        return inTime(
                number,
                partitions
                        .isCrowded(catalog, map)
                        .thenCompose(crowded -> crowded
                                ? partitions.keepCheckpoints(catalog, map).thenCompose(kept -> built(number, map))
                                : Partitions.done(new NotNeeded(number))));
    }

    private GoOn inTime(long number, CompletionStage<Outcome> outcome) {
        var rest = Duration.between(clock.instant(), until);
        return new GoOn(outcome.toCompletableFuture()
                .orTimeout(rest.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> new Failed(number, failure)));
    }

    private CompletionStage<Outcome> built(long number, PartitionMap map) {
        building = number;
        return partitions.build(catalog, map.doubled()).<Outcome>thenApply(held -> new Built(number, map));
    }

    /// What to do with an outcome where `map` is in use.
    public Next after(PartitionMap map, Outcome outcome) {
        if (!underWay || outcome.attempt() != attempt) {
            return new Stop();
        }
        return switch (outcome) {
            case Built built when lag(built.map(), map) <= FEW_ROWS -> new Switch(map.doubled());
            case Built built when clock.instant().isBefore(until) -> inTime(attempt, built(attempt, map));
            case Built built -> gaveUp("the log grows faster than partitions can read it");
            case NotNeeded notNeeded -> {
                underWay = false;
                yield toldMeanwhile ? grown(map, map.generation()) : new Stop();
            }
            case Failed failed -> gaveUp(failed.cause().toString());
        };
    }

    private static long lag(PartitionMap built, PartitionMap now) {
        return last(now) - last(built);
    }

    private static long last(PartitionMap map) {
        return map.touched().stream()
                .max(Comparator.naturalOrder())
                .map(Position::number)
                .orElse(0L);
    }

    private Next gaveUp(String reason) {
        LOG.warn(
                "catalog [{}]: its partitions could not be doubled, and stay as they are for now: {}", catalog, reason);
        underWay = false;
        notBefore = clock.instant().plus(PAUSE);
        return new Stop();
    }

    /// The switch is journaled: those of `before` may go.
    public void switched(PartitionMap before, PartitionMap now) {
        underWay = false;
        LOG.info("catalog [{}]: {} partitions, after {}", catalog, now.count(), before.count());
        partitions.build(catalog, now); // so that feeds find them where they need to be; if not, the next question does
        partitions.retire(catalog, before);
    }

    /// Where a new writer goes on: the checkpoints of the partitions before these may still be there, if the former
    /// writer died soon after the switch.
    public void resumed(ActorContext<?> context, PartitionMap map) {
        partitions.eraseBefore(context, catalog, map);
    }

    /// Hands a row that was just journaled to the partitions, those of the next generation among them; `before` is the
    /// map before the row.
    public void feed(PartitionMap before, LogRow row) {
        partitions.feed(catalog, before, row);
        if (underWay && building == attempt) {
            partitions.feedNext(catalog, before, row);
        }
    }

    /// The writer begins anew: nothing is under way any more.
    public void forget() {
        underWay = false;
        attempt++;
    }
}
