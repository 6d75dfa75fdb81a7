package dev.storemesh.protocol.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.util.HashMap;
import java.util.Map;

/// Page tokens: a [PageCursor] that a client carries and cannot change, for it is signed with the site's key. A token
/// is good at every node of the site, for as long as the site exists. Format 1 is a [Seal] of the kind `1`.
public final class PageTokens {
    /// The code of what refuses a page token.
    public static final String BAD = "bad_page_token";

    private final Seal seal;
    private final LockTokens locks;

    /// @param key 32 random bytes in hexadecimal
    public PageTokens(String key) {
        this.seal = new Seal(key, '1');
        this.locks = new LockTokens(key);
    }

    /// The lock tokens of the same site.
    public LockTokens locks() {
        return locks;
    }

    public String write(PageCursor cursor) {
        var node = Json.object()
                .put("kind", cursor.kind())
                .put("catalog", cursor.catalog().text())
                .put("version", cursor.version().number())
                .put("last", cursor.last());
        cursor.local().ifPresent(local -> node.put("local", local));
        var parameters = node.putObject("parameters");
        cursor.parameters().forEach(parameters::put);
        return seal.seal(node);
    }

    /// Reads a token of this kind and catalog.
    ///
    /// @throws MalformedInput `bad_page_token` if it was altered, or is of another catalog, read or site
    public PageCursor read(String token, String kind, CatalogId catalog) {
        var cursor = seal.open(token)
                .map(PageTokens::cursor)
                .orElseThrow(() -> bad("The page token is not one of ours: it was altered, or is of another site."));
        if (!cursor.kind().equals(kind) || !cursor.catalog().equals(catalog)) {
            throw bad("The page token is of another read or catalog.");
        }
        return cursor;
    }

    private static PageCursor cursor(JsonNode content) {
        var fields = Fields.of(content);
        Map<String, String> parameters = new HashMap<>();
        fields.any("parameters").forEachEntry((name, value) -> parameters.put(name, value.asText()));
        return new PageCursor(
                fields.text("kind"),
                fields.parsed("catalog", CatalogId::new),
                new Version(fields.number("version")),
                fields.optionalNumber("local"),
                parameters,
                fields.text("last"));
    }

    private static MalformedInput bad(String message) {
        return new MalformedInput(BAD, "page", message);
    }
}
