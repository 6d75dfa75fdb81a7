package dev.storemesh.http.route;

import java.time.Duration;

/// What requests may cost: the largest body, how long it may take to arrive, and how long the answer may then take,
/// which must be longer than the longest long poll (30 s).
public record RouterSettings(long bodyLimitBytes, Duration bodyDeadline, Duration requestTimeout) {
    public RouterSettings {
        if (bodyLimitBytes < 1) {
            throw new IllegalArgumentException("bodyLimitBytes: " + bodyLimitBytes + " (expected: >= 1)");
        }
        checkPositive("bodyDeadline", bodyDeadline);
        checkPositive("requestTimeout", requestTimeout);
    }

    /// With a request timeout of 40 s.
    public RouterSettings(long bodyLimitBytes, Duration bodyDeadline) {
        this(bodyLimitBytes, bodyDeadline, Duration.ofSeconds(40));
    }

    private static void checkPositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
