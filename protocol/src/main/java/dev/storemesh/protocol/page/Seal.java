package dev.storemesh.protocol.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes tokens that a client carries and cannot change: base64url of a byte that says what it is, canonical JSON, and
/// the first 16 bytes of HMAC-SHA-256 (RFC 2104) over both. Tokens of one kind are none of another.
final class Seal {
    private static final int MAC_LENGTH = 16;
    private static final int MAX_LENGTH = 4096;
    private final SecretKeySpec key;
    private final byte kind;

    /// @param key 32 random bytes in hexadecimal
    Seal(String key, char kind) {
        this.key = new SecretKeySpec(HexFormat.of().parseHex(key), "HmacSHA256");
        this.kind = (byte) kind;
    }

    String seal(ObjectNode node) {
        var json = CanonicalJson.bytes(node);
        var signed = new byte[json.length + 1];
        signed[0] = kind;
        System.arraycopy(json, 0, signed, 1, json.length);
        var token = Arrays.copyOf(signed, signed.length + MAC_LENGTH);
        System.arraycopy(mac(signed), 0, token, signed.length, MAC_LENGTH);
        return encoded(token);
    }

    /// Java's decoder passes over padding and the last character's spare bits; so this is compared, too.
    private static String encoded(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /// What was sealed; empty for what was not, or not here, or was altered since.
    Optional<JsonNode> open(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token.length() <= MAX_LENGTH ? token : "");
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length <= MAC_LENGTH || bytes[0] != kind || !encoded(bytes).equals(token)) {
            return Optional.empty();
        }
        var signed = Arrays.copyOf(bytes, bytes.length - MAC_LENGTH);
        var mac = Arrays.copyOfRange(bytes, signed.length, bytes.length);
        return MessageDigest.isEqual(mac, mac(signed))
                ? Optional.of(Json.parse(new String(signed, 1, signed.length - 1, StandardCharsets.UTF_8)))
                : Optional.empty();
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
}
