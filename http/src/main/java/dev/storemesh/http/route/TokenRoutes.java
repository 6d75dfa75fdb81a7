package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.AccessPort.Issued;
import dev.storemesh.protocol.access.AccessPort.NewToken;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Bearer tokens of this site: made, listed, ended. Who may see one catalog only can give nobody more than that.
final class TokenRoutes {
    private static final String TOKENS = "/api/v1/tokens";
    private static final long TEN_YEARS_SECONDS = 3_653L * 86_400;
    private static final int NAME_LENGTH = 100;

    private final AccessPort access;
    private final SitePort site;

    TokenRoutes(AccessPort access, SitePort site) {
        this.access = access;
        this.site = site;
    }

    List<Endpoint> endpoints() {
        var operator = Admission.to(Permission.ADMINISTER);
        return List.of(
                Endpoint.get(TOKENS, Admission.to(Permission.AUDIT), this::list),
                Endpoint.post(TOKENS, operator, Endpoint.Body.REQUIRED, this::issue)
                        .answering(201, 404, 409),
                Endpoint.delete(TOKENS + "/{id}", operator, this::revoke).answering(204, 404));
    }

    private CompletionStage<Reply> list(Call call) {
        return NoAnswerException.of(access.tokens()).thenApply(tokens -> {
            var json = Json.object();
            var array = json.putArray("tokens");
            tokens.stream().filter(token -> manages(call.principal(), token)).forEach(token -> array.add(json(token)));
            return Reply.json(200, json);
        });
    }

    private static boolean manages(Principal operator, Access.Token token) {
        return operator.catalog().isEmpty() || operator.catalog().equals(token.catalog());
    }

    private static ObjectNode json(Access.Token token) {
        var json = Json.object()
                .put("id", token.id())
                .put("name", token.name())
                .put("role", token.role().wireName());
        token.catalog().ifPresent(catalog -> json.put("catalog", catalog.text()));
        token.app().ifPresent(app -> json.put("app", app.text()));
        token.store().ifPresent(store -> json.put("store", store.text()));
        json.put("createdAt", Moment.format(token.createdAt()));
        token.expiresAt().ifPresent(at -> json.put("expiresAt", Moment.format(at)));
        return json.put("revoked", token.revoked());
    }

    private CompletionStage<Reply> issue(Call call) {
        var fields = call.fields();
        var name = fields.parsed("name", text -> named("name", text, NAME_LENGTH));
        var role = fields.parsed("role", Role::parse);
        var catalog = fields.optionalParsed("catalog", CatalogId::new);
        var app = fields.optionalParsed("app", AppName::new);
        var store = fields.optionalParsed("store", StoreId::new);
        checkScope(fields, role, app, store);
        var valid = validity(fields, TEN_YEARS_SECONDS);
        fields.end();
        if (catalog.isEmpty() && call.principal().catalog().isPresent()) { // also where a store would imply one
            throw new ProblemException(
                    Problem.of(403, "forbidden", "This token is for one catalog and makes others for it only."));
        }
        var asked = new NewToken(name, role, catalog.map(call::visible), app, store, valid);
        return NoAnswerException.of(access.issue(asked)).thenApply(issued -> switch (issued) {
            case Issued.Token(var token, var secret) -> {
                var json = Json.object()
                        .put("id", token.id())
                        .put("name", token.name())
                        .put("role", token.role().wireName());
                token.catalog().ifPresent(seen -> json.put("catalog", seen.text()));
                token.app().ifPresent(program -> json.put("app", program.text()));
                token.store().ifPresent(only -> json.put("store", only.text()));
                token.expiresAt().ifPresent(at -> json.put("expiresAt", Moment.format(at)));
                yield Reply.json(201, json.put("token", secret));
            }
            case Issued.UnknownStore unknown -> Reply.refusal(Problems.unknownStore());
            case Issued.TooMany(var limit) ->
                Reply.refusal(Problem.of(
                                409,
                                "too_many_tokens",
                                "The store has " + limit + " tokens that work: revoke some that nobody needs.")
                        .with("limit", LongNode.valueOf(limit)));
        });
    }

    /// A role of a store is for one; at a store it is that store.
    private void checkScope(Fields fields, Role role, Optional<AppName> app, Optional<StoreId> store) {
        if (store.isPresent() && !role.takesStore()) {
            throw fields.wrong("store", "absent: the role " + role.wireName() + " is of no store");
        }
        if (store.isEmpty() && role.needsStore() && site.standing().kind() == SitePort.Kind.HQ) {
            throw fields.missing("store");
        }
        if (app.isEmpty() && role == Role.APP) {
            throw fields.missing("app");
        }
    }

    private CompletionStage<Reply> revoke(Call call) {
        return NoAnswerException.of(access.tokens())
                .thenCompose(tokens -> tokens.stream()
                                .anyMatch(
                                        token -> token.id().equals(call.path("id")) && manages(call.principal(), token))
                        ? NoAnswerException.of(access.revoke(call.path("id")))
                        : CompletableFuture.completedStage(false))
                .thenApply(known -> known
                        ? Reply.empty(204)
                        : Reply.refusal(Problem.of(404, "unknown_token", "There is no token of this id.")));
    }

    /// A name for people, on one line.
    static String named(String what, String text, int length) {
        if (text.isBlank() || text.length() > length || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " (expected: 1 to " + length + " characters on one line)");
        }
        return text;
    }

    static Optional<Duration> validity(Fields fields, long mostSeconds) {
        return fields.optionalNumber("validSeconds").map(seconds -> {
            if (seconds < 1 || seconds > mostSeconds) {
                throw fields.wrong("validSeconds", "a whole number, 1 to " + mostSeconds);
            }
            return Duration.ofSeconds(seconds);
        });
    }
}
