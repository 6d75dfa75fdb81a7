package dev.storemesh.ops.site;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits for what another process is about to do, until a deadline.
final class Eventually {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    private Eventually() {}

    /// Looks again and again until `good` takes what it sees, and returns that.
    ///
    /// @param what names the promise for the failure's message
    static <T> T see(String what, Duration limit, Callable<T> look, Predicate<T> good) throws Exception {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var seen = look.call();
            if (good.test(seen)) {
                return seen;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(what + ": not within " + limit + "; last seen: " + seen);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }
}
