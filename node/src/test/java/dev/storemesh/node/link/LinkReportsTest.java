package dev.storemesh.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.storemesh.node.site.LogLines;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log of the process")
class LinkReportsTest {
    @Test
    void aWrongClockIsShownAndLoggedOnce() {
        var reports = new LinkReports("0.1.0", () -> Instant.EPOCH);
        assertThat(reports.clockOffset()).isEmpty();
        try (var lines = new LogLines()) {
            reports.measured(Duration.ofSeconds(-42));
            reports.measured(Duration.ofSeconds(-43));
            assertThat(reports.clockOffset()).contains(Duration.ofSeconds(-43));
            assertThat(lines.of(LinkReports.class, Level.WARN))
                    .containsExactly("this store's clock is 42 s behind HQ's (alarm beyond 30 s)");
            reports.measured(Duration.ofSeconds(-1));
            reports.measured(Duration.ZERO);
            reports.measured(Duration.ofSeconds(31));
            assertThat(lines.of(LinkReports.class, Level.WARN)).hasSize(2);
        }
    }
}
