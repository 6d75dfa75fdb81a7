package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "tea", "Café", "\uD83C\uDF42 leaf", "what \uFFFD stands for", "\u0000\u07FF\uFFFF"})
    void readsTheTextThatWasWritten(String text) {
        assertThat(RowReader.read(row(text), RowReader::text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83C", "leaf \uDF42", "\uDF42\uD83C"})
    void refusesHalfASurrogatePair(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> row(text)).withMessageContaining("surrogate");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        var row = row("tea");
        row[row.length - 1] = (byte) 0xC3;
        assertThatExceptionOfType(UnreadableRowException.class)
                .isThrownBy(() -> RowReader.read(row, RowReader::text))
                .withMessageContaining("not UTF-8");
    }

    private static byte[] row(String text) {
        var writer = new RowWriter();
        writer.text(text);
        return writer.toBytes();
    }
}
