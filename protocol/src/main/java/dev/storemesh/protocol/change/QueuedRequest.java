package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A change request in its store's queue. `base` is HQ's version that the store held when it was made; `names` maps
/// the write's temporary names to the tokens the store made; the operations are by token alone. `role`: the
/// requester's. One that `withdraws` another has no operations.
public record QueuedRequest(
        RequestId id,
        long sequence,
        Version base,
        List<Operation> operations,
        Provenance provenance,
        Optional<String> role,
        String digest,
        Map<String, ObjectToken> names,
        Instant queuedAt,
        Optional<RequestId> withdraws) {
    private static final long REST_BYTES = 400;

    public QueuedRequest {
        operations = List.copyOf(operations);
        names = Map.copyOf(names);
    }

    /// One of a requester whose role is not told.
    public QueuedRequest(
            RequestId id,
            long sequence,
            Version base,
            List<Operation> operations,
            Provenance provenance,
            String digest,
            Map<String, ObjectToken> names,
            Instant queuedAt) {
        this(id, sequence, base, operations, provenance, Optional.empty(), digest, names, queuedAt, Optional.empty());
    }

    /// About how many bytes it takes: for bounding what waits, not for accounts.
    public long weight() {
        return REST_BYTES
                + Write.weight(operations)
                + provenance.reason().map(String::length).orElse(0);
    }

    public QueuedRequest withBase(Version newBase) {
        return new QueuedRequest(
                id, sequence, newBase, operations, provenance, role, digest, names, queuedAt, withdraws);
    }

    public QueuedRequest withSequence(long newSequence) {
        return new QueuedRequest(
                id, newSequence, base, operations, provenance, role, digest, names, queuedAt, withdraws);
    }
}
