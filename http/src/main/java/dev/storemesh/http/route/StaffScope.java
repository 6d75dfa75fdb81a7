package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Keeps a store's staff to what is global and to its store's own locations: whoever names another location is
/// refused, and whoever names none reads as the store's own.
final class StaffScope {
    private static final Duration AGE = Duration.ofSeconds(1); // a location that is new is known after that
    private static final int MOST = 10_000;
    private static final String LOCATION = "location";

    private final CatalogPort catalogs;
    private final Map<CatalogId, Known> known = new ConcurrentHashMap<>();

    private record Known(ServedLocations served, long nanos) {}

    StaffScope(CatalogPort catalogs) {
        this.catalogs = catalogs;
    }

    /// The same endpoint, with its callers kept to their scope.
    Endpoint around(Endpoint endpoint) {
        if (!endpoint.template().contains("{catalog}")) {
            return endpoint;
        }
        return endpoint.handledBy(call -> call.principal()
                .staffOf()
                .map(store -> locations(call.catalog(), store)
                        .thenCompose(locations -> handled(endpoint, scoped(endpoint, call.within(locations), store))))
                .orElseGet(() -> endpoint.handler().apply(call)));
    }

    private static CompletionStage<Reply> handled(Endpoint endpoint, Call call) {
        try {
            return endpoint.handler().apply(call);
        } catch (MalformedInput e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(400, "invalid_value", String.valueOf(e.getMessage())));
        }
    }

    private CompletionStage<List<LocationId>> locations(CatalogId catalog, StoreId store) {
        var now = System.nanoTime();
        var kept = known.get(catalog);
        if (kept != null && now - kept.nanos() < AGE.toNanos()) {
            return CompletableFuture.completedStage(kept.served().of(catalog, store));
        }
        return ServedLocations.in(Set.of(catalog), catalogs).thenApply(served -> {
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(catalog, new Known(served, now));
            return served.of(catalog, store);
        });
    }

    private static Call scoped(Endpoint endpoint, Call call, StoreId store) {
        if (!endpoint.parameters().contains(LOCATION)) {
            return call;
        }
        var location = location(call, call.query(LOCATION, LocationId::new), store);
        var query = new HashMap<>(call.query());
        query.put(LOCATION, location.text());
        return call.with(query);
    }

    /// The location by which a caller reads, who asked for this one; empty: all, as it is not kept to any.
    static Optional<LocationId> location(Call call, Optional<LocationId> asked) {
        var store = call.caller().flatMap(principal -> principal.staffOf());
        return store.isEmpty() ? asked : Optional.of(location(call, asked, store.get()));
    }

    private static LocationId location(Call call, Optional<LocationId> asked, StoreId store) {
        var own = call.within().orElse(List.of());
        if (asked.filter(location -> !own.contains(location)).isPresent()) {
            throw Call.forbidden(
                    "The location " + asked.get() + " is none of store " + store + ", which this token is for.");
        }
        return asked.or(() -> own.stream()
                        .filter(location -> location.text().equals(store.text()))
                        .findFirst())
                .or(() -> own.stream().findFirst())
                .orElseThrow(() -> Call.forbidden(
                        "The store " + store + ", which this token is for, serves no location of this catalog."));
    }

    /// Refuses rows at locations that are not the caller's.
    static void check(Call call, Stream<LocationId> written) {
        call.within()
                .ifPresent(own -> written.filter(location -> !own.contains(location))
                        .findFirst()
                        .ifPresent(foreign -> {
                            throw Call.forbidden("The location " + foreign + " is none of store "
                                    + call.principal().store().orElseThrow() + ", which this token is for.");
                        }));
    }
}
