package dev.storemesh.node.link;

import dev.storemesh.node.site.LinkSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a loop of the link waits after a failure. It doubles from the least to the most, and then takes a random
/// part of the upper half.
final class Backoff {
    private final LinkSettings settings;
    private final RandomGenerator random;
    private int failures;

    Backoff(LinkSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    Duration next() {
        var most = settings.backoffMax().toMillis();
        var millis = Math.min(most, settings.backoffMin().toMillis() << Math.min(failures++, 20));
        return Duration.ofMillis(millis / 2 + random.nextLong(Math.max(1, millis / 2)));
    }

    void reset() {
        failures = 0;
    }
}
