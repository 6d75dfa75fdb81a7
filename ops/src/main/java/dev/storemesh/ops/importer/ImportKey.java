package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The idempotency key of an import's write: a name for "this change of that version". Sending a chunk again after a
/// lost answer repeats it; the same change made at a later version (after somebody changed it back) is a new one.
final class ImportKey {
    private ImportKey() {}

    static String of(long version, ObjectNode body) {
        var text = version + "\n" + body;
        return "import-" + HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
