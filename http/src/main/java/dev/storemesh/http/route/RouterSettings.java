package dev.storemesh.http.route;

import java.time.Duration;
import java.util.Set;

/// What requests may cost: the largest body, how long it may take to arrive, and how long the answer may then take,
/// which must be longer than the longest long poll (30 s).
///
/// @param linesLimitBytes the largest body of an import, unpacked
/// @param corsOrigins whose scripts may read what we answer: origins such as `https://console.example`, or `*`
public record RouterSettings(
        long bodyLimitBytes,
        Duration bodyDeadline,
        Duration requestTimeout,
        long linesLimitBytes,
        Set<String> corsOrigins) {
    private static final long LINES_LIMIT = 4L << 30;

    public RouterSettings {
        if (linesLimitBytes < 1) {
            throw new IllegalArgumentException("linesLimitBytes: " + linesLimitBytes + " (expected: >= 1)");
        }
        if (bodyLimitBytes < 1) {
            throw new IllegalArgumentException("bodyLimitBytes: " + bodyLimitBytes + " (expected: >= 1)");
        }
        corsOrigins = Set.copyOf(corsOrigins);
        checkPositive("bodyDeadline", bodyDeadline);
        checkPositive("requestTimeout", requestTimeout);
    }

    /// With a request timeout of 40 s.
    public RouterSettings(long bodyLimitBytes, Duration bodyDeadline) {
        this(bodyLimitBytes, bodyDeadline, Duration.ofSeconds(40));
    }

    /// With imports of 4 GiB.
    public RouterSettings(long bodyLimitBytes, Duration bodyDeadline, Duration requestTimeout) {
        this(bodyLimitBytes, bodyDeadline, requestTimeout, LINES_LIMIT, Set.of());
    }

    private static void checkPositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
