package dev.storemesh.node.catalog;

import dev.storemesh.protocol.object.PartitionImage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;

/// Stores a checkpoint of a partition beside the partition itself, which goes on meanwhile: it would stand still until
/// its own snapshot is stored.
final class CheckpointWriter extends AbstractPersistentActor {
    private final PartitionId id;
    private final long number;
    private final PartitionImage image;
    private final CompletableFuture<Done> stored;

    private CheckpointWriter(PartitionId id, long number, PartitionImage image, CompletableFuture<Done> stored) {
        this.id = id;
        this.number = number;
        this.image = image;
        this.stored = stored;
    }

    /// Stores it under the number of the partition's last mark. Fails when that cannot be, or another copy of the
    /// partition has made a mark since.
    static CompletionStage<Done> write(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context,
            PartitionId id,
            long number,
            PartitionImage image) {
        var stored = new CompletableFuture<Done>();
        Adapter.actorOf(
                context, Props.create(CheckpointWriter.class, () -> new CheckpointWriter(id, number, image, stored)));
        return stored;
    }

    @Override
    public String persistenceId() {
        return id.journal().id();
    }

    /// Of the journal it only learns the last number.
    @Override
    public Recovery recovery() {
        return Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(RecoveryCompleted.class, completed -> {
                    if (lastSequenceNr() == number) {
                        saveSnapshot(image);
                    } else {
                        failed(new IllegalStateException(
                                "its mark has the number " + number + ", and the last one is " + lastSequenceNr()));
                    }
                })
                .build();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(SaveSnapshotSuccess.class, saved -> {
                    stored.complete(Done.getInstance());
                    getContext().stop(getSelf());
                })
                .match(SaveSnapshotFailure.class, failure -> failed(failure.cause()))
                .build();
    }

    private void failed(Throwable cause) {
        stored.completeExceptionally(cause);
        getContext().stop(getSelf());
    }

    /// After a failure, too.
    @Override
    public void postStop() {
        stored.completeExceptionally(new IllegalStateException("stopped before the checkpoint was stored"));
    }
}
