package dev.storemesh.node.replica;

import dev.storemesh.node.catalog.Standings;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Waits for what HQ decides of a change request: looks at it whenever another version has come down. That it is
/// durable here was told before, so whatever goes wrong while waiting is no failure: it is not decided yet.
///
/// @param requests those of the store
/// @param standings how far the store follows
record AwaitedDecision(Requests requests, Standings standings) {
    /// As [ChangeRequestPort#get].
    @FunctionalInterface
    interface Requests {
        CompletionStage<Reading<ChangeRequest>> get(CatalogId catalog, RequestId id);
    }

    /// The request as it was decided; empty: not in time.
    CompletionStage<Optional<ChangeRequest>> of(CatalogId catalog, RequestId id, Duration patience) {
        return look(catalog, id, System.nanoTime() + patience.toNanos()).exceptionally(failure -> Optional.empty());
    }

    private CompletionStage<Optional<ChangeRequest>> look(CatalogId catalog, RequestId id, long deadline) {
        return requests.get(catalog, id)
                .thenCompose(reading -> reading instanceof Reading.Found<ChangeRequest>(var version, var request)
                        ? isDecided(request.status())
                                ? CompletableFuture.completedStage(Optional.of(request))
                                : again(catalog, id, version, deadline)
                        : CompletableFuture.completedStage(Optional.empty()));
    }

    /// Where nothing came, the time is up, or too many wait.
    private CompletionStage<Optional<ChangeRequest>> again(
            CatalogId catalog, RequestId id, Version seen, long deadline) {
        var left = Duration.ofNanos(deadline - System.nanoTime());
        if (!left.isPositive()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return standings
                .after(catalog, seen, left)
                .thenCompose(standing ->
                        standing.filter(now -> now.head().isAfter(seen)).isPresent()
                                ? look(catalog, id, deadline)
                                : CompletableFuture.completedStage(Optional.empty()));
    }

    private static boolean isDecided(Status status) {
        return switch (status) {
            case QUEUED, SENT, WAITING, CONFLICTED -> false;
            case APPROVED, APPLIED, REJECTED, REFUSED, SUPERSEDED, WITHDRAWN -> true;
        };
    }
}
