package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Map;

/// What a transaction is committed with when the whole of it is the answer to one request: by its idempotency
/// key, in `provenance`, and the digest of what was sent a repeated one is known, and gets these `names` again.
/// A void transaction forgets it.
public record Closing(Provenance provenance, String digest, Map<String, ObjectToken> names) {
    public Closing {
        names = Map.copyOf(names);
        if (provenance.key().isEmpty()) {
            throw new IllegalArgumentException("closing: no idempotency key (expected: one)");
        }
    }
}
