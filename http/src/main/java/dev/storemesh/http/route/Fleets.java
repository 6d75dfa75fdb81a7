package dev.storemesh.http.route;

import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.catalog.CatalogPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The stores of HQ, with what their catalogs say of them.
final class Fleets {
    private final AccessPort access;
    private final CatalogPort catalogs;
    private final Lags lags;

    /// Stores, the locations that they serve, and how far those are behind of which that is known.
    record Fleet(List<StoreStanding> stores, ServedLocations served, Map<StoreStanding, Lags.Lag> lags) {
        Fleet {
            stores = List.copyOf(stores);
            lags = Map.copyOf(lags);
        }
    }

    Fleets(AccessPort access, CatalogPort catalogs) {
        this.access = access;
        this.catalogs = catalogs;
        this.lags = new Lags(catalogs);
    }

    /// Those of the stores that are wanted; empty: this site is no HQ.
    CompletionStage<Optional<Fleet>> of(Predicate<StoreStanding> wanted) {
        return NoAnswerException.of(access.stores())
                .thenCompose(stores -> stores.isEmpty()
                        ? CompletableFuture.completedStage(Optional.empty())
                        : of(stores.get().stream().filter(wanted).toList()).thenApply(Optional::of));
    }

    private CompletionStage<Fleet> of(List<StoreStanding> stores) {
        var followed =
                stores.stream().map(standing -> standing.store().catalog()).collect(Collectors.toSet());
        return ServedLocations.in(followed, catalogs)
                .thenCompose(
                        served -> lags.of(stores, served.heads()).thenApply(lag -> new Fleet(stores, served, lag)));
    }
}
