package dev.storemesh.protocol.log;

import java.time.Instant;
import java.util.Optional;

/// Who wrote a version, when and why: what a history says of it. Without the idempotency key, which is the writer's
/// own.
public record Written(Instant at, Provenance provenance) {
    public Written {
        provenance = provenance.key().isPresent() ? provenance.withKey(Optional.empty()) : provenance;
    }
}
