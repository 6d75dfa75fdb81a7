package dev.storemesh.protocol.bulk;

import dev.storemesh.protocol.value.ObjectToken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The tokens that an import named, each as the first 128 bits of its SHA-256: 24 to 48 bytes of memory each,
/// and no two
/// are taken for one. Used by one thread at a time.
public final class SeenTokens {
    private static final int FIRST = 1 << 10;

    private final MessageDigest sha256 = sha256();
    private long[] halves = new long[2 * FIRST]; // pairs; (0, 0) is a free place
    private int size;

    private record Digest(long high, long low) {}

    public int size() {
        return size;
    }

    /// Adds a token; says whether it was not there before.
    public boolean add(ObjectToken token) {
        if (size >= halves.length / 3) {
            grow();
        }
        var added = put(digest(token));
        size += added ? 1 : 0;
        return added;
    }

    public boolean contains(ObjectToken token) {
        var digest = digest(token);
        var place = place(digest);
        return halves[place] == digest.high() && halves[place + 1] == digest.low();
    }

    private boolean put(Digest digest) {
        var place = place(digest);
        if (halves[place] != 0 || halves[place + 1] != 0) {
            return false;
        }
        halves[place] = digest.high();
        halves[place + 1] = digest.low();
        return true;
    }

    /// Where it stands, or may.
    private int place(Digest digest) {
        var mask = halves.length / 2 - 1;
        var index = (int) digest.high() & mask;
        while (true) {
            var place = 2 * index;
            var isFree = halves[place] == 0 && halves[place + 1] == 0;
            if (isFree || halves[place] == digest.high() && halves[place + 1] == digest.low()) {
                return place;
            }
            index = index + 1 & mask;
        }
    }

    private void grow() {
        var before = halves;
        halves = new long[before.length * 2];
        for (var i = 0; i < before.length; i += 2) {
            if (before[i] != 0 || before[i + 1] != 0) {
                put(new Digest(before[i], before[i + 1]));
            }
        }
    }

    private Digest digest(ObjectToken token) {
        var bytes = ByteBuffer.wrap(sha256.digest(token.text().getBytes(StandardCharsets.UTF_8)));
        return new Digest(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
