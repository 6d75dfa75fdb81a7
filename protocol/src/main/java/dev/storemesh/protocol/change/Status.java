package dev.storemesh.protocol.change;

import java.util.Locale;

/// Where a change request stands; in JSON in lower case.
///
/// ```
/// queued -> sent -> waiting -> approved (-> applied, at the store that follows)
///    (store)    \           \-> rejected
///                \-> refused
/// ```
public enum Status {
    /// Durable in the store's queue; HQ has not heard of it.
    QUEUED,
    /// Offered to HQ, which may have it.
    SENT,
    /// Recorded at HQ, which must decide.
    WAITING,
    /// Decided by a person at HQ; its operations are part of the catalog from the deciding version on.
    APPROVED,
    /// Approved, and the store's replica holds the version that did it.
    APPLIED,
    /// Decided by a person at HQ: nothing changes.
    REJECTED,
    /// Could not be recorded as a request to decide: it is not of a form that HQ understands.
    REFUSED;

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
                + "\" (expected: queued, sent, waiting, approved, applied, rejected or refused)");
    }
}
