package dev.storemesh.node.access;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Makes secrets of 256 random bits. Their prefix says what they are, so that one found in the wrong place is known.
public final class Secrets {
    private static final int BYTES = 32;
    private final SecureRandom random;

    public Secrets(SecureRandom random) {
        this.random = random;
    }

    /// A bearer token.
    public String token() {
        return "smt_" + text();
    }

    String joinToken() {
        return "smj_" + text();
    }

    String credential() {
        return "sms_" + text();
    }

    /// 32 bytes in hexadecimal.
    public String key() {
        return HexFormat.of().formatHex(bytes());
    }

    private String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    private byte[] bytes() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
