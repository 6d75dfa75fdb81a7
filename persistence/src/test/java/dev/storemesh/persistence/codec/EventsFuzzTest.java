package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The target over its seeds, and over what was once found.
class EventsFuzzTest {
    private static final List<String> FOUND = List.of("010102f6f9e4be826703742d3103416e6e010100045c455d5c455d5d5d5d5d5d"
            + "060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f01b6a3ecbe8267"); // only looked like too much memory

    @Test
    void takesWhatIsSound() {
        assertThat(EventsFuzz.seeds()).hasSizeGreaterThan(50).allSatisfy(EventsFuzz::fuzzerTestOneInput);
    }

    @Test
    void refusesWhatWasOnceFound() {
        for (var hex : FOUND) {
            EventsFuzz.fuzzerTestOneInput(java.util.HexFormat.of().parseHex(hex));
        }
    }
}
