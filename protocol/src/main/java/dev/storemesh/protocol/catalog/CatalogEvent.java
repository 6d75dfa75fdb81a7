package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.value.ObjectToken;
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
}
