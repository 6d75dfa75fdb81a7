package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Literal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// One atomic request to change a catalog: all of its operations, or none. `digest` is the SHA-256 (hexadecimal) of
/// what the client sent, by which a second request under the same idempotency key is told from a repeated one.
/// `ifVersion`: only if no object changed after that version. `role`: the caller's, where it matters who asks: at a
/// store.
public record Write(
        List<Operation> operations,
        Provenance provenance,
        String digest,
        Optional<Version> ifVersion,
        Optional<String> role) {
    private static final long OPERATION_BYTES = 100;
    private static final long SETTING_BYTES = 60;

    public Write {
        operations = List.copyOf(operations);
    }

    /// One of a caller whose role does not matter.
    public Write(List<Operation> operations, Provenance provenance, String digest, Optional<Version> ifVersion) {
        this(operations, provenance, digest, ifVersion, Optional.empty());
    }

    /// About how many bytes it takes: for bounding what waits, not for accounts.
    public long weight() {
        return weight(operations);
    }

    /// About how many bytes operations take.
    public static long weight(Collection<Operation> operations) {
        return operations.stream().mapToLong(Write::weight).sum();
    }

    private static long weight(Operation operation) {
        return OPERATION_BYTES
                + switch (operation) {
                    case Operation.Put put -> weightOf(put.set());
                    case Operation.Bring bring -> weightOf(bring.set());
                    case Operation.Delete delete -> 0;
                    case Operation.Undelete undelete -> 0;
                };
    }

    private static long weightOf(List<Operation.Setting> set) {
        return set.stream().mapToLong(setting -> weight(setting.value())).sum();
    }

    private static long weight(Literal value) {
        return SETTING_BYTES + (value instanceof Literal.Text(var text) ? text.length() : 0);
    }
}
