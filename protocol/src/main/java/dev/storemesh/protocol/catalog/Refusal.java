package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Violation;
import java.util.List;

/// Why a rule said no.
public sealed interface Refusal {
    /// All that is wrong with a write.
    record Violations(List<Violation> violations) implements Refusal {
        public Violations {
            violations = List.copyOf(violations);
        }
    }

    record UnknownCatalog() implements Refusal {}

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

    /// The store's requests between `sequence`, the last one recorded, and the offered ones are missing.
    record SequenceGap(long epoch, long sequence) implements Refusal {}

    /// The store offers requests of an epoch before the current one, or others under sequences that are recorded
    /// already, as it does when it lost the end of its journal: it must open a new epoch.
    record StaleEpoch(long epoch, long sequence) implements Refusal {}

    /// The reviewer names a version that is not there yet; the newest is `visible`.
    record NotYetSeen(Version visible) implements Refusal {}

    /// Only HQ does that.
    record HqOnly() implements Refusal {}

    /// The request is larger than `limit` allows.
    record TooLarge(String what, long limit) implements Refusal {}
}
