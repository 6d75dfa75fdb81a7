package dev.storemesh.node.site;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `storemesh.http`: where and how the node listens.
///
/// @param bind address or host name to listen on
/// @param port TCP port; 0 takes a free one
/// @param maxBodyBytes the largest request body
/// @param allowPlainTokens whether bearer tokens are taken over plain HTTP from other machines
/// @param tls empty: plain HTTP
/// @param requestTimeout longer than the longest long poll
/// @param importMaxBodyBytes the largest body of an import, unpacked
/// @param maxConnections that are open at once; further ones wait to be accepted
/// @param corsOrigins whose scripts may read what the node answers; `*`: all
public record HttpSettings(
        String bind,
        int port,
        long maxBodyBytes,
        boolean allowPlainTokens,
        Optional<Tls> tls,
        Duration requestTimeout,
        long importMaxBodyBytes,
        int maxConnections,
        Set<String> corsOrigins) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:%_-]+");
    private static final Pattern ORIGINS = Pattern.compile("(?:(?:https?://[a-z0-9.\\[\\]:_-]+|\\*)(?: *, *|$))*");

    /// The longest that a request may ask to be held (`wait` of the log).
    public static final Duration LONGEST_POLL = Duration.ofSeconds(30);

    /// PEM files, absolute and readable at the start, to be looked at every `reloadEvery`.
    public record Tls(Path certificate, Path key, Duration reloadEvery) {}

    static HttpSettings read(SettingsReader reader) throws StartFailure {
        return new HttpSettings(
                reader.text("http.bind", HOST, "an address or host name"),
                reader.whole("http.port", 0, 65_535),
                reader.size("http.max-body", "1KiB", "256MiB"),
                reader.flag("http.allow-plain-tokens"),
                tls(reader),
                reader.span("http.request-timeout", LONGEST_POLL.plusSeconds(1), Duration.ofMinutes(10)),
                reader.size("http.import-max-body", "64KiB", "1TiB"),
                reader.whole("http.max-connections", 64, 100_000),
                origins(reader));
    }

    private static Set<String> origins(SettingsReader reader) throws StartFailure {
        var text = reader.text(
                "http.cors-origins",
                ORIGINS,
                "origins such as https://console.example:8443, separated by commas, or *");
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Tls> tls(SettingsReader reader) throws StartFailure {
        var certificate = reader.file("http.tls.certificate");
        var key = reader.file("http.tls.key");
        var reloadEvery = reader.span("http.tls.reload-every", Duration.ofSeconds(1), Duration.ofDays(1));
        if (certificate.isPresent() && key.isEmpty()) {
            throw reader.wrong("http.tls.key", "a file, since storemesh.http.tls.certificate is set");
        }
        if (key.isPresent() && certificate.isEmpty()) {
            throw reader.wrong("http.tls.certificate", "a file, since storemesh.http.tls.key is set");
        }
        return certificate.flatMap(chain -> key.map(secret -> new Tls(chain, secret, reloadEvery)));
    }
}
