package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.StoreId;
import java.util.Optional;

/// Who wrote, and why. `caller` is the principal's name; `app` the program it came through; `store` the site a change
/// request came from; `key` the idempotency key, which is the caller's own.
public record Provenance(
        String caller, Optional<String> app, Optional<StoreId> store, Optional<String> key, Optional<String> reason) {
    public static Provenance of(String caller) {
        return new Provenance(caller, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Provenance withKey(Optional<String> newKey) {
        return new Provenance(caller, app, store, newKey, reason);
    }

    public Provenance withReason(Optional<String> newReason) {
        return new Provenance(caller, app, store, key, newReason);
    }

    public Provenance withStore(StoreId newStore) {
        return new Provenance(caller, app, Optional.of(newStore), key, reason);
    }
}
