package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Map;

/// What was answered to an accepted write that carried an idempotency key: kept as long as the log.
public record Remembered(Version version, String digest, Map<String, ObjectToken> names) {
    public Remembered {
        names = Map.copyOf(names);
    }
}
