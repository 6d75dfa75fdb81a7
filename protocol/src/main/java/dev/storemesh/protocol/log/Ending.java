package dev.storemesh.protocol.log;

import java.time.Instant;

/// How and when a transaction ended.
public record Ending(How how, Instant at) {
    /// All but a commit leave its version void.
    public enum How {
        COMMITTED("committed"),
        ROLLED_BACK("rolled_back"),
        /// Its holder wrote nothing for longer than it had promised.
        IDLE("idle"),
        /// It was open for longer than any may be.
        TOO_LONG("too_long");

        private final String wireName;

        How(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }
}
