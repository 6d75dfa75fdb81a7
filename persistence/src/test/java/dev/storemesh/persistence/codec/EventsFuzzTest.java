package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The target over its seeds, and over what was once found.
class EventsFuzzTest {
    private static final List<String> FOUND = List.of();

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
