package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A change request in its store's queue. `base` is HQ's version that the store held when it was made; `names` maps
/// the write's temporary names to the tokens the store made; the operations are by token alone.
public record QueuedRequest(
        RequestId id,
        long sequence,
        Version base,
        List<Operation> operations,
        Provenance provenance,
        String digest,
        Map<String, ObjectToken> names,
        Instant queuedAt) {
    public QueuedRequest {
        operations = List.copyOf(operations);
        names = Map.copyOf(names);
    }

    public QueuedRequest withSequence(long newSequence) {
        return new QueuedRequest(id, newSequence, base, operations, provenance, digest, names, queuedAt);
    }
}
