package dev.storemesh.protocol.fuzz;

import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A page token is one that we wrote, to the last bit, or refused as a bad one: the input as a token, as the bytes
/// of a token, and as what is changed in a token of ours.
public final class PageTokensFuzz {
    private static final PageTokens TOKENS = new PageTokens("17".repeat(32));
    private static final CatalogId CATALOG = new CatalogId("demo");
    private static final PageCursor CURSOR = new PageCursor(
            "objects", CATALOG, new Version(42), Map.of("type", "retail.item"), "01JD0000000000000000000000");
    private static final String OURS = TOKENS.write(CURSOR);

    private PageTokensFuzz() {}

    static List<byte[]> seeds() {
        return List.of(
                OURS.getBytes(StandardCharsets.US_ASCII),
                Base64.getUrlDecoder().decode(OURS),
                new byte[OURS.length()],
                "\u001e".repeat(200).getBytes(StandardCharsets.US_ASCII),
                new byte[] {0, 0, 1});
    }

    public static void fuzzerInitialize() {
        FuzzSeeds.write(seeds(), PageTokensFuzz::fuzzerTestOneInput);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        read(new String(input, StandardCharsets.UTF_8));
        read(new String(input, StandardCharsets.UTF_16BE)); // half pairs, too
        read(Base64.getUrlEncoder().withoutPadding().encodeToString(input));
        read(new String(changed(OURS.getBytes(StandardCharsets.US_ASCII), input), StandardCharsets.ISO_8859_1));
        read(Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(changed(Base64.getUrlDecoder().decode(OURS), input)));
        written(new String(input, StandardCharsets.UTF_8));
    }

    /// What is longer than the input stays; what the input is longer by is added.
    private static byte[] changed(byte[] token, byte[] input) {
        var changed = Arrays.copyOf(token, Math.max(token.length, input.length));
        for (var i = 0; i < input.length; i++) {
            changed[i] ^= input[i];
        }
        return changed;
    }

    private static void read(String token) {
        try {
            var cursor = TOKENS.read(token, "objects", CATALOG);
            if (!token.equals(OURS) || !cursor.equals(CURSOR)) {
                throw new AssertionError("forged: " + token);
            }
        } catch (MalformedInput e) {
            if (token.equals(OURS) || !e.code().equals("bad_page_token")) {
                throw new AssertionError(token, e);
            }
        }
    }

    /// What we write we read, whatever a caller put into it: parameters come from requests.
    private static void written(String text) {
        if (text.length() > 200 || text.indexOf('\0') >= 0) { // names have at most 128 characters, and no NUL
            return;
        }
        var cursor = new PageCursor("objects", CATALOG, new Version(1), Map.of("type", text), text);
        if (!TOKENS.read(TOKENS.write(cursor), "objects", CATALOG).equals(cursor)) {
            throw new AssertionError("not read back: " + text);
        }
    }
}
