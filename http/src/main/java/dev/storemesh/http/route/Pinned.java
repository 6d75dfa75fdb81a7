package dev.storemesh.http.route;

import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What a request reads: a version, or without one the newest; at a store, with so many of its own writes laid over it.
/// Who asks for a version alone, or for an instant, sees what HQ knew.
record Pinned(Optional<Version> version, Optional<Long> local) {
    private static final String HEADER = "Storemesh-Local";

    /// What the parameters `version`, `at` and `local` of a call ask for.
    static CompletionStage<Pinned> of(CatalogPort catalogs, CatalogId catalog, Call call) {
        return AsOf.of(catalogs, catalog, call)
                .thenCompose(version ->
                        of(catalogs, catalog, call, version, call.number("local", 0, Long.MAX_VALUE), "local"));
    }

    /// What these ask for, whichever way they came.
    ///
    /// @param name of the field or parameter that `local` is from
    static CompletionStage<Pinned> of(
            CatalogPort catalogs,
            CatalogId catalog,
            Call call,
            Optional<Version> version,
            Optional<Instant> at,
            Optional<Long> local,
            String name) {
        return AsOf.of(catalogs, catalog, version, at)
                .thenCompose(found -> of(catalogs, catalog, call, found, local, name));
    }

    private static CompletionStage<Pinned> of(
            CatalogPort catalogs,
            CatalogId catalog,
            Call call,
            Optional<Version> version,
            Optional<Long> local,
            String name) {
        if (local.isEmpty() && (version.isPresent() || call.lock().isPresent())) {
            return CompletableFuture.completedStage(new Pinned(version, Optional.empty()));
        }
        if (local.isPresent() && version.isEmpty()) {
            throw wrong(name, "local: without `version` (expected: both or none)");
        }
        return NoAnswerException.of(catalogs.view(catalog))
                .thenApply(newest -> local.isPresent()
                        ? new Pinned(version, Optional.of(checked(local.get(), newest, name)))
                        : new Pinned(newest.map(LocalView::version), newest.map(LocalView::local)));
    }

    /// A local number that a store has given out already.
    static CompletionStage<Long> checked(CatalogPort catalogs, CatalogId catalog, long local, String name) {
        return NoAnswerException.of(catalogs.view(catalog)).thenApply(newest -> checked(local, newest, name));
    }

    private static long checked(long local, Optional<LocalView> newest, String name) {
        if (newest.isEmpty()) {
            throw wrong(name, name + ": nothing is laid over this catalog here (expected: none)");
        }
        if (local > newest.get().local()) {
            throw wrong(
                    name,
                    name + ": not there yet (expected: at most " + newest.get().local() + ")");
        }
        return local;
    }

    private static RuntimeException wrong(String name, String detail) {
        return name.startsWith("/")
                ? new MalformedInput("invalid_value", name, detail)
                : Call.invalidParameter(name, detail);
    }

    /// The reply with what it was read at.
    Reply on(Reply reply) {
        return local.map(number -> reply.with(HEADER, number.toString())).orElse(reply);
    }
}
