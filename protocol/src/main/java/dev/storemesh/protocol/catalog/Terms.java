package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.LockToken;
import java.time.Duration;
import java.util.Optional;

/// On what terms somebody comes to a catalog: as the holder of its open transaction, and with how much patience for
/// somebody else's to end.
public record Terms(Optional<LockToken> lock, Duration patience) {
    public static final Terms NONE = new Terms(Optional.empty(), Duration.ZERO);

    public static Terms holding(LockToken lock) {
        return new Terms(Optional.of(lock), Duration.ZERO);
    }

    public static Terms waiting(Duration patience) {
        return new Terms(Optional.empty(), patience);
    }
}
