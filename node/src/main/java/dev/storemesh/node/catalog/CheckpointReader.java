package dev.storemesh.node.catalog;

import dev.storemesh.protocol.object.PartitionImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotOffer;

/// Reads the newest checkpoint of a partition beside the partition itself, which may be at another node: a recovery
/// that writes nothing, and ends when it has what it came for.
final class CheckpointReader extends AbstractPersistentActor {
    private final PartitionId id;
    private final CompletableFuture<Optional<PartitionImage>> found;
    private Optional<PartitionImage> newest = Optional.empty();

    private CheckpointReader(PartitionId id, CompletableFuture<Optional<PartitionImage>> found) {
        this.id = id;
        this.found = found;
    }

    /// Empty: there is none that can be read.
    static CompletionStage<Optional<PartitionImage>> newest(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id) {
        var found = new CompletableFuture<Optional<PartitionImage>>();
        Adapter.actorOf(context, Props.create(CheckpointReader.class, () -> new CheckpointReader(id, found)));
        return found;
    }

    @Override
    public String persistenceId() {
        return id.journal().id();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(SnapshotOffer.class, offer -> newest = Optional.of((PartitionImage) offer.snapshot()))
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
