package dev.storemesh.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTokensTest {
    private static final PageTokens TOKENS = new PageTokens("00112233".repeat(8));
    private static final PageCursor CURSOR = new PageCursor(
            "objects",
            Samples.DEMO,
            new Version(42),
            Map.of("type", "retail.item", "location", "store-1"),
            "01JD0000000000000000000000");

    private static void refuses(String token) {
        assertThatExceptionOfType(MalformedInput.class)
                .as(token)
                .isThrownBy(() -> TOKENS.read(token, "objects", Samples.DEMO))
                .satisfies(e -> assertThat(e.code()).isEqualTo("bad_page_token"))
                .satisfies(e -> assertThat(e.field()).isEqualTo("page"));
    }

    @Test
    void readsBackWhatItWrote() {
        assertThat(TOKENS.read(TOKENS.write(CURSOR), "objects", Samples.DEMO)).isEqualTo(CURSOR);
    }

    /// Tokens live as long as the site: this one must be readable for ever.
    @Test
    void keepsReadingFormatOne() {
        var token = "MXsiY2F0YWxvZyI6ImRlbW8iLCJraW5kIjoib2JqZWN0cyIsImxhc3QiOiIwMUpEMDAwMDAwMDAwMDAwMDAwMDAwMD"
                + "AwMCIsInBhcmFtZXRlcnMiOnsibG9jYXRpb24iOiJzdG9yZS0xIiwidHlwZSI6InJldGFpbC5pdGVtIn0sInZlcnNp"
                + "b24iOjQyff6qdKijcThOL7qwn57FOq4";
        assertThat(TOKENS.write(CURSOR)).isEqualTo(token);
        assertThat(TOKENS.read(token, "objects", Samples.DEMO)).isEqualTo(CURSOR);
    }

    @Test
    void refusesATokenWithAnyCharacterChanged() {
        var token = TOKENS.write(CURSOR);
        for (var i = 0; i < token.length(); i++) {
            for (var other : new char[] {'A', 'B', 'C', 'D', 'z', '-', '_', '=', ' ', 'é'}) {
                if (token.charAt(i) != other) {
                    refuses(token.substring(0, i) + other + token.substring(i + 1));
                }
            }
        }
    }

    @Test
    void refusesATokenWithAnyBitFlippedCutOrPadded() {
        var bytes = Base64.getUrlDecoder().decode(TOKENS.write(CURSOR));
        for (var i = 0; i < bytes.length * 8; i++) {
            bytes[i / 8] ^= (byte) (1 << i % 8);
            refuses(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            bytes[i / 8] ^= (byte) (1 << i % 8);
        }
        var token = TOKENS.write(CURSOR);
        for (var i = 0; i < token.length(); i++) {
            refuses(token.substring(0, i));
            refuses(token.substring(i + 1));
        }
        refuses(token + "=");
        refuses(token + "A");
        refuses(token + token);
    }

    @Test
    void refusesATokenOfAnotherReadCatalogOrSite() {
        var token = TOKENS.write(CURSOR);
        var elsewhere = new PageTokens("ff".repeat(32));
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> TOKENS.read(token, "changes", Samples.DEMO))
                .satisfies(e -> assertThat(e.code()).isEqualTo("bad_page_token"));
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> TOKENS.read(token, "objects", new CatalogId("demo2")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("bad_page_token"));
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> elsewhere.read(token, "objects", Samples.DEMO))
                .satisfies(e -> assertThat(e.code()).isEqualTo("bad_page_token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "MQ", "garbage!", "\0", "../../etc/passwd", "null", "\uD83D\uDE00", "A A"})
    void refusesGarbage(String token) {
        refuses(token);
    }

    @Test
    void refusesOverlongTokensUnread() {
        refuses("M".repeat(4097));
        refuses("M".repeat(10_000_000));
    }
}
