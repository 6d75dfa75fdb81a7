package dev.storemesh.http.route;

import java.time.Duration;

/// What requests may cost: the largest body, and how long it may take to arrive.
public record RouterSettings(long bodyLimitBytes, Duration bodyDeadline) {
    public RouterSettings {
        if (bodyLimitBytes < 1) {
            throw new IllegalArgumentException("bodyLimitBytes: " + bodyLimitBytes + " (expected: >= 1)");
        }
        if (!bodyDeadline.isPositive()) {
            throw new IllegalArgumentException("bodyDeadline: " + bodyDeadline + " (expected: > 0)");
        }
    }
}
