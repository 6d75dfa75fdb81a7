package dev.storemesh.http.route;

/// What a caller must be allowed to do before an endpoint is even asked.
public enum Permission {
    /// Open to everybody: health only.
    NOBODY_NEEDED,
    /// Any valid token, for what is the same for everybody.
    ANY_TOKEN,
    READ,
    WRITE,
    DECIDE,
    SEE_STORES,
    OPERATE,
    /// A store's own credential, as its link uses it.
    LINK,
    /// The bearer token is a join token: no principal yet, the handler judges it.
    JOIN
}
