package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.Optional;

/// A change request as people see it, in a store's queue and at HQ alike. `operations` is a JSON array. `version` is
/// the last one that changed its record at HQ, absent while it is queued; the decision is absent until there is one.
public record ChangeRequest(
        RequestId id,
        StoreId store,
        Status status,
        long epoch,
        long sequence,
        Version base,
        String operations,
        String requester,
        Optional<String> reason,
        Instant queuedAt,
        Optional<Version> version,
        Optional<Instant> recordedAt,
        Optional<Decision> decision,
        Optional<String> violations) {
    /// Who decided it when, and why.
    public record Decision(String by, Instant at, Optional<String> reason) {}

    public ChangeRequest withStatus(Status newStatus) {
        return new ChangeRequest(
                id,
                store,
                newStatus,
                epoch,
                sequence,
                base,
                operations,
                requester,
                reason,
                queuedAt,
                version,
                recordedAt,
                decision,
                violations);
    }
}
