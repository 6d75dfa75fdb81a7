package dev.storemesh.node.catalog;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/// Deletes all checkpoints of a partition, beside the partition itself. Whoever asks it afterwards is answered from
/// the log.
final class CheckpointEraser extends AbstractPersistentActor {
    private final PartitionId id;
    private final CompletableFuture<Done> erased;

    private CheckpointEraser(PartitionId id, CompletableFuture<Done> erased) {
        this.id = id;
        this.erased = erased;
    }

    /// Fails when they cannot be deleted.
    static CompletionStage<Done> erase(org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id) {
        var erased = new CompletableFuture<Done>();
        Adapter.actorOf(context, Props.create(CheckpointEraser.class, () -> new CheckpointEraser(id, erased)));
        return erased;
    }

    @Override
    public String persistenceId() {
        return id.journal().id();
    }

    @Override
    public Recovery recovery() {
        return Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(RecoveryCompleted.class, completed -> deleteSnapshots(SnapshotSelectionCriteria.latest()))
                .build();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(DeleteSnapshotsSuccess.class, deleted -> {
                    erased.complete(Done.getInstance());
                    getContext().stop(getSelf());
                })
                .match(DeleteSnapshotsFailure.class, failure -> {
                    erased.completeExceptionally(failure.cause());
                    getContext().stop(getSelf());
                })
                .build();
    }

    @Override
    public void postStop() {
        erased.completeExceptionally(new IllegalStateException("stopped before the checkpoints were deleted"));
    }
}
