package dev.storemesh.ops.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/// Tells the person in front of the demo what happens, each line with the time since the start.
final class Progress {
    private final PrintWriter out;
    private final InstantSource clock;
    private final Instant startedAt;

    /// @param startedAt what the times are counted from
    Progress(PrintWriter out, InstantSource clock, Instant startedAt) {
        this.out = out;
        this.clock = clock;
        this.startedAt = startedAt;
    }

    void step(String line) {
        var seconds = Duration.between(startedAt, clock.instant()).toMillis() / 1000.0;
        print(String.format(Locale.ROOT, "[%5.1f s] %s%n", seconds, line));
    }

    /// Prints `text` as it is; several threads may tell at once.
    synchronized void print(String text) {
        out.print(text);
        out.flush();
    }

    PrintWriter out() {
        return out;
    }
}
