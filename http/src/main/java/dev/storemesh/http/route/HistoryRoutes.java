package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.DifferenceQuery;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectHistoryJson;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.WriteJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// What happened to an object, what two versions differ in, and the way back.
final class HistoryRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}";
    private static final Problem UNKNOWN_OBJECT =
            Problem.of(404, "unknown_object", "There was no such object up to this version.");

    private final CallCatalogs catalogs;
    private final Supplier<PageTokens> pageTokens;

    HistoryRoutes(CallCatalogs catalogs, Supplier<PageTokens> pageTokens) {
        this.catalogs = catalogs;
        this.pageTokens = pageTokens;
    }

    List<Endpoint> endpoints() {
        var reader = Admission.to(Permission.FOLLOW);
        return List.of(
                Endpoint.get(CATALOG + "/objects/{token}/history", reader, this::history)
                        .taking("attribute", "location", "version", "at", "limit", "page")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/diff", reader, this::diff)
                        .taking("from", "to", "type", "location", "limit", "page")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.post(CATALOG + "/revert", Admission.to(Permission.BULK), Endpoint.Body.REQUIRED, this::revert)
                        .answering(200, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.AT_HQ_OR_REFUSED)
                        .under(Endpoint.Transaction.WRITTEN));
    }

    private CompletionStage<Reply> history(Call call) {
        var token = call.path("token", ObjectToken::new);
        return Paging.of(pageTokens.get(), "history/" + token, call.catalog(), call)
                .at(catalogs.visible())
                .thenCompose(paging -> NoAnswerException.of(
                                catalogs.of(call).history(paging.catalog(), token, historyQuery(paging)))
                        .thenApply(reading -> Answers.of(
                                reading, "version", UNKNOWN_OBJECT, (at, found) -> json(paging, at, found))));
    }

    private static HistoryQuery historyQuery(Paging paging) {
        return new HistoryQuery(
                paging.asked().query("attribute", DefinitionName::new),
                scope(paging),
                paging.version(),
                paging.last().map(HistoryRoutes::lastVersion),
                paging.limit());
    }

    private static Version lastVersion(String last) {
        try {
            return new Version(Long.parseLong(last));
        } catch (IllegalArgumentException e) {
            throw new MalformedInput(PageTokens.BAD, "page", "The page token is of another read.");
        }
    }

    private static Scope scope(Paging paging) {
        return Scope.of(paging.asked().query("location", LocationId::new));
    }

    private static ObjectNode json(Paging paging, Version version, ObjectHistory history) {
        var json = ObjectHistoryJson.write(version, history);
        if (history.more()) {
            var last = history.entries().getLast().step().version();
            json.put("next", paging.next(version, last.toString()));
        }
        return json;
    }

    private CompletionStage<Reply> diff(Call call) {
        var paging = Paging.of(pageTokens.get(), "diff", call.catalog(), call);
        var from = version(paging, "from")
                .orElseThrow(() -> Call.invalidParameter("from", "from: missing (expected: a version)"));
        var to = version(paging, "to")
                .orElseThrow(() -> Call.invalidParameter("to", "to: missing (expected: a version)"));
        var query = new DifferenceQuery(
                new Selection(paging.asked().query("type", TypeName::new), scope(paging), Map.of()),
                from,
                Optional.of(to),
                paging.last().map(ObjectToken::new),
                paging.limit());
        return NoAnswerException.of(catalogs.of(call).differences(paging.catalog(), query))
                .thenApply(reading -> Answers.of(
                        reading,
                        from.isAfter(to) ? "from" : "to",
                        UNKNOWN_OBJECT,
                        (at, slice) -> json(paging, at, from, to, slice)));
    }

    private static Optional<Version> version(Paging paging, String name) {
        return paging.asked().number(name, 0, Long.MAX_VALUE).map(Version::new);
    }

    private static ObjectNode json(
            Paging paging, Version read, Version from, Version to, ObjectDifference.Slice slice) {
        var json =
                Json.object().put("from", from.number()).put("to", to.number()).put("version", read.number());
        var objects = json.putArray("objects");
        slice.objects().forEach(difference -> objects.add(ObjectHistoryJson.write(difference)));
        if (slice.more()) {
            json.put(
                    "next", paging.next(read, slice.objects().getLast().object().text()));
        }
        return json;
    }

    private CompletionStage<Reply> revert(Call call) {
        var fields = call.fields();
        var to = fields.number("to");
        if (to < 0) {
            throw fields.wrong("to", "a version");
        }
        var objects = fields.has("objects") ? Optional.of(objects(fields)) : Optional.<Set<ObjectToken>>empty();
        if (objects.map(Set::isEmpty).orElse(false)) {
            throw fields.wrong("objects", "at least one token, or no such field");
        }
        var ifVersion = WriteJson.ifVersion(fields);
        var provenance = call.provenance().withReason(call.reason(fields)).withKey(call.idempotencyKey());
        fields.end();
        var reversal = new Reversal(new Version(to), objects, ifVersion, provenance, Digest.of(call.body()));
        return NoAnswerException.of(catalogs.of(call).revert(call.catalog(), reversal))
                .thenApply(HistoryRoutes::reply);
    }

    private static Reply reply(Answer answer) {
        return answer instanceof Answer.Refused(Refusal.NotYetSeen(var visible), var at)
                ? Reply.refusal(Problem.badRequest(
                                "invalid_value", "/to", "The version is not there yet; the newest is " + visible + ".")
                        .header("Storemesh-Version", visible.toString()))
                : Answers.of(answer);
    }

    private static Set<ObjectToken> objects(Fields fields) {
        return new LinkedHashSet<>(fields.list("objects", (node, pointer) -> {
            if (!node.isTextual()) {
                throw fields.wrong("objects", "an array of tokens");
            }
            return fields.translate("objects", node.textValue(), ObjectToken::new);
        }));
    }
}
