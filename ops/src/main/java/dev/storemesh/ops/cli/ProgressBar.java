package dev.storemesh.ops.cli;

import dev.storemesh.ops.importer.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Progress for a person: one line redrawn on a terminal, a new line every few seconds elsewhere (a log).
final class ProgressBar implements Progress {
    private static final int WIDTH = 30;
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration NEW_LINE = Duration.ofSeconds(3);

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private String what = "";
    private long total;
    private long done;
    private long shownAtNanos;
    private int shownLength;

    ProgressBar(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    /// Shows on `err`, which is this process's standard error.
    static ProgressBar of(PrintWriter err) {
        return new ProgressBar(err, standardErrorIsTerminal(), System::nanoTime);
    }

    @Override
    public void begin(String part, long partTotal) {
        clear();
        what = part;
        total = partTotal;
        done = 0;
        show();
    }

    @Override
    public void advance(long by) {
        done += by;
        var pause = terminal ? REDRAW : NEW_LINE;
        if (nanoTime.getAsLong() - shownAtNanos >= pause.toNanos()) {
            show();
        }
    }

    @Override
    public void end() {
        clear();
    }

    private void show() {
        shownAtNanos = nanoTime.getAsLong();
        if (terminal) {
            var line = line();
            err.print("\r" + line + " ".repeat(Math.max(0, shownLength - line.length())));
            shownLength = line.length();
        } else {
            err.println(line());
        }
        err.flush();
    }

    private void clear() {
        if (terminal && shownLength > 0) {
            err.print("\r" + " ".repeat(shownLength) + "\r");
            err.flush();
            shownLength = 0;
        }
    }

    private String line() {
        if (total == 0) {
            return what + " …";
        }
        var count = String.format(Locale.ROOT, "%,d of %,d (%d %%)", done, total, 100 * done / total);
        if (!terminal) {
            return what + ": " + count;
        }
        var full = (int) (WIDTH * done / total);
        return String.format(Locale.ROOT, "%-12s [%s%s] %s", what, "#".repeat(full), ".".repeat(WIDTH - full), count);
    }

    /// Java's own console cannot tell about standard error alone; Linux can.
    private static boolean standardErrorIsTerminal() {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // another system: plain lines are right everywhere
        }
    }
}
