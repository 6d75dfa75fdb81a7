package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Catalogs: made, looked at, written.
final class CatalogRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}";

    private final CallCatalogs catalogs;
    private final CallWrites writes;

    CatalogRoutes(CallCatalogs catalogs, CallWrites writes) {
        this.catalogs = catalogs;
        this.writes = writes;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.put(CATALOG, Admission.to(Permission.ADMINISTER), Endpoint.Body.OPTIONAL, this::create)
                        .answering(200, 201, 409, 429)
                        .answered(Endpoint.AtStore.AT_HQ),
                Endpoint.get(CATALOG, Admission.to(Permission.READ), this::head),
                Endpoint.post(
                                CATALOG + "/writes",
                                Admission.to(Permission.WRITE, Permission.ASK),
                                Endpoint.Body.REQUIRED,
                                this::write)
                        .answering(200, 202, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.HERE_BY_BODY)
                        .under(Endpoint.Transaction.WRITTEN));
    }

    private CompletionStage<Reply> create(Call call) {
        var catalog = call.catalog();
        call.fields().end();
        return NoAnswerException.of(catalogs.visible().create(catalog, call.provenance()))
                .thenCompose(answer -> switch (answer) {
                    case Answer.Created(var version, var made) ->
                        NoAnswerException.of(catalogs.visible().head(catalog))
                                .thenApply(head -> state(made ? 201 : 200, head));
                    case Answer other -> CompletableFuture.completedStage(Answers.of(other));
                });
    }

    private CompletionStage<Reply> head(Call call) {
        return NoAnswerException.of(catalogs.visible().head(call.catalog())).thenApply(head -> state(200, head));
    }

    private static Reply state(int status, Reading<CatalogHead> head) {
        return head instanceof Reading.Found<CatalogHead>(var version, var found)
                ? Answers.at(version, status, json(found))
                : Answers.of(head, "version", Problems.unknownCatalog(), (version, found) -> json(found));
    }

    private static ObjectNode json(CatalogHead head) {
        var json = Json.object()
                .put("catalog", head.catalog().text())
                .put("history", head.history().text())
                .put("head", head.visible().number())
                .put("visible", head.visible().number())
                .put("chain", head.chain().hex())
                .put("objects", head.objects());
        head.transaction().ifPresent(open -> json.set("transaction", json(open)));
        head.origin().ifPresent(origin -> json.put("origin", origin.text()));
        head.floor().ifPresent(floor -> json.put("floor", floor.number()));
        head.location().ifPresent(location -> json.set("scope", FollowedScope.json(location)));
        if (head.loading()) {
            json.put("loading", true);
        }
        return head.followed() ? json.put("followed", true) : json;
    }

    private static ObjectNode json(CatalogHead.Transaction open) {
        var json = Json.object()
                .put("version", open.version().number())
                .put("caller", open.holder().caller())
                .put("since", Moment.format(open.since()))
                .put("until", Moment.format(open.until()))
                .put("ends", Moment.format(open.ends()));
        open.holder().app().ifPresent(app -> json.put("app", app));
        open.holder().reason().ifPresent(reason -> json.put("reason", reason));
        return json;
    }

    private CompletionStage<Reply> write(Call call) {
        writes.admit(call);
        var fields = call.fields();
        var operations = WriteJson.operations(fields);
        var ifVersion = WriteJson.ifVersion(fields);
        var provenance = call.provenance().withReason(call.reason(fields)).withKey(call.idempotencyKey());
        var opens = opens(fields);
        fields.end();
        var write = new Write(
                operations,
                provenance,
                call.digest(),
                ifVersion,
                Optional.of(call.principal().role().wireName()));
        return writes.checked(call, operations, () -> write(call, write, opens));
    }

    private CompletionStage<Reply> write(Call call, Write write, boolean opens) {
        if (opens) {
            call.needs(Permission.BULK, "The role of this token opens no transactions.");
            return TransactionRoutes.openWith(catalogs, call, write);
        }
        return writes.write(call, write).thenApply(Answers::of);
    }

    /// Whether a write is to open a transaction, whose first step it is.
    private static boolean opens(Fields fields) {
        var transaction = fields.optionalText("transaction");
        if (transaction.filter(word -> !word.equals("open")).isPresent()) {
            throw fields.wrong("transaction", "\"open\"");
        }
        return transaction.isPresent();
    }
}
