package dev.storemesh.protocol.change;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A change request as people see it, in a store's queue and at HQ alike. `operations` is a JSON array. `version` is
/// the last one that changed its record at HQ, absent while it is queued; the decision is absent until there is one.
public record ChangeRequest(
        RequestId id,
        StoreId store,
        Status status,
        long epoch,
        long sequence,
        Version base,
        String operations,
        String requester,
        Optional<String> reason,
        Instant queuedAt,
        Optional<Version> version,
        Optional<Instant> recordedAt,
        Optional<Decision> decision,
        Optional<String> violations,
        Details details) {
    /// Who decided it when, and why.
    public record Decision(String by, Instant at, Optional<String> reason) {}

    /// What somebody said about it.
    public record Comment(String by, Instant at, String text) {}

    /// What else is known of it, where it is.
    ///
    /// @param role the requester's at the store
    /// @param waitsFor earlier requests of its store that touch one of its objects and were undecided when it came
    /// @param withdraws the request that it takes back
    /// @param overridden a JSON array of [Conflict]s: HQ's values that the store's own took the place of
    /// @param comments in order of time
    /// @param appliedIn the version that carried it out
    public record Details(
            Optional<String> role,
            List<RequestId> waitsFor,
            Optional<RequestId> withdraws,
            Optional<String> overridden,
            List<Comment> comments,
            Optional<Version> appliedIn) {
        public static final Details NONE = new Details(
                Optional.empty(), List.of(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());

        public Details {
            waitsFor = List.copyOf(waitsFor);
            comments = List.copyOf(comments);
        }

        /// Those of a request that HQ has not recorded.
        public static Details queued(Optional<String> role, Optional<RequestId> withdraws) {
            return new Details(role, List.of(), withdraws, Optional.empty(), List.of(), Optional.empty());
        }
    }

    /// One of which nothing else is known.
    public ChangeRequest(
            RequestId id,
            StoreId store,
            Status status,
            long epoch,
            long sequence,
            Version base,
            String operations,
            String requester,
            Optional<String> reason,
            Instant queuedAt,
            Optional<Version> version,
            Optional<Instant> recordedAt,
            Optional<Decision> decision,
            Optional<String> violations) {
        this(
                id,
                store,
                status,
                epoch,
                sequence,
                base,
                operations,
                requester,
                reason,
                queuedAt,
                version,
                recordedAt,
                decision,
                violations,
                Details.NONE);
    }

    public ChangeRequest withStatus(Status newStatus) {
        return new ChangeRequest(
                id,
                store,
                newStatus,
                epoch,
                sequence,
                base,
                operations,
                requester,
                reason,
                queuedAt,
                version,
                recordedAt,
                decision,
                violations,
                details);
    }
}
