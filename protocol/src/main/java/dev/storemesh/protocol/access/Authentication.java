package dev.storemesh.protocol.access;

import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Who presents a secret, or why nobody may by it.
public sealed interface Authentication {
    record Known(Principal principal) implements Authentication {}

    /// Never given out, revoked, or over.
    record Unknown() implements Authentication {}

    /// HQ issued it, and this store has not heard from HQ since `heardAt`, longer than `age`: it may be revoked by now.
    record OutOfDate(Instant heardAt, Duration age) implements Authentication {}

    /// The credential of a store that HQ suspended or removed.
    record StoreEnded(StoreId store, Access.Standing standing) implements Authentication {}

    static Authentication of(Optional<Principal> found) {
        return found.<Authentication>map(Known::new).orElseGet(Unknown::new);
    }

    default Optional<Principal> known() {
        return this instanceof Known(var principal) ? Optional.of(principal) : Optional.empty();
    }
}
