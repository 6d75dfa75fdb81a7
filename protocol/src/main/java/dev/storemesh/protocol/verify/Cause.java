package dev.storemesh.protocol.verify;

import java.util.Arrays;
import java.util.Locale;

/// Why a store's copy is held against HQ's.
public enum Cause {
    /// An operator asked for it.
    ORDERED,
    /// HQ asks for it every day.
    NIGHTLY,
    /// The store could not reach HQ for long.
    RECONNECTED;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The cause of this name.
    ///
    /// @throws IllegalArgumentException if it is none
    public static Cause parse(String wireName) {
        return Arrays.stream(values())
                .filter(cause -> cause.wireName().equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "cause: \"" + wireName + "\" (expected: ordered, nightly or reconnected)"));
    }
}
