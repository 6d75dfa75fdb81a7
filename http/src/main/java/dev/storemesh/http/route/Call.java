package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One request that its endpoint admits: known path, allowed caller, known parameters, a body that is JSON. `body`
/// is a [MissingNode] where there is none; `caller` is empty where none is needed, or only a join token;
/// `actingFor` is there only where the caller is an app. `lock` is what the caller shows as the lock of a
/// transaction, unread; `patience` how long it waits for somebody else's to end. `incoming`: the body of an
/// endpoint that takes lines. `within`: the locations of the one store whose staff the caller is, whose rows it may
/// see beside the global ones.
public record Call(
        Map<String, String> path,
        Map<String, String> query,
        JsonNode body,
        Optional<Principal> caller,
        String bearerToken,
        Optional<String> idempotencyKey,
        Optional<String> actingFor,
        Optional<String> lock,
        Duration patience,
        Optional<Incoming> incoming,
        Optional<List<LocationId>> within) {
    private static final int REASON_LENGTH = 4096;
    private static final int SHOWN_LENGTH = 80;

    Call with(JsonNode newBody) {
        return new Call(
                path, query, newBody, caller, bearerToken, idempotencyKey, actingFor, lock, patience, incoming, within);
    }

    Call with(Incoming lines) {
        return new Call(
                path,
                query,
                body,
                caller,
                bearerToken,
                idempotencyKey,
                actingFor,
                lock,
                patience,
                Optional.of(lines),
                within);
    }

    Call with(Map<String, String> newQuery) {
        return new Call(
                path, newQuery, body, caller, bearerToken, idempotencyKey, actingFor, lock, patience, incoming, within);
    }

    Call within(List<LocationId> locations) {
        return new Call(
                path,
                query,
                body,
                caller,
                bearerToken,
                idempotencyKey,
                actingFor,
                lock,
                patience,
                incoming,
                Optional.of(locations));
    }

    Principal principal() {
        return caller.orElseThrow(
                () -> new IllegalStateException("an endpoint that admits without a token has no principal"));
    }

    /// Who writes: the caller, for the site it is the link of; through an app, for the person it names.
    Provenance provenance() {
        var principal = principal();
        var caller = Provenance.of(principal.name());
        var through = principal
                .app()
                .map(app -> caller.withApp(app.text(), actingFor))
                .orElse(caller);
        return principal.store().map(through::withStore).orElse(through);
    }

    // Where

    /// The value of a named segment of the template.
    String path(String name) {
        return Optional.ofNullable(path.get(name))
                .orElseThrow(() -> new IllegalStateException("no segment {" + name + "} in the template"));
    }

    /// The catalog in the path, which the caller may see.
    CatalogId catalog() {
        return parsed("catalog", path("catalog"), CatalogId::new);
    }

    /// The catalog in the parameter `catalog`; without one, the only one that the caller may see.
    CatalogId catalogParameter() {
        return query("catalog", CatalogId::new)
                .map(this::visible)
                .or(() -> principal().catalog())
                .orElseThrow(() ->
                        invalidParameter("catalog", "The parameter catalog is missing: this token may see several."));
    }

    /// Nobody learns of catalogs that are not theirs.
    CatalogId visible(CatalogId catalog) {
        if (!principal().sees(catalog)) {
            throw new ProblemException(Problems.unknownCatalog());
        }
        return catalog;
    }

    /// The store in the parameter `store`; of who works for one store, that one.
    Optional<StoreId> storeParameter() {
        var asked = query("store", StoreId::new);
        if (asked.filter(store -> !principal().sees(store)).isPresent()) {
            throw forbidden("This token is for store " + principal().store().orElseThrow() + " alone.");
        }
        return principal().store().or(() -> asked);
    }

    /// The store in the path, which the caller is the link of.
    StoreId ownStore() {
        return principal()
                .store()
                .filter(store -> store.text().equals(path("id")))
                .orElseThrow(() -> new ProblemException(Problems.unknownStore()));
    }

    void needs(Permission permission, String otherwise) {
        if (!principal().may(permission)) {
            throw forbidden(otherwise);
        }
    }

    static ProblemException forbidden(String detail) {
        return new ProblemException(Problem.of(403, "forbidden", detail));
    }

    // Parameters

    <T> T path(String name, Function<String, T> constructor) {
        return parsed(name, path(name), constructor);
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    <T> Optional<T> query(String name, Function<String, T> constructor) {
        return query(name).map(text -> parsed(name, text, constructor));
    }

    /// A whole number between the two, both allowed.
    Optional<Long> number(String name, long least, long most) {
        return query(name, text -> {
            var expected = most == Long.MAX_VALUE ? "from " + least + " on" : least + " to " + most;
            if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new IllegalArgumentException(name + ": \"" + Texts.shortened(text, SHOWN_LENGTH)
                        + "\" (expected: a whole number, " + expected + ")");
            }
            return Long.parseLong(text);
        });
    }

    private static <T> T parsed(String name, String text, Function<String, T> constructor) {
        try {
            return constructor.apply(text);
        } catch (IllegalArgumentException e) {
            throw invalidParameter(name, String.valueOf(e.getMessage()));
        }
    }

    static ProblemException invalidParameter(String name, String detail) {
        return new ProblemException(Problem.badRequest("invalid_parameter", name, detail));
    }

    // Body

    /// Why the caller asks for a change. It stands in the log for ever, so it is a sentence or a page, not a book.
    Optional<String> reason(Fields body) {
        var reason = body.optionalText("reason");
        if (reason.map(text -> text.length() > REASON_LENGTH).orElse(false)) {
            throw body.wrong("reason", "of at most " + REASON_LENGTH + " characters");
        }
        return reason;
    }

    /// The same in a parameter, where the body is something else.
    Optional<String> reasonParameter() {
        var reason = query("reason");
        if (reason.map(text -> text.length() > REASON_LENGTH).orElse(false)) {
            throw invalidParameter("reason", "reason: too long (expected: at most " + REASON_LENGTH + " characters)");
        }
        return reason;
    }

    /// The fields of the body; of an empty object where there is no body.
    Fields fields() {
        return Fields.of(body.isMissingNode() ? Json.object() : body);
    }

    /// A digest of what the body means: white space and the order of fields do not make it another one.
    String digest() {
        return Digest.of(body);
    }

    /// A digest of what is asked for where the body alone does not say it: the path counts, too.
    String digestOf(String what) {
        var asked = Json.object().put("what", what);
        path.forEach((name, value) -> asked.put("path/" + name, value));
        if (!body.isMissingNode()) {
            asked.set("body", body);
        }
        return Digest.of(asked);
    }
}
