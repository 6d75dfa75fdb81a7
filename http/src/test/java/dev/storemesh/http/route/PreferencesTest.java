package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PreferencesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wait=5 | 5",
                "Wait = 5 | 5",
                "respond-async, wait=10 | 10",
                "wait=\"7\" | 7",
                "wait=5; x=y | 5",
                "wait=5, wait=9 | 5",
                "handling=lenient; a=\"b, wait=9\", wait=3 | 3",
                "a=\"b \\\" c, wait=9\" | 0",
                "wait=31 | 30",
                "wait=999999999 | 30",
                "wait=0 | 0",
                "wait=-1 | 0",
                "wait=1.5 | 0",
                "wait=9999999999 | 0",
                "wait= | 0",
                "wait | 0",
                "await=5 | 0",
                "wait=5x | 0",
                ",,;;==\" | 0"
            })
    void waitsAsLongAsIsPreferredAndPassesOverTheRest(String header, long seconds) {
        assertThat(Preferences.wait(List.of(header))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void ofSeveralHeadersTheFirstCounts() {
        assertThat(Preferences.wait(List.of("respond-async", "wait=4", "wait=5")))
                .isEqualTo(Duration.ofSeconds(4));
        assertThat(Preferences.wait(List.of())).isEqualTo(Duration.ZERO);
    }

    @Test
    void doesNotTakeLongForWhatIsLong() {
        for (var hostile :
                List.of("wait=".repeat(100_000), "\"\\".repeat(100_000), ",".repeat(100_000), " ".repeat(100_000))) {
            assertThat(Preferences.wait(List.of(hostile))).isEqualTo(Duration.ZERO);
        }
    }
}
