package dev.storemesh.protocol.log;

import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// A SHA-256 over a version and, through its predecessor's, over all versions before it: followers remember it and
/// present it, and whose history differs is found out.
///
/// ```
/// chain(0) = SHA-256("storemesh chain 1\n" catalog "\n" history "\n")
/// chain(v) = SHA-256(chain(v-1) as 32 bytes, canonical JSON of the log entry v without "chain" and "void")
/// ```
///
/// A transaction's version has one for each step, and one for its end, which changes nothing: `chain(v-1)` is then
/// that of the step before, and for the end of a void version that of the version before, since what is void leaves
/// no trace but its number.
///
/// The JSON is that of [LogJson] with the fields known to chain format 1, by RFC 8785; fields that later versions of
/// the API add are not part of it.
public record ChainHash(String hex) {
    private static final HexFormat HEX = HexFormat.of();
    private static final int LENGTH = 64;

    public ChainHash {
        if (hex.length() != LENGTH || !hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException(
                    "chain: \"" + Texts.shortened(hex, 80) + "\" (expected: 64 hexadecimal digits, lower case)");
        }
    }

    public static ChainHash of(byte[] sha256) {
        return new ChainHash(HEX.formatHex(sha256));
    }

    public byte[] bytes() {
        return HEX.parseHex(hex);
    }

    /// The hash before the first version.
    public static ChainHash origin(CatalogId catalog, HistoryId history) {
        var text = "storemesh chain 1\n" + catalog + "\n" + history + "\n";
        return of(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// The hash of the version that follows this one.
    public ChainHash next(Version version, Instant at, Provenance provenance, List<ObjectChange> changes) {
        var digest = sha256();
        digest.update(bytes());
        new ChainedText(digest).entry(version, at, provenance, changes);
        return of(digest.digest());
    }

    /// Whether `entry` is what came after this hash.
    public boolean vouchesFor(LogEntry entry) {
        return next(entry.version(), entry.at(), entry.provenance(), entry.changes())
                .equals(entry.chain());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
