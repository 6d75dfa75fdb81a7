package dev.storemesh.node.replica;

import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The change requests of a store that its copy holds as recorded, read page by page.
final class OwnRequests {
    private static final int PAGE = 2_000;

    private final Partitions partitions;
    private final Following replica;
    private final Selection selection;
    private final int most;
    private final Duration patience;

    /// @param most so many of them at most, the oldest
    /// @param patience for all of them
    OwnRequests(Partitions partitions, Following replica, int most, Duration patience) {
        this.partitions = partitions;
        this.replica = replica;
        this.selection = new Selection(
                Optional.of(StandardSchema.CHANGE_REQUEST),
                Scope.all(),
                Map.of(RequestRecord.STORE, new Value.Text(replica.store().text())));
        this.most = most;
        this.patience = patience;
    }

    /// Those whose ids were made since then: ids made later sort later.
    CompletionStage<List<ChangeRequest>> since(Instant first) {
        var before = RequestId.ofUlid(Ulid.encode(Math.max(0, first.toEpochMilli()) << 16, 0));
        return page(before.token(), new ArrayList<>())
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<List<ChangeRequest>> page(ObjectToken after, List<ChangeRequest> found) {
        return partitions
                .page(replica, selection, replica.head(), Order.TOKEN, Optional.of(after), PAGE)
                .thenCompose(slice -> {
                    requests(slice).forEach(found::add);
                    return slice.more() && found.size() < most
                            ? page(slice.objects().getLast().object(), found)
                            : CompletableFuture.completedFuture(found);
                });
    }

    private static Stream<ChangeRequest> requests(Slice slice) {
        return slice.objects().stream()
                .flatMap(view -> view instanceof ObjectView.Live live
                        ? Stream.of(RequestRecord.read(live.object(), live.rows()))
                        : Stream.empty());
    }
}
