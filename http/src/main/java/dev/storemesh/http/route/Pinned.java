package dev.storemesh.http.route;

import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/// What a request reads: a version, or without one the newest; at a store, with so many of its own writes laid
/// over it. Who asks for a version alone, or for an instant, sees what HQ knew. `pending`: all of the store's
/// undecided change requests are laid over it, its own writes among them.
record Pinned(Optional<Version> version, Optional<Long> local, boolean pending) {
    private static final String HEADER = "Storemesh-Local";
    private static final String INCLUDE = "include";

    /// Of one who does not ask for what is pending.
    Pinned(Optional<Version> version, Optional<Long> local) {
        this(version, local, false);
    }

    /// What the parameters `version`, `at` and `local` of a call ask for.
    static CompletionStage<Pinned> of(CatalogPort catalogs, CatalogId catalog, Call call) {
        var pending = call.query("pending");
        if (pending.isPresent()) {
            var alone = Stream.of("version", "at", "local")
                    .allMatch(name -> call.query(name).isEmpty());
            return pending(catalogs, catalog, call, pending.get(), alone, "pending");
        }
        return AsOf.of(catalogs, catalog, call)
                .thenCompose(version ->
                        of(catalogs, catalog, call, version, call.number("local", 0, Long.MAX_VALUE), "local"));
    }

    /// All that is pending at a store now.
    ///
    /// @param alone whether nothing asks for another time
    /// @param name of the field or parameter that `asked` is from
    static CompletionStage<Pinned> pending(
            CatalogPort catalogs, CatalogId catalog, Call call, String asked, boolean alone, String name) {
        if (!asked.equals(INCLUDE)) {
            throw wrong(name, "pending: \"" + Texts.shortened(asked, 80) + "\" (expected: include)");
        }
        if (!alone) {
            throw wrong(name, "pending: beside `version`, `at` or `local` (expected: none of them: it is as of now)");
        }
        if (call.lock().isPresent()) {
            throw wrong(name, "pending: in a transaction (expected: no Storemesh-Lock)");
        }
        return NoAnswerException.of(catalogs.view(catalog)).thenApply(newest -> {
            if (newest.isEmpty()) {
                throw wrong(
                        name,
                        "pending: nothing is laid over this catalog here: at HQ, undecided change requests are listed"
                                + " (expected: none)");
            }
            return new Pinned(Optional.empty(), Optional.empty(), true);
        });
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
