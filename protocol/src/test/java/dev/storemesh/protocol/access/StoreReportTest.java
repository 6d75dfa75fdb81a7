package dev.storemesh.protocol.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.log.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreReportTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");
    private static final StoreReport REPORT = new StoreReport(new Version(41), 3, "reachable", "0.1.0-SNAPSHOT", NOON);
    private static final String TEXT =
            "applied=41, queued=3, link=reachable, node=0.1.0-SNAPSHOT, clock=2026-03-01T12:00:00.000Z";

    @Test
    void comesBackAsItWas() {
        assertThat(REPORT.text()).isEqualTo(TEXT);
        assertThat(StoreReport.parse(TEXT)).isEqualTo(REPORT);
    }

    @Test
    void passesOverWhatANewerProgramSays() {
        assertThat(StoreReport.parse("colour=red," + TEXT)).isEqualTo(REPORT);
        assertThat(StoreReport.parse(TEXT.replace("reachable", "half_open")).link())
                .isEqualTo("half_open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "applied=41",
                "applied",
                "applied=41, applied=42, queued=3, link=reachable, node=1, clock=2026-03-01T12:00:00.000Z",
                "applied=-1, queued=3, link=reachable, node=1, clock=2026-03-01T12:00:00.000Z",
                "applied=41, queued=x, link=reachable, node=1, clock=2026-03-01T12:00:00.000Z",
                "applied=41, queued=3, link=Reachable, node=1, clock=2026-03-01T12:00:00.000Z",
                "applied=41, queued=3, link=reachable, node=a b, clock=2026-03-01T12:00:00.000Z",
                "applied=41, queued=3, link=reachable, node=1, clock=noon"
            })
    void refusesWhatSaysTooLittleOrSaysItWrongly(String text) {
        assertThatThrownBy(() -> StoreReport.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StoreReport.parse(TEXT + ", x=" + "y".repeat(1_000)))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> new StoreReport(new Version(1), -1, "x", "1", NOON))
                .hasMessageContaining("queued");
    }

    @Test
    void clocksThatAreMoreThanHalfAMinuteApartAreAnAlarm() {
        assertThat(StoreReport.isAlarm(Duration.ofSeconds(30))).isFalse();
        assertThat(StoreReport.isAlarm(Duration.ofSeconds(-30))).isFalse();
        assertThat(StoreReport.isAlarm(Duration.ofMillis(30_001))).isTrue();
        assertThat(StoreReport.isAlarm(Duration.ofMillis(-30_001))).isTrue();
        var told = StoreContact.of(REPORT, NOON.plusSeconds(42)).told().orElseThrow();
        assertThat(told.clockOffset()).isEqualTo(Duration.ofSeconds(-42));
    }

    @Test
    void ofTwoContactsWhatIsNewerStaysWhicheverCameFirst() {
        var early = StoreContact.of(REPORT, NOON);
        var late = StoreContact.of(new StoreReport(new Version(42), 0, "reachable", "1", NOON), NOON.plusSeconds(1));
        var silent = StoreContact.at(NOON.plusSeconds(2));
        assertThat(early.and(late)).isEqualTo(late);
        assertThat(late.and(early)).isEqualTo(late);
        assertThat(late.and(silent)).isEqualTo(new StoreContact(NOON.plusSeconds(2), late.told()));
        assertThat(silent.and(late)).isEqualTo(late.and(silent));
        assertThat(silent.and(StoreContact.at(NOON)).told()).isEqualTo(Optional.empty());
    }
}
