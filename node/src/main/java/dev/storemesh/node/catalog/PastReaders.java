package dev.storemesh.node.catalog;

import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/// Those who read what partitions hold no more: a bounded number for this node, each for one partition from one
/// version on, so that who pages an old version finds the reader of the page before. Safe for all threads.
final class PastReaders {
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final ActorSystem<?> system;
    private final SharedLog log;
    private final PartitionSettings settings;
    private final MemoryBudget memory;
    private final List<Place> places = new ArrayList<>(); // the longest unused first
    private final AtomicLong names = new AtomicLong();

    PastReaders(ActorSystem<?> system, SharedLog log, PartitionSettings settings, MemoryBudget memory) {
        this.system = system;
        this.log = log;
        this.settings = settings;
        this.memory = memory;
    }

    /// A reader's place among the others.
    final class Place {
        private final PartitionId id;
        private final Version lowest;
        private final ActorRef<PastReader.Message> reader;
        private int asked; // and not answered yet

        private Place(PartitionId id, Version lowest) {
            this.id = id;
            this.lowest = lowest;
            this.reader = system.systemActorOf(
                    PastReader.create(id, lowest, log, this, memory, IDLE),
                    "past-reader-" + names.incrementAndGet(),
                    DispatcherSelector.fromConfig("storemesh-reads"));
        }

        private boolean serves(PartitionId partition, Version version) {
            return id.equals(partition) && !lowest.isAfter(version);
        }

        /// Whether it may go: not if somebody is about to ask it.
        boolean leave() {
            synchronized (PastReaders.this) {
                if (asked > 0) {
                    return false;
                }
                places.remove(this);
                return true;
            }
        }

        /// It is there no more, whatever the reason.
        void gone() {
            synchronized (PastReaders.this) {
                places.remove(this);
            }
        }
    }

    /// Fails when as many as may be are in use for others, or when it takes longer than `patience`: what was read
    /// by then is there for who asks again.
    ///
    /// @param whole since which row another copy is what the partition holds
    <T> CompletionStage<T> read(
            PartitionId id, Past past, Position whole, Position needed, PartitionRead<T> read, Duration patience) {
        var place = place(id, past.lowest());
        if (place.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("all " + settings.pastReaders() + " readers of old versions are in use"));
        }
        return AskPattern.<PastReader.Message, T>askWithStatus(
                        place.get().reader,
                        replyTo -> new PastReader.Ask<>(past, whole, needed, read, replyTo),
                        patience,
                        system.scheduler())
                .whenComplete((answer, failure) -> answered(place.get()));
    }

    /// The one that begins the latest, of those that begin early enough.
    private synchronized Optional<Place> place(PartitionId id, Version lowest) {
        var place = places.stream()
                .filter(one -> one.serves(id, lowest))
                .max(Comparator.comparing(one -> one.lowest))
                .or(() -> hasRoom() ? Optional.of(new Place(id, lowest)) : Optional.empty());
        place.ifPresent(one -> {
            places.remove(one);
            places.add(one);
            one.asked++;
        });
        return place;
    }

    /// One that nobody asks makes room.
    private boolean hasRoom() {
        if (places.size() < settings.pastReaders()) {
            return true;
        }
        var unused = places.stream().filter(place -> place.asked == 0).findFirst();
        unused.ifPresent(place -> {
            places.remove(place);
            place.reader.tell(PastReader.leave());
        });
        return unused.isPresent();
    }

    private synchronized void answered(Place place) {
        place.asked--;
    }
}
