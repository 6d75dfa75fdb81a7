package dev.storemesh.ops.api;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A node to talk to: its base address, who we are there, and whom we trust.
///
/// A bearer token is a password: it never leaves for another machine unencrypted unless `allowPlainHttp` says that
/// the network in between is trusted. Loopback is told by the name as written, not by what a name resolves to.
///
/// @param base `http://host:port` or `https://host:port`, perhaps with a path in front of `/api/v1`
/// @param trust PEM file with the certificates of a private authority, in place of the JDK's own
public record Endpoint(URI base, Optional<String> token, boolean allowPlainHttp, Optional<Path> trust) {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Pattern HEADER_SAFE = Pattern.compile("[!-~]+");

    public Endpoint {
        var scheme = base.getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new IllegalArgumentException("url: " + base + " (expected: http://HOST:PORT or https://HOST:PORT)");
        }
        if (base.getHost() == null
                || base.getRawUserInfo() != null
                || base.getRawQuery() != null
                || base.getRawFragment() != null) {
            throw new IllegalArgumentException("url: " + base + " (expected: a host, and no user, query or fragment)");
        }
        if (token.isPresent() && !HEADER_SAFE.matcher(token.get()).matches()) {
            throw new IllegalArgumentException("token: has blanks or other signs that no token has");
        }
        if (token.isPresent() && "http".equals(scheme) && !allowPlainHttp && !isLoopback(base.getHost())) {
            throw new IllegalArgumentException("url: " + base
                    + " would carry the token unencrypted to another machine"
                    + " (expected: https, or --allow-plain-http if the network between is trusted)");
        }
    }

    /// Reads `text` as base address.
    public static Endpoint of(String text, Optional<String> token, boolean allowPlainHttp, Optional<Path> trust) {
        URI base;
        try {
            base = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: " + text + " (expected: http://HOST:PORT)", e);
        }
        return new Endpoint(base, token, allowPlainHttp, trust);
    }

    /// The same node, spoken to as somebody else.
    public Endpoint withToken(String other) {
        return new Endpoint(base, Optional.of(other), allowPlainHttp, trust);
    }

    public boolean isLoopback() {
        return isLoopback(base.getHost());
    }

    URI resolve(String pathAndQuery) {
        var text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + pathAndQuery);
    }

    private static boolean isLoopback(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("[::1]")
                || LOOPBACK_V4.matcher(name).matches();
    }

    @Override
    public String toString() {
        return "Endpoint[" + base + "]"; // never the token
    }
}
