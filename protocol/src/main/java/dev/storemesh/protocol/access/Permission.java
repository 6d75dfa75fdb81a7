package dev.storemesh.protocol.access;

/// What a request needs; every route names one.
public enum Permission {
    /// See catalogs, their history and change requests.
    READ,
    /// Change objects; at a store: ask for it.
    WRITE,
    /// Approve and reject change requests.
    DECIDE,
    /// Offer a store's change requests to HQ.
    OFFER,
    /// Make catalogs, stores and tokens.
    ADMINISTER
}
