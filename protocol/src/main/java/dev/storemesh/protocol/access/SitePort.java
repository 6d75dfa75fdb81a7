package dev.storemesh.protocol.access;

import java.util.Optional;

/// What a site says of itself, without a token: for health checks.
public interface SitePort {
    Standing standing();

    /// `ready`: this node answers requests. `hq`: at a store, how its link stands.
    record Standing(String site, Kind kind, boolean ready, Optional<LinkState> hq) {}

    enum Kind {
        HQ,
        STORE,
        /// Follows HQ as a store does, and has no queue.
        READER;

        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// How a store's link stands.
    enum LinkState {
        /// HQ answered the last request.
        REACHABLE,
        /// It did not; the link goes on trying, and the store goes on working.
        UNREACHABLE,
        /// HQ's log is not the one this store followed, or holds what this program cannot read: nothing more is
        /// applied.
        DIVERGED,
        /// HQ does not let this store in until it is resumed there; the store goes on working.
        SUSPENDED,
        /// HQ has removed this store; what it holds goes on working, and nothing comes any more.
        REMOVED;

        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
