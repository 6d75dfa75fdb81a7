package dev.storemesh.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LockTokensTest {
    private static final PageTokens PAGES = new PageTokens("00112233".repeat(8));
    private static final LockTokens TOKENS = PAGES.locks();
    private static final LockToken LOCK = new LockToken(new Version(43), "0123456789abcdef0123456789abcdef");

    private static void refuses(String token) {
        assertThat(TOKENS.read(token, Samples.DEMO)).as(token).isEmpty();
    }

    @Test
    void readsBackWhatItWrote() {
        var token = TOKENS.write(Samples.DEMO, LOCK);
        assertThat(token).matches("sml_[A-Za-z0-9_-]+");
        assertThat(TOKENS.read(token, Samples.DEMO)).contains(LOCK);
    }

    @Test
    void refusesWhatIsOfAnotherCatalogOrSite() {
        var token = TOKENS.write(Samples.DEMO, LOCK);
        assertThat(TOKENS.read(token, new CatalogId("demo2"))).isEmpty();
        assertThat(new PageTokens("ff".repeat(32)).locks().read(token, Samples.DEMO))
                .isEmpty();
    }

    @Test
    void refusesAnyBitFlippedCutOrPadded() {
        var token = TOKENS.write(Samples.DEMO, LOCK);
        var bytes = Base64.getUrlDecoder().decode(token.substring(4));
        for (var i = 0; i < bytes.length * 8; i++) {
            bytes[i / 8] ^= (byte) (1 << i % 8);
            refuses("sml_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            bytes[i / 8] ^= (byte) (1 << i % 8);
        }
        for (var i = 0; i < token.length(); i++) {
            refuses(token.substring(0, i));
            refuses(token.substring(i + 1));
        }
        refuses(token + "=");
        refuses(token + "A");
        refuses(token + token);
        refuses(token + ", " + token);
        refuses("SML_" + token.substring(4));
    }

    @Test
    void neitherIsAPageTokenALockNorALockAPageToken() {
        var page = PAGES.write(new PageCursor("objects", Samples.DEMO, new Version(43), Map.of(), "tea"));
        refuses("sml_" + page);
        var lock = TOKENS.write(Samples.DEMO, LOCK);
        for (var token : new String[] {lock, lock.substring(4)}) {
            assertThatExceptionOfType(MalformedInput.class)
                    .isThrownBy(() -> PAGES.read(token, "objects", Samples.DEMO))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("bad_page_token"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "sml_", "sml_TDpx", "sml_garbage!", "sml_\0", "null", "sml_\uD83D\uDE00", "sml_A A"})
    void refusesGarbage(String token) {
        refuses(token);
    }

    @Test
    void refusesOverlongTokensUnread() {
        refuses("sml_" + "M".repeat(10_000_000));
    }
}
