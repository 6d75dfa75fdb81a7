package dev.storemesh.protocol.log;

import dev.storemesh.protocol.json.Texts;

/// Names an open transaction: who shows it is its holder, and reads and writes the version that is being made. `id`
/// is 128 random bits in hexadecimal, so that it cannot be guessed.
public record LockToken(Version version, String id) {
    private static final int LENGTH = 32;

    public LockToken {
        if (id.length() != LENGTH || !id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException(
                    "lock: \"" + Texts.shortened(id, 80) + "\" (expected: 32 hexadecimal digits, lower case)");
        }
    }
}
