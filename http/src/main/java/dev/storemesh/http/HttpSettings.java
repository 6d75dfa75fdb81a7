package dev.storemesh.http;

/// Where the server listens. `bind` is a host name or address; port 0 takes any free one. With `allowPlainTokens`
/// bearer tokens are accepted over plain HTTP from other machines: for a network that encrypts by itself.
public record HttpSettings(String bind, int port, boolean allowPlainTokens) {
    public HttpSettings {
        if (bind.isBlank()) {
            throw new IllegalArgumentException("bind: blank (expected: a host name or an address)");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }
}
