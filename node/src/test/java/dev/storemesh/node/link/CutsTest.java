package dev.storemesh.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CutsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Cuts cuts = new Cuts(Duration.ofMinutes(10));

    @Test
    void onlyALongCutCounts() {
        cuts.lost(NOON);
        assertThat(cuts.isOver(NOON.plusSeconds(600))).isFalse();
        cuts.lost(NOON);
        assertThat(cuts.isOver(NOON.plusSeconds(601))).isTrue();
    }

    @Test
    void itBeginsWithItsFirstFailureAndCountsOnce() {
        cuts.lost(NOON);
        cuts.lost(NOON.plusSeconds(590));
        assertThat(cuts.isOver(NOON.plusSeconds(620))).isTrue();
        assertThat(cuts.isOver(NOON.plusSeconds(9_999))).isFalse();
    }
}
