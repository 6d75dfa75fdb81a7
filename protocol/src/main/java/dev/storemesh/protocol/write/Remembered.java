package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Map;

/// What was answered to an accepted write that carried an idempotency key: kept as long as the log. `step`: while its
/// version is a transaction's that is still open, which step of it the write was; else 0.
public record Remembered(Version version, String digest, Map<String, ObjectToken> names, int step) {
    public Remembered {
        names = Map.copyOf(names);
    }

    public Remembered(Version version, String digest, Map<String, ObjectToken> names) {
        this(version, digest, names, 0);
    }

    /// The same when its version is there.
    public Remembered ofVersion() {
        return step == 0 ? this : new Remembered(version, digest, names);
    }
}
