package dev.storemesh.protocol.schema;

import java.util.Locale;

/// Who decides what an attribute's value is when a store writes it. In JSON in lower case.
public enum Authority {
    /// HQ, by a person or a rule: the store's write is a request.
    HQ,
    /// The store, for its own locations: its write is effective there at once, and HQ records it.
    STORE;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
