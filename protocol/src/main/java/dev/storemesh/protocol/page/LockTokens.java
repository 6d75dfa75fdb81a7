package dev.storemesh.protocol.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.util.Optional;

/// Lock tokens as clients carry them: `sml_` and a [Seal] of the kind `L`, signed with the site's key, so that one that
/// the site did not give is known without asking the catalog.
public final class LockTokens {
    private static final String PREFIX = "sml_";
    private final Seal seal;

    /// @param key 32 random bytes in hexadecimal
    LockTokens(String key) {
        this.seal = new Seal(key, 'L');
    }

    public String write(CatalogId catalog, LockToken lock) {
        return PREFIX
                + seal.seal(Json.object()
                        .put("catalog", catalog.text())
                        .put("version", lock.version().number())
                        .put("lock", lock.id()));
    }

    /// The lock of an open transaction, or one that is over, of this catalog; empty if it was altered, or is of another
    /// catalog or site.
    public Optional<LockToken> read(String token, CatalogId catalog) {
        return token.startsWith(PREFIX)
                ? seal.open(token.substring(PREFIX.length())).flatMap(content -> lock(content, catalog))
                : Optional.empty();
    }

    private static Optional<LockToken> lock(JsonNode content, CatalogId catalog) {
        var fields = Fields.of(content);
        return fields.text("catalog").equals(catalog.text())
                ? Optional.of(new LockToken(new Version(fields.number("version")), fields.text("lock")))
                : Optional.empty();
    }
}
