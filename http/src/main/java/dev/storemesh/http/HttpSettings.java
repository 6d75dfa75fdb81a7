package dev.storemesh.http;

import java.time.Duration;

/// Where the server listens. `bind` is a host name or address; port 0 takes any free one. With `allowPlainTokens`
/// bearer tokens are accepted over plain HTTP from other machines: for a network that encrypts by itself.
/// `requestTimeout` is what the handler gives itself for an answer: connections stay longer than that.
public record HttpSettings(String bind, int port, boolean allowPlainTokens, Duration requestTimeout) {
    public HttpSettings {
        if (bind.isBlank()) {
            throw new IllegalArgumentException("bind: blank (expected: a host name or an address)");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (!requestTimeout.isPositive()) {
            throw new IllegalArgumentException("requestTimeout: " + requestTimeout + " (expected: > 0)");
        }
    }

    /// With a request timeout of 40 s.
    public HttpSettings(String bind, int port, boolean allowPlainTokens) {
        this(bind, port, allowPlainTokens, Duration.ofSeconds(40));
    }
}
