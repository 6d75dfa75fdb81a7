package dev.storemesh.node.catalog;

import dev.storemesh.protocol.object.PartitionImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/// Reads a checkpoint of a partition beside the partition itself, which may be at another node: a recovery
/// that writes nothing, and ends when it has what it came for.
final class CheckpointReader extends AbstractPersistentActor {
    private final PartitionId id;
    private final long upTo;
    private final CompletableFuture<Optional<Checkpoint>> found;
    private Optional<Checkpoint> newest = Optional.empty();

    /// One of a partition's checkpoints, which are numbered from 1.
    record Checkpoint(long number, PartitionImage image) {}

    private CheckpointReader(PartitionId id, long upTo, CompletableFuture<Optional<Checkpoint>> found) {
        this.id = id;
        this.upTo = upTo;
        this.found = found;
    }

    /// Empty: there is none that can be read.
    static CompletionStage<Optional<PartitionImage>> newest(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id) {
        return newest(context, id, Long.MAX_VALUE).thenApply(found -> found.map(Checkpoint::image));
    }

    /// The newest of those up to a number.
    static CompletionStage<Optional<Checkpoint>> newest(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id, long upTo) {
        var found = new CompletableFuture<Optional<Checkpoint>>();
        Adapter.actorOf(context, Props.create(CheckpointReader.class, () -> new CheckpointReader(id, upTo, found)));
        return found;
    }

    @Override
    public Recovery recovery() {
        return Recovery.create(SnapshotSelectionCriteria.create(upTo, Long.MAX_VALUE));
    }

    @Override
    public String persistenceId() {
        return id.journal().id();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(
                        SnapshotOffer.class,
                        offer -> newest = Optional.of(
                                new Checkpoint(offer.metadata().sequenceNr(), (PartitionImage) offer.snapshot())))
                .match(RecoveryCompleted.class, completed -> {
                    found.complete(newest);
                    getContext().stop(getSelf());
                })
                .matchAny(mark -> {})
                .build();
    }

    @Override
    public Receive createReceive() {
        return emptyBehavior();
    }

    /// After a failure, too.
    @Override
    public void postStop() {
        found.complete(Optional.empty());
    }
}
