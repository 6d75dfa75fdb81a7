package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Remembered;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What somebody who asked for a change is told. Sent when the journal has it, never before.
public sealed interface Answer {
    /// Accepted as this version; `replayed`: it had been before, under the same idempotency key.
    record Accepted(Version version, Map<String, ObjectToken> names, boolean replayed) implements Answer {
        public Accepted {
            names = Map.copyOf(names);
        }
    }

    /// The transaction is open, with its first step, where one was asked for. `until`: without a write it ends
    /// then, as void; `ends`: so it does whatever is written. `replayed`: it was opened before, under the same
    /// idempotency key.
    record Opened(LockToken lock, Instant since, Instant until, Instant ends, Optional<Staged> first, boolean replayed)
            implements Answer {}

    /// Accepted as this step of an open transaction's version, seen by its holder alone. `step` counts from 1.
    /// `effects`: of a step of an import, what it did.
    record Staged(
            Version version, int step, Map<String, ObjectToken> names, boolean replayed, Optional<Effects> effects)
            implements Answer {
        public Staged {
            names = Map.copyOf(names);
        }

        public Staged(Version version, int step, Map<String, ObjectToken> names, boolean replayed) {
            this(version, step, names, replayed, Optional.empty());
        }

        Staged with(Effects did) {
            return new Staged(version, step, names, replayed, Optional.of(did));
        }
    }

    /// The transaction is over: committed, its version is there; else it is void. `replayed`: it had ended so
    /// before.
    record Ended(Version version, Ending ending, boolean replayed) implements Answer {}

    /// What was answered to a request by its idempotency key; empty: none was accepted under it.
    record Recalled(Optional<Remembered> remembered) implements Answer {}

    /// A store's write is in its queue; `replayed`: it had been before, under the same idempotency key. `local`: its
    /// number, if it is the store's own and in effect there.
    record Queued(
            RequestId id,
            Status status,
            Map<String, ObjectToken> names,
            Version base,
            boolean replayed,
            Optional<Long> local)
            implements Answer {
        public Queued {
            names = Map.copyOf(names);
        }

        /// One that is in effect when HQ has decided it.
        public Queued(RequestId id, Status status, Map<String, ObjectToken> names, Version base, boolean replayed) {
            this(id, status, names, base, replayed, Optional.empty());
        }
    }

    /// HQ has decided a store's write while its sender waited: it stands as `status` since `version`, which the store
    /// holds. `replayed`: it was in the queue before, under the same idempotency key.
    record Settled(RequestId id, Status status, Map<String, ObjectToken> names, Version version, boolean replayed)
            implements Answer {
        public Settled {
            names = Map.copyOf(names);
        }
    }

    /// The catalog is there; `made`: by this request.
    record Created(Version version, boolean made) implements Answer {}

    /// All requests of the store's `epoch` up to `sequence` are recorded.
    record Recorded(Version version, long epoch, long sequence) implements Answer {}

    /// The request stands as `status` since `version`; `replayed`: it already did.
    record Decided(RequestId id, Status status, Version version, boolean replayed) implements Answer {}

    /// The comment stands.
    record Commented(RequestId id, Version version) implements Answer {}

    /// A rule says no; nothing changed. `at` is the version it was judged at, where there is a catalog.
    record Refused(Refusal refusal, Optional<Version> at) implements Answer {}

    /// Nothing was decided, and nothing changed: too many writes wait (`limit` of `what`). Try again later.
    record Busy(String what, long limit) implements Answer {}

    /// Nothing was decided, and nothing changed: something needed was out of reach. Try again later.
    record Unavailable(String reason) implements Answer {}

    static Answer refuse(Refusal refusal, Version at) {
        return new Refused(refusal, Optional.of(at));
    }

    static Answer refuse(Refusal refusal) {
        return new Refused(refusal, Optional.empty());
    }
}
