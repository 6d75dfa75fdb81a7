package dev.storemesh.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    private static void refuses(byte[] body) {
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> Json.parse(body))
                .satisfies(e -> assertThat(e.code()).isEqualTo("malformed_json"))
                .satisfies(
                        e -> assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(String.valueOf(e.getMessage())))
                                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,\"a\":2}",
                "[{\"a\":{\"b\":1,\"b\":1}}]",
                "{\"a\":1,\"\\u0061\":2}",
                "1 2",
                "{} {}",
                "{}]",
                "NaN",
                "Infinity",
                "01",
                "+1",
                ".5",
                "1.",
                "0x1",
                "// no\n1",
                "\"\\u0000\"",
                "{\"\\u0000\":1}",
                "\"a\tb\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\udc00\\ud800\"",
                "\"\\ud800x\"",
                "{\"a\":[\"\\ud83d\"]}",
                "{\"\\ud83d\":1}",
                "\"\\x\"",
                "\uFEFF{}",
                "11111111111111111111111111111111111111111",
                "1.11111111111111111111111111111111111111111111",
                "1e309",
                "-1e999",
                "[1e-999]",
                "1e999999999",
                "{\"a\":1e99999999999}",
                "1e-99999999999"
            })
    void takesNothingThatReadersUnderstandDifferently(String text) {
        refuses(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysWhichKeyIsThereTwiceAndWhere() {
        assertThatThrownBy(() -> Json.parse("{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("The body is not JSON as we take it: Duplicate field 'a' (line 1, column 12)");
    }

    @Test
    void takesTheSignForWhatIsMalformedWhereThatIsSentItself() {
        assertThat(Json.parse("\"\uFFFD\"".getBytes(StandardCharsets.UTF_8)).textValue())
                .isEqualTo("\uFFFD");
        refuses(new byte[] {'"', (byte) 0xEF, (byte) 0xBF, (byte) 0xBD, (byte) 0xFF, '"'});
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        refuses(new byte[] {'"', (byte) 0xC3, '"'});
        refuses(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}); // an overlong NUL
        refuses(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}); // a surrogate
        refuses(new byte[] {'"', (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'}); // beyond U+10FFFF
        refuses(new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '1'});
        refuses("\"é\"".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void goesSixtyFourLevelsDeepAndNoFurther() {
        assertThat(Json.parse("[".repeat(64) + "]".repeat(64)).isArray()).isTrue();
        refuses(("[".repeat(65) + "]".repeat(65)).getBytes(StandardCharsets.UTF_8));
        refuses(("{\"a\":".repeat(65) + "1" + "}".repeat(65)).getBytes(StandardCharsets.UTF_8));
        refuses("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWholePairsOfSurrogates() {
        assertThat(Json.parse("\"\\ud83d\\ude00\"").textValue()).isEqualTo("\uD83D\uDE00");
        assertThat(Json.parse("\"\uD83D\uDE00\"".getBytes(StandardCharsets.UTF_8))
                        .textValue())
                .isEqualTo("\uD83D\uDE00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e308",
                "-1.7976931348623157e308",
                "[1e-308]",
                "5e-324",
                "0.1000000000000000000000001",
                "0.1234567890123456789012345678901234567890",
                "1234567890123456789012345678901234567890",
                "-123456789012345678901234567890123456789e3",
                "-0",
                "1.5"
            })
    void whatIsReadCanBeWrittenAndReadAgain(String text) {
        var once = Json.parse(text);
        assertThat(Json.parse(Json.bytes(once))).isEqualTo(once);
        assertThat(Json.parse(CanonicalJson.bytes(once))).isEqualTo(once);
        assertThat(CanonicalJson.text(once)).hasSizeLessThan(60);
    }

    @Test
    void aComplaintSaysWhereAndStaysShort() {
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> Json.parse("{\n  \"a\": nope" + "\uD83D\uDE00".repeat(500) + "}"))
                .withMessageContaining("line 2")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void saysWhereTheTextBreaksAndNothingOfTheParser() {
        assertThatThrownBy(() -> Json.parse("{\"operations\":[{"))
                .hasMessageContaining("line 1, column")
                .hasMessageNotContaining("REDACTED");
    }
}
