package dev.storemesh.protocol.access;

/// What a request needs; every route names those of which one is enough.
public enum Permission {
    /// See catalogs, their objects and their schema.
    READ,
    /// See change requests.
    SEE_REQUESTS,
    /// See the log, and by it what everybody wrote, when and why.
    FOLLOW,
    /// Ask for changes, at a store.
    ASK,
    /// Change objects at HQ; at a store: ask for it.
    WRITE,
    /// Change types, definitions and constraints, and install apps.
    SHAPE,
    /// Make and change locations.
    PLACE,
    /// Make and change the rules by which change requests are decided.
    RULE,
    /// Change much at once: transactions, imports, reverts.
    BULK,
    /// Take an own store's change request back.
    WITHDRAW,
    /// Set values that the own store decides, which are effective there at once.
    OWN,
    /// Approve and reject change requests.
    DECIDE,
    /// Offer a store's change requests to HQ, and hear of its staff: a link's alone.
    OFFER,
    /// See the stores and how they stand.
    SEE_STORES,
    /// See who may do what: tokens, without their secrets, and namespaces.
    AUDIT,
    /// See how the site runs: its state and its metrics.
    WATCH,
    /// Make and end catalogs, stores, tokens and claims to namespaces.
    ADMINISTER
}
