package dev.storemesh.protocol.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// When HQ last heard a store's link, and what that last said of its store. Kept in memory only.
public record StoreContact(Instant at, Optional<Told> told) {
    /// What was said, and when HQ heard it, by HQ's clock.
    public record Told(StoreReport report, Instant at) {
        /// How far the store's clock is ahead of HQ's; negative: behind. The way of the request is in it.
        public Duration clockOffset() {
            return Duration.between(at, report.clock());
        }
    }

    /// A request that said nothing of the store.
    public static StoreContact at(Instant at) {
        return new StoreContact(at, Optional.empty());
    }

    /// A request with a report.
    public static StoreContact of(StoreReport report, Instant at) {
        return new StoreContact(at, Optional.of(new Told(report, at)));
    }

    /// Both of them, in whatever order they came.
    public StoreContact and(StoreContact other) {
        return new StoreContact(
                at.isAfter(other.at) ? at : other.at,
                Stream.concat(told.stream(), other.told.stream()).max(Comparator.comparing(Told::at)));
    }
}
