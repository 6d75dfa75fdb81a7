package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Version;
import java.time.Instant;
import java.util.Optional;

/// A change request as a store offers it to HQ. The operations are still the JSON that came: what HQ cannot read is
/// recorded as refused and does not hold up those behind it. `role`: the requester's at the store. One that
/// `withdraws` another has no operations.
public record OfferedRequest(
        RequestId id,
        long sequence,
        Version base,
        String operations,
        String requester,
        Optional<String> role,
        Optional<String> reason,
        Instant queuedAt,
        Optional<RequestId> withdraws) {
    /// One of a requester whose role is not told.
    public OfferedRequest(
            RequestId id,
            long sequence,
            Version base,
            String operations,
            String requester,
            Optional<String> reason,
            Instant queuedAt) {
        this(id, sequence, base, operations, requester, Optional.empty(), reason, queuedAt, Optional.empty());
    }
}
