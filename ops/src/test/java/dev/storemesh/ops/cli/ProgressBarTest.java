package dev.storemesh.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
    private final AtomicLong nanos = new AtomicLong();
    private final StringWriter shown = new StringWriter();

    @Test
    void writesALineEveryFewSecondsWhereThereIsNoTerminal() {
        var bar = bar(false);
        bar.begin("products", 6_650);
        for (var i = 0; i < 6_650; i++) {
            bar.advance(1);
            nanos.addAndGet(Duration.ofMillis(1).toNanos());
        }
        bar.end();
        assertThat(shown.toString().lines())
                .containsExactly(
                        "products: 0 of 6,650 (0 %)",
                        "products: 3,001 of 6,650 (45 %)", "products: 6,001 of 6,650 (90 %)");
    }

    @Test
    void redrawsOneLineOnATerminalAndLeavesItEmpty() {
        var bar = bar(true);
        bar.begin("departments", 4);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        bar.advance(2);
        bar.end();
        assertThat(shown.toString())
                .doesNotContain("\n")
                .contains("\rdepartments  [###############...............] 2 of 4 (50 %)")
                .endsWith(" \r");
    }

    private ProgressBar bar(boolean terminal) {
        return new ProgressBar(new PrintWriter(shown), terminal, nanos::get);
    }
}
