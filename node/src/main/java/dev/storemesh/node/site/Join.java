package dev.storemesh.node.site;

import java.net.URI;

/// What makes a node a store: where HQ is, and the one-time join token that HQ gave out for it. Needed at the first
/// start only; after that the node's home remembers its enrolment.
public record Join(URI hq, String token) {
    /// The token is a secret: it is left out.
    @Override
    public String toString() {
        return "Join[hq=" + hq + "]";
    }
}
