package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.page.LockTokens;
import java.util.Optional;
import java.util.function.Supplier;

/// The catalogs as a call comes to them: with the lock of the transaction that it holds, and the patience that it
/// has for somebody else's.
final class CallCatalogs {
    private final CatalogPort catalogs;
    private final Supplier<LockTokens> locks;

    CallCatalogs(CatalogPort catalogs, Supplier<LockTokens> locks) {
        this.catalogs = catalogs;
        this.locks = locks;
    }

    /// As everybody sees them.
    CatalogPort visible() {
        return catalogs;
    }

    /// @throws ProblemException 403 `bad_lock`
    CatalogPort of(Call call) {
        return of(call, Optional.empty());
    }

    /// With so many of a store's own writes laid over the version that is read.
    ///
    /// @throws ProblemException 403 `bad_lock`
    CatalogPort of(Call call, Optional<Long> local) {
        var terms = new Terms(lock(call), call.patience(), local);
        return terms.equals(Terms.NONE) ? catalogs : catalogs.on(terms);
    }

    /// As a call asks to see them: with so many of a store's own writes, or with all that is pending there.
    ///
    /// @throws ProblemException 403 `bad_lock`
    CatalogPort of(Call call, Pinned pinned) {
        return pinned.pending()
                ? catalogs.on(new Terms(Optional.empty(), call.patience(), Optional.empty(), true))
                : of(call, pinned.local());
    }

    /// The lock that a call shows, as one that this site gave for the catalog in the path.
    ///
    /// @throws ProblemException 403 `bad_lock`
    Optional<LockToken> lock(Call call) {
        return call.lock().map(token -> locks.get().read(token, call.catalog()).orElseThrow(CallCatalogs::badLock));
    }

    /// A lock as its holder is to show it.
    String token(Call call, LockToken lock) {
        return locks.get().write(call.catalog(), lock);
    }

    private static ProblemException badLock() {
        return new ProblemException(Problem.of(
                403, "bad_lock", "The lock is not one of ours: it was altered, or is of another catalog or site."));
    }
}
