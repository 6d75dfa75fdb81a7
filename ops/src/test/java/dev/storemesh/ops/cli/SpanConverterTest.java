package dev.storemesh.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class SpanConverterTest {
    @Test
    void readsSpansAsPeopleWriteThem() {
        assertThat(new SpanConverter().convert("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(new SpanConverter().convert("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(new SpanConverter().convert("12h")).isEqualTo(Duration.ofHours(12));
        assertThat(new SpanConverter().convert("30d")).isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0d", "-1d", "30", "d", "1w", "99999999999d", "1 d"})
    void refusesWhatIsNoSpan(String text) {
        assertThatThrownBy(() -> new SpanConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("30d");
    }
}
