package dev.storemesh.node.link;

import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.log.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the link tells HQ of this store with each poll, and what HQ in return measured of the store's clock. Safe
/// for all threads.
public final class LinkReports {
    private static final Logger LOG = LoggerFactory.getLogger(LinkReports.class);

    private final String node;
    private final InstantSource clock;
    private volatile Optional<Duration> clockOffset = Optional.empty();

    /// @param node the version of this program
    /// @param clock the one that HQ compares with its own
    public LinkReports(String node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    /// How far this store's clock is ahead of HQ's, as HQ said last; negative: behind.
    public Optional<Duration> clockOffset() {
        return clockOffset;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    Map<String, String> headers(Version applied, int queued, Optional<LinkState> link) {
        var state = link.filter(LinkState.DIVERGED::equals).orElse(LinkState.REACHABLE);
        var report = new StoreReport(applied, queued, state.wireName(), node, now());
        return Map.of(StoreReport.HEADER, report.text());
    }

    /// HQ says so, or the node that has the link.
    void measured(Duration offset) {
        var wasAlarm = clockOffset.map(StoreReport::isAlarm).orElse(false);
        clockOffset = Optional.of(offset);
        if (StoreReport.isAlarm(offset) && !wasAlarm) {
            LOG.warn(
                    "this store's clock is {} s {} HQ's (alarm beyond {} s)",
                    offset.abs().toSeconds(),
                    offset.isNegative() ? "behind" : "ahead of",
                    StoreReport.CLOCK_ALARM.toSeconds());
        } else if (!StoreReport.isAlarm(offset) && wasAlarm) {
            LOG.info("this store's clock is right again");
        }
    }
}
