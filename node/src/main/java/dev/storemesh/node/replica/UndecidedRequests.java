package dev.storemesh.node.replica;

import dev.storemesh.node.catalog.ChangeRequestReads;
import dev.storemesh.node.catalog.PendingRequests;
import dev.storemesh.node.catalog.Standings;
import dev.storemesh.node.replica.ReplicaEntity.Shown;
import dev.storemesh.protocol.catalog.ChangeRequestPort.Requests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PendingChange;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The change requests of a store that nobody has decided: those that HQ has recorded as the catalog has them, then
/// those in the queue. The former are kept for the version that was asked for last.
final class UndecidedRequests implements PendingRequests {
    private static final int PAGE = 1_000;

    private static final int LOOKS = 5; // until the queue was seen at one version

    private final Queue queue;
    private final Standings standings;
    private final ChangeRequestReads recorded;
    private volatile Optional<Known> known = Optional.empty();

    /// Pages of what HQ has not recorded; empty: this is not followed.
    @FunctionalInterface
    interface Queue {
        CompletionStage<Optional<Shown>> list(CatalogId catalog, RequestsQuery query);
    }

    private record Known(StoreId store, Version version, List<PendingChange> changes) {}

    /// What waits in a store's queue, as it was when the replica held this version.
    private record Waiting(StoreId store, Version head, List<ChangeRequest> requests) {}

    UndecidedRequests(Queue queue, Standings standings, ChangeRequestReads recorded) {
        this.queue = queue;
        this.standings = standings;
        this.recorded = recorded;
    }

    @Override
    public CompletionStage<Optional<Undecided>> at(CatalogId catalog, Optional<Version> version) {
        return at(catalog, version, LOOKS);
    }

    /// A request leaves the queue with a version that records it: so the queue comes first, and then the log, which
    /// is to be where it was. What still moved after some looks has both, and the mark of a moment ago.
    private CompletionStage<Optional<Undecided>> at(CatalogId catalog, Optional<Version> version, int looks) {
        return waiting(catalog, Optional.empty(), List.of())
                .thenCompose(waiting -> waiting.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : standings.now(catalog).thenCompose(found -> {
                            if (found.isEmpty()) {
                                return CompletableFuture.completedFuture(Optional.empty());
                            }
                            var moved = !found.get().head().equals(waiting.get().head());
                            return moved && looks > 1
                                    ? at(catalog, version, looks - 1)
                                    : at(found.get(), waiting.get(), version);
                        }));
    }

    private CompletionStage<Optional<Undecided>> at(LogStanding standing, Waiting waiting, Optional<Version> version) {
        return recorded(standing, waiting.store(), version.orElse(standing.head()))
                .thenApply(changes -> Optional.of(new Undecided(
                        standing,
                        Stream.concat(changes.stream(), queued(standing, waiting, changes))
                                .toList())));
    }

    private CompletionStage<Optional<Waiting>> waiting(
            CatalogId catalog, Optional<RequestId> after, List<ChangeRequest> before) {
        var query = new RequestsQuery(Optional.empty(), Optional.empty(), Optional.empty(), after, PAGE);
        return queue.list(catalog, query).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            var page = found.get();
            var all = Stream.concat(before.stream(), page.requests().stream()).toList();
            return page.cut()
                    ? waiting(catalog, Optional.of(page.requests().getLast().id()), all)
                    : CompletableFuture.completedFuture(Optional.of(new Waiting(page.store(), page.head(), all)));
        });
    }

    /// What HQ has recorded, or the store has taken back before HQ heard of it, is not in the queue any more.
    private static Stream<PendingChange> queued(LogStanding standing, Waiting waiting, List<PendingChange> recorded) {
        var schema = standing.schemas().now();
        var ids = recorded.stream().map(PendingChange::request).collect(Collectors.toSet());
        return waiting.requests().stream()
                .filter(request -> request.details().withdraws().isEmpty() && !ids.contains(request.id()))
                .filter(request -> request.status() != Status.WITHDRAWN)
                .sorted(Comparator.comparingLong(ChangeRequest::sequence))
                .map(request -> change(request, schema));
    }

    private static PendingChange change(ChangeRequest request, Schema schema) {
        return PendingChange.of(
                request.id(),
                request.status(),
                request.base(),
                ChangeRequestJson.operations(request.operations()),
                schema);
    }

    private CompletionStage<List<PendingChange>> recorded(LogStanding standing, StoreId store, Version version) {
        var last =
                known.filter(one -> one.store().equals(store) && one.version().equals(version));
        if (last.isPresent()) {
            return CompletableFuture.completedFuture(last.get().changes());
        }
        var schema = standing.schemas().now();
        return with(Status.WAITING, standing, store, version)
                .thenCombine(
                        with(Status.CONFLICTED, standing, store, version),
                        (waiting, conflicted) -> Stream.concat(waiting.stream(), conflicted.stream())
                                .filter(request -> request.details().withdraws().isEmpty())
                                .sorted(Comparator.comparing(ChangeRequest::id))
                                .map(request -> change(request, schema))
                                .toList())
                .thenApply(changes -> {
                    known = Optional.of(new Known(store, version, changes));
                    return changes;
                });
    }

    private CompletionStage<List<ChangeRequest>> with(
            Status status, LogStanding standing, StoreId store, Version version) {
        return version.isAfter(standing.head())
                ? CompletableFuture.completedFuture(List.of()) // which the reader is told
                : with(status, standing.id(), store, version, Optional.empty(), List.of());
    }

    private CompletionStage<List<ChangeRequest>> with(
            Status status,
            CatalogId catalog,
            StoreId store,
            Version version,
            Optional<RequestId> after,
            List<ChangeRequest> before) {
        var query = new RequestsQuery(Optional.of(status), Optional.of(store), Optional.of(version), after, PAGE);
        return recorded.list(catalog, query).thenCompose(reading -> {
            if (!(reading instanceof Found<Requests>(var at, var page))) {
                throw new IllegalStateException(
                        "change requests at version " + version + " were answered with " + reading);
            }
            var all = Stream.concat(before.stream(), page.requests().stream()).toList();
            return page.more()
                    ? with(
                            status,
                            catalog,
                            store,
                            version,
                            Optional.of(page.requests().getLast().id()),
                            all)
                    : CompletableFuture.completedFuture(all);
        });
    }
}
