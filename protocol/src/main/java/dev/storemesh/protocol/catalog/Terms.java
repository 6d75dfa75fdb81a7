package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.LockToken;
import java.time.Duration;
import java.util.Optional;

/// On what terms somebody comes to a catalog: as the holder of its open transaction, and with how much patience for
/// somebody else's to end. `local`: who reads a version at a store sees so many of the store's own writes laid
/// over it; without it none, if it names a version, else all. `pending`: in their place all its undecided change
/// requests, those of its own writes among them.
public record Terms(Optional<LockToken> lock, Duration patience, Optional<Long> local, boolean pending) {
    public static final Terms NONE = new Terms(Optional.empty(), Duration.ZERO);

    /// Of one who does not name a pair.
    public Terms(Optional<LockToken> lock, Duration patience) {
        this(lock, patience, Optional.empty());
    }

    /// Of one who does not ask for what is pending.
    public Terms(Optional<LockToken> lock, Duration patience, Optional<Long> local) {
        this(lock, patience, local, false);
    }

    /// The same for who reads a version with so many of a store's own writes.
    public Terms over(Optional<Long> shown) {
        return new Terms(lock, patience, shown, pending);
    }

    public static Terms holding(LockToken lock) {
        return new Terms(Optional.of(lock), Duration.ZERO);
    }

    public static Terms waiting(Duration patience) {
        return new Terms(Optional.empty(), patience);
    }
}
