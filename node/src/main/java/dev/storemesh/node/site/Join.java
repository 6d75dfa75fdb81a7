package dev.storemesh.node.site;

import java.net.URI;

/// What makes a node a store: where HQ is, and the one-time join token that HQ gave out for it. Needed at the first
/// start only; after that the node's home remembers its enrolment.
public record Join(URI hq, String token) {
    public Join {
        var scheme = hq.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || hq.getHost() == null) {
            throw new IllegalArgumentException("hq: " + hq + " (expected: an address such as https://hq.example:8080)");
        }
    }

    /// The token is a secret: it is left out.
    @Override
    public String toString() {
        return "Join[hq=" + hq + "]";
    }
}
