package dev.storemesh.node.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Tells when HQ was out of reach for so long that the store's copy is to be held against it. A cut that
/// began before this node started is not known.
final class Cuts {
    private final Duration longest;
    private Optional<Instant> since = Optional.empty();

    /// @param longest longer ones count
    Cuts(Duration longest) {
        this.longest = longest;
    }

    /// HQ was not reached.
    void lost(Instant now) {
        if (since.isEmpty()) {
            since = Optional.of(now);
        }
    }

    /// HQ was reached, and the store has all of it.
    ///
    /// @return whether a long cut ended with that
    boolean isOver(Instant now) {
        var wasLong = since.map(began -> Duration.between(began, now).compareTo(longest) > 0)
                .orElse(false);
        since = Optional.empty();
        return wasLong;
    }
}
