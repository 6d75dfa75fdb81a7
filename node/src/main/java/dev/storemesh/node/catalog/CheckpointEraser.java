package dev.storemesh.node.catalog;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteSnapshotFailure;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/// Deletes checkpoints of a partition, beside the partition itself. Whoever asks for them afterwards is answered from
/// an older one, or from the log.
final class CheckpointEraser extends AbstractPersistentActor {
    private final PartitionId id;
    private final Consumer<CheckpointEraser> which;
    private final CompletableFuture<Done> erased;

    private CheckpointEraser(PartitionId id, Consumer<CheckpointEraser> which, CompletableFuture<Done> erased) {
        this.id = id;
        this.which = which;
        this.erased = erased;
    }

    /// All of them. Fails when they cannot be deleted.
    static CompletionStage<Done> erase(org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id) {
        return erase(context, id, eraser -> eraser.deleteSnapshots(SnapshotSelectionCriteria.latest()));
    }

    /// All up to a number.
    static CompletionStage<Done> eraseUpTo(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id, long number) {
        return erase(
                context,
                id,
                eraser -> eraser.deleteSnapshots(SnapshotSelectionCriteria.create(number, Long.MAX_VALUE)));
    }

    /// One of them.
    static CompletionStage<Done> erase(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, PartitionId id, long number) {
        return erase(context, id, eraser -> eraser.deleteSnapshot(number));
    }

    private static CompletionStage<Done> erase(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> context,
            PartitionId id,
            Consumer<CheckpointEraser> which) {
        var erased = new CompletableFuture<Done>();
        Adapter.actorOf(context, Props.create(CheckpointEraser.class, () -> new CheckpointEraser(id, which, erased)));
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
                .match(RecoveryCompleted.class, completed -> which.accept(this))
                .build();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(DeleteSnapshotsSuccess.class, deleted -> done())
                .match(DeleteSnapshotSuccess.class, deleted -> done())
                .match(DeleteSnapshotsFailure.class, failure -> failed(failure.cause()))
                .match(DeleteSnapshotFailure.class, failure -> failed(failure.cause()))
                .build();
    }

    private void done() {
        erased.complete(Done.getInstance());
        getContext().stop(getSelf());
    }

    private void failed(Throwable cause) {
        erased.completeExceptionally(cause);
        getContext().stop(getSelf());
    }

    @Override
    public void postStop() {
        erased.completeExceptionally(new IllegalStateException("stopped before the checkpoints were deleted"));
    }
}
