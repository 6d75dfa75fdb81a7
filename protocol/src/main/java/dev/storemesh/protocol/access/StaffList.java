package dev.storemesh.protocol.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.access.Access.Token;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The tokens that HQ issued for one store and that work, by id; always all of them. `version` is a digest of it, so
/// that who has a list can ask for another one. It holds hashes of secrets alone.
public record StaffList(String version, List<Token> tokens) {
    /// The version of what nobody has.
    public static final String NONE = "";
    /// The most tokens of one store.
    public static final int LIMIT = 1_000;

    public StaffList {
        tokens = List.copyOf(tokens);
    }

    /// The one of a store as things stand.
    public static StaffList of(Access access, StoreId store, Instant now) {
        return of(access.tokens().values().stream()
                .filter(token -> token.store().equals(Optional.of(store)))
                .filter(token -> token.works(now))
                .toList());
    }

    public static StaffList of(List<Token> tokens) {
        var sorted = tokens.stream().sorted(Comparator.comparing(Token::id)).toList();
        return new StaffList(SecretHash.of(Json.text(json(sorted))).hex(), sorted);
    }

    /// `{"version": …, "tokens": […]}`
    public ObjectNode write() {
        var json = Json.object().put("version", version);
        json.set("tokens", json(tokens));
        return json;
    }

    /// What HQ told. A token of a role that this program does not know is left out: it may do nothing here.
    ///
    /// @throws IllegalArgumentException if it is not of the form
    public static StaffList read(JsonNode node, StoreId store) {
        var fields = Fields.of(node);
        if (!fields.has("tokens")) {
            throw fields.missing("tokens");
        }
        var tokens = fields.list("tokens", (token, pointer) -> token(Fields.of(token, pointer), store));
        return new StaffList(
                fields.text("version"),
                tokens.stream().flatMap(Optional::stream).toList());
    }

    private static ArrayNode json(List<Token> tokens) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var token : tokens) {
            var json = Json.object()
                    .put("id", token.id())
                    .put("name", token.name())
                    .put("role", token.role().wireName());
            token.catalog().ifPresent(catalog -> json.put("catalog", catalog.text()));
            token.app().ifPresent(app -> json.put("app", app.text()));
            json.put("hash", token.secret().hex()).put("createdAt", Moment.format(token.createdAt()));
            token.expiresAt().ifPresent(at -> json.put("expiresAt", Moment.format(at)));
            array.add(json);
        }
        return array;
    }

    private static Optional<Token> token(Fields fields, StoreId store) {
        var text = fields.text("role");
        return Role.forStaff().stream()
                .filter(role -> role.wireName().equals(text))
                .findFirst()
                .map(role -> new Token(
                        fields.text("id"),
                        fields.text("name"),
                        role,
                        fields.optionalParsed("catalog", CatalogId::new),
                        fields.optionalParsed("app", AppName::new),
                        Optional.of(store),
                        fields.parsed("hash", StaffList::hash),
                        fields.parsed("createdAt", Moment::parse),
                        fields.optionalParsed("expiresAt", Moment::parse),
                        false));
    }

    private static SecretHash hash(String hex) {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("hash (expected: 64 hexadecimal digits)");
        }
        return new SecretHash(hex);
    }

    @Override
    public String toString() {
        return "StaffList[" + tokens.size() + " tokens]";
    }
}
