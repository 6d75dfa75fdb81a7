package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.ObjectToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// A fact in the log of one catalog, in the past tense. Stored forever; never edited, never renamed.
public sealed interface CatalogEvent {
    /// When the writer decided it (UTC); orders nothing.
    Instant at();

    /// A new writer took the catalog over; from here on an older one can append nothing, for its next row has this
    /// number.
    record Opened(Instant at) implements CatalogEvent {}

    /// The catalog came to be; its chain begins with this history.
    record Created(Instant at, HistoryId history) implements CatalogEvent {}

    /// The log goes on from an older copy of itself: what came after its last row is forgotten, and whoever holds
    /// that follows another history. Versions and chain go on from where they are. It has no version.
    record HistoryBegun(Instant at, HistoryId history) implements CatalogEvent {}

    /// A version. `names` and `digest` are what a repeated write with the same idempotency key is answered by.
    record WriteAccepted(LogEntry entry, Map<String, ObjectToken> names, String digest) implements CatalogEvent {
        public WriteAccepted {
            names = Map.copyOf(names);
        }

        @Override
        public Instant at() {
            return entry.at();
        }
    }

    /// A transaction began; its lock names the version that it makes. `provenance` and `digest` are what a repeated
    /// opening with the same idempotency key is known by.
    record TransactionOpened(
            Instant at,
            LockToken lock,
            Provenance provenance,
            String digest,
            Duration idle,
            Instant ends,
            long maxBytes)
            implements CatalogEvent {}

    /// A step of the open transaction. `names` and `digest` as of a write.
    record StepAccepted(LogEntry entry, Map<String, ObjectToken> names, String digest) implements CatalogEvent {
        public StepAccepted {
            names = Map.copyOf(names);
        }

        @Override
        public Instant at() {
            return entry.at();
        }
    }

    /// From here on the catalog's objects are divided among the partitions of this generation. It has no version.
    record Repartitioned(Instant at, int generation, int partitions) implements CatalogEvent {}

    /// The open transaction is over, and its version is there or void.
    record TransactionEnded(LogEntry entry, Ending.How how) implements CatalogEvent {
        @Override
        public Instant at() {
            return entry.at();
        }
    }
}
