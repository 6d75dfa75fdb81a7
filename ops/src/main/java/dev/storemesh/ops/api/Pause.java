package dev.storemesh.ops.api;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How a client waits before it asks again.
@FunctionalInterface
public interface Pause {
    /// Real time.
    Pause CLOCK = duration -> {
        if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a latch that nobody counts down was open");
        }
    };

    void of(Duration duration) throws InterruptedException;
}
