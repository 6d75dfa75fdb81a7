package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Changed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Why a rule said no.
public sealed interface Refusal {
    /// What is wrong with a write: all of it, or the first of `count`.
    record Violations(List<Violation> violations, long count) implements Refusal {
        public Violations {
            violations = List.copyOf(violations);
        }
    }

    record UnknownCatalog() implements Refusal {}

    /// There is no such object, nor was there.
    record UnknownObject(ObjectToken object) implements Refusal {}

    /// What the writer saw has changed since.
    record PreconditionFailed(List<Changed> changed) implements Refusal {
        public PreconditionFailed {
            changed = List.copyOf(changed);
        }
    }

    /// The idempotency key was accepted with another body.
    record KeyReused() implements Refusal {}

    record UnknownRequest() implements Refusal {}

    /// A slot of the request changed since the version the reviewer saw.
    record Conflicted(List<Conflict> conflicts) implements Refusal {
        public Conflicted {
            conflicts = List.copyOf(conflicts);
        }
    }

    /// The request was decided otherwise.
    record AlreadyDecided(Status status, Version version) implements Refusal {}

    /// Nobody decides a request of their own.
    record OwnRequest() implements Refusal {}

    /// These must be decided before it.
    record WaitsFor(List<RequestId> requests) implements Refusal {
        public WaitsFor {
            requests = List.copyOf(requests);
        }
    }

    /// There is room for `limit` comments.
    record TooManyComments(int limit) implements Refusal {}

    /// The store's requests between `sequence`, the last one recorded, and the offered ones are missing.
    record SequenceGap(long epoch, long sequence) implements Refusal {}

    /// The store offers requests of an epoch before the current one, or others under sequences that are recorded
    /// already, as it does when it lost the end of its journal: it must open a new epoch.
    record StaleEpoch(long epoch, long sequence) implements Refusal {}

    /// The store follows another history: this log goes on from an older copy than what it holds.
    record OtherHistory(Version visible) implements Refusal {}

    /// The reviewer names a version that is not there yet; the newest is `visible`.
    record NotYetSeen(Version visible) implements Refusal {}

    /// Somebody has a transaction open. Without a write of its holder it ends at `until`.
    record Locked(Version version, Provenance holder, Instant since, Instant until) implements Refusal {}

    /// The lock's transaction is over. How it ended is known of the last ones only.
    record TransactionOver(Version version, Optional<Ending> ending) implements Refusal {}

    /// Only HQ does that.
    record HqOnly() implements Refusal {}

    /// The request is larger than `limit` allows.
    record TooLarge(String what, long limit) implements Refusal {}
}
