package dev.storemesh.protocol.change;

import java.util.Locale;

/// Where a change request stands; in JSON in lower case.
///
/// ```
/// queued -> sent -> waiting | conflicted -> approved (-> applied, at the store that follows)
///    (store)    \                       \-> rejected | superseded | withdrawn
///                \-> refused
/// ```
public enum Status {
    /// Durable in the store's queue; HQ has not heard of it.
    QUEUED,
    /// Offered to HQ, which may have it.
    SENT,
    /// Recorded at HQ, which must decide.
    WAITING,
    /// Recorded at HQ, which must decide; what it changes was changed at HQ, too, since the store saw it.
    CONFLICTED,
    /// Decided by a person or a rule; its operations are part of the catalog from the deciding version on.
    APPROVED,
    /// Approved, and the store's replica holds the version that did it.
    APPLIED,
    /// Decided by a person or a rule, or together with one that it waited for: nothing changes.
    REJECTED,
    /// Could not be recorded: it is not of a form that HQ understands, or its values break a constraint.
    REFUSED,
    /// A later request of the same store for the same values was approved instead.
    SUPERSEDED,
    /// Its store took it back before anybody decided it.
    WITHDRAWN;

    /// Whether it is at HQ and somebody has still to decide it.
    public boolean isUndecided() {
        return this == WAITING || this == CONFLICTED;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Status parse(String wireName) {
        for (var status : values()) {
            if (status.wireName().equals(wireName)) {
                return status;
            }
        }
        throw new IllegalArgumentException("status: \"" + wireName
                + "\" (expected: queued, sent, waiting, conflicted, approved, applied, rejected, refused, superseded"
                + " or withdrawn)");
    }
}
