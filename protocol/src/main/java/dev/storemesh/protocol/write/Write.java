package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Provenance;
import java.util.List;

/// One atomic request to change a catalog: all of its operations, or none. `digest` is the SHA-256 (hexadecimal) of
/// what the
/// client sent, by which a second request under the same idempotency key is told from a repeated one.
public record Write(List<Operation> operations, Provenance provenance, String digest) {
    public Write {
        operations = List.copyOf(operations);
    }
}
