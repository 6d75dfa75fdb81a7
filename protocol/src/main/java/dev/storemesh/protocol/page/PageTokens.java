package dev.storemesh.protocol.page;

import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Page tokens: a [PageCursor] that a client carries and cannot change, for it is signed with the site's key. A token
/// is good at every node of the site, for as long as the site exists.
///
/// Format 1: base64url of `1`, canonical JSON, and the first 16 bytes of HMAC-SHA-256 (RFC 2104) over both.
public final class PageTokens {
    private static final byte FORMAT = '1';
    private static final int MAC_LENGTH = 16;
    private static final int MAX_LENGTH = 4096;
    private final SecretKeySpec key;

    /// @param key 32 random bytes in hexadecimal
    public PageTokens(String key) {
        this.key = new SecretKeySpec(HexFormat.of().parseHex(key), "HmacSHA256");
    }

    public String write(PageCursor cursor) {
        var node = Json.object()
                .put("kind", cursor.kind())
                .put("catalog", cursor.catalog().text())
                .put("version", cursor.version().number())
                .put("last", cursor.last());
        var parameters = node.putObject("parameters");
        cursor.parameters().forEach(parameters::put);
        var json = CanonicalJson.bytes(node);
        var signed = new byte[json.length + 1];
        signed[0] = FORMAT;
        System.arraycopy(json, 0, signed, 1, json.length);
        var token = Arrays.copyOf(signed, signed.length + MAC_LENGTH);
        System.arraycopy(mac(signed), 0, token, signed.length, MAC_LENGTH);
        return encoded(token);
    }

    /// Java's decoder passes over padding and the last character's spare bits; so this is compared, too.
    private static String encoded(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /// Reads a token of this kind and catalog.
    ///
    /// @throws MalformedInput `bad_page_token` if it was altered, or is of another catalog, read or site
    public PageCursor read(String token, String kind, CatalogId catalog) {
        var cursor = read(token);
        if (!cursor.kind().equals(kind) || !cursor.catalog().equals(catalog)) {
            throw bad("The page token is of another read or catalog.");
        }
        return cursor;
    }

    private PageCursor read(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token.length() <= MAX_LENGTH ? token : "");
        } catch (IllegalArgumentException e) {
            throw bad("The page token is not one of ours.");
        }
        if (bytes.length <= MAC_LENGTH || bytes[0] != FORMAT || !encoded(bytes).equals(token)) {
            throw bad("The page token is not one of ours.");
        }
        var signed = Arrays.copyOf(bytes, bytes.length - MAC_LENGTH);
        var mac = Arrays.copyOfRange(bytes, signed.length, bytes.length);
        if (!MessageDigest.isEqual(mac, mac(signed))) {
            throw bad("The page token was altered, or is of another site.");
        }
        var fields = Fields.of(Json.parse(new String(signed, 1, signed.length - 1, StandardCharsets.UTF_8)));
        Map<String, String> parameters = new HashMap<>();
        fields.any("parameters").forEachEntry((name, value) -> parameters.put(name, value.asText()));
        return new PageCursor(
                fields.text("kind"),
                fields.parsed("catalog", CatalogId::new),
                new Version(fields.number("version")),
                parameters,
                fields.text("last"));
    }

    private byte[] mac(byte[] signed) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(signed), MAC_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static MalformedInput bad(String message) {
        return new MalformedInput("bad_page_token", "page", message);
    }
}
