package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Provenance;
import java.util.Optional;

/// A caller's own name for one request, so that sending it again does nothing twice. Two callers' equal texts are two
/// keys.
public record IdempotencyKey(String caller, String text) {
    private static final int LENGTH = 200;

    public IdempotencyKey {
        if (text.isEmpty() || text.length() > LENGTH || !text.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw new IllegalArgumentException("Idempotency-Key: " + text.length() + " characters (expected: 1 to "
                    + LENGTH + " of printable ASCII)");
        }
    }

    public static Optional<IdempotencyKey> of(Provenance provenance) {
        return provenance.key().map(key -> new IdempotencyKey(provenance.caller(), key));
    }
}
