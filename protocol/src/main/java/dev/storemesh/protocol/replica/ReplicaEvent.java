package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LocalChange;
import dev.storemesh.protocol.object.LocalEnd;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A fact in the journal of a store's copy of one catalog: what came down from HQ, and what the store wants to send
/// up. Stored forever; never edited, never renamed.
public sealed interface ReplicaEvent {
    /// When it was decided (UTC, the store's clock); orders nothing.
    Instant at();

    /// A new writer took the replica over; from here on an older one can append nothing.
    record Opened(Instant at) implements ReplicaEvent {}

    /// The store enrolled: it follows this history, and numbers its requests anew in this epoch. What HQ has not
    /// recorded yet is numbered from 1, in its old order.
    record Enrolled(Instant at, StoreId store, HistoryId history, long epoch) implements ReplicaEvent {}

    /// HQ's next versions, in order and without a gap; their chain was checked, unless what is held is of one
    /// location.
    record Followed(Instant at, List<LogEntry> entries) implements ReplicaEvent {
        public Followed {
            entries = List.copyOf(entries);
            if (entries.isEmpty()) {
                throw new IllegalArgumentException("entries: none (expected: at least one)");
            }
        }
    }

    /// From here on the copy's objects are divided among the partitions of this generation.
    record Repartitioned(Instant at, int generation, int partitions) implements ReplicaEvent {}

    /// A write made at the store waits for HQ. `own`: what it comes to there at once, if all of it is the store's
    /// own.
    record RequestQueued(QueuedRequest request, Optional<LocalChange> own) implements ReplicaEvent {
        /// One that is HQ's to decide.
        public RequestQueued(QueuedRequest request) {
            this(request, Optional.empty());
        }

        @Override
        public Instant at() {
            return request.queuedAt();
        }
    }

    /// HQ has decided these own writes of the store, in versions that the same row brought.
    record OwnDecided(Instant at, List<LocalEnd> decided) implements ReplicaEvent {
        public OwnDecided {
            decided = List.copyOf(decided);
            if (decided.isEmpty()) {
                throw new IllegalArgumentException("decided: none (expected: at least one)");
            }
        }
    }

    /// The store numbers its requests anew in this epoch, of itself: HQ knows others under its numbers, or has
    /// forgotten some. What HQ has not recorded yet is numbered from 1, in its old order. One that is not after the
    /// epoch that the store is in changes nothing.
    record EpochOpened(Instant at, long epoch) implements ReplicaEvent {}

    /// HQ has forgotten these of the store's requests, which it had recorded: they wait again under their old
    /// ids, before all that wait, in the order in which they stand here. All are numbered anew, in a new epoch.
    record RequestsQueuedAgain(Instant at, long epoch, List<QueuedRequest> requests) implements ReplicaEvent {
        public RequestsQueuedAgain {
            requests = List.copyOf(requests);
        }
    }

    /// All requests up to this sequence are about to be offered: from now on HQ may have them.
    record RequestsOffered(Instant at, long sequence) implements ReplicaEvent {}

    /// Somebody asked for a copy of HQ's state in the place of what is held.
    record CopyAsked(Instant at) implements ReplicaEvent {}

    /// The store is to hold what is global and at this location; without one, all. Before anything has come down it
    /// does from here on; later a copy of that is asked for in the place of what is held.
    record ScopeAsked(Instant at, Optional<LocationId> location) implements ReplicaEvent {}

    /// HQ's state at `floor` of a history begins to come in; what came in of another goes.
    record LoadBegun(Instant at, HistoryId history, Floor floor) implements ReplicaEvent {}

    /// The next of its objects, in page order. Nobody sees them before all are there.
    record PageLoaded(Instant at, List<LoadedObject> objects) implements ReplicaEvent {
        public PageLoaded {
            objects = List.copyOf(objects);
        }
    }

    /// All are there: from here on they are what is held, as the state at `version`.
    record Loaded(Instant at, Version version) implements ReplicaEvent {}
}
