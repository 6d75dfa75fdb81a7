package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Comment;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.catalog.ChangeRequestPort.Requests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Change requests: listed, offered by stores, approved and rejected by people, asked back by their store.
final class ChangeRequestRoutes {
    private static final String REQUESTS = "/api/v1/change-requests";
    private static final String DECISIONS = "/api/v1/change-request-decisions";

    private final ChangeRequestPort requests;
    private final Supplier<PageTokens> pageTokens;
    private final BulkDecisions bulk;

    ChangeRequestRoutes(ChangeRequestPort requests, Supplier<PageTokens> pageTokens) {
        this.requests = requests;
        this.pageTokens = pageTokens;
        this.bulk = new BulkDecisions(requests);
    }

    List<Endpoint> endpoints() {
        var decider = Admission.to(Permission.DECIDE);
        return List.of(
                Endpoint.get(REQUESTS, Admission.to(Permission.SEE_REQUESTS), this::list)
                        .taking("catalog", "status", "store", "limit", "page")
                        .answering(200, 404, 409)
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD),
                Endpoint.get(REQUESTS + "/{id}", Admission.to(Permission.SEE_REQUESTS), this::one)
                        .taking("catalog")
                        .answering(200, 404, 409),
                Endpoint.post(REQUESTS, Admission.to(Permission.OFFER), Endpoint.Body.REQUIRED, this::offer)
                        .answering(200, 404, 409, 422, 429)
                        .under(Endpoint.Transaction.AWAITED),
                Endpoint.post(REQUESTS + "/{id}/approve", decider, Endpoint.Body.OPTIONAL, this::approve)
                        .taking("catalog")
                        .answering(200, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.AWAITED),
                Endpoint.post(REQUESTS + "/{id}/reject", decider, Endpoint.Body.OPTIONAL, this::reject)
                        .taking("catalog")
                        .answering(200, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.AWAITED),
                Endpoint.post(DECISIONS, decider, Endpoint.Body.REQUIRED, bulk::decide)
                        .answering(200, 404, 429)
                        .answered(Endpoint.AtStore.AT_HQ),
                Endpoint.post(
                                REQUESTS + "/{id}/comments",
                                Admission.to(Permission.RULE, Permission.DECIDE),
                                Endpoint.Body.REQUIRED,
                                this::comment)
                        .taking("catalog")
                        .answering(200, 404, 409, 429)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.AWAITED),
                Endpoint.post(
                                REQUESTS + "/{id}/withdraw",
                                Admission.to(Permission.WITHDRAW),
                                Endpoint.Body.OPTIONAL,
                                this::withdraw)
                        .taking("catalog")
                        .answering(200, 202, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.QUEUED)
                        .under(Endpoint.Transaction.AWAITED));
    }

    private CompletionStage<Reply> list(Call call) {
        var paging = Paging.of(pageTokens.get(), "requests", call.catalogParameter(), call);
        var query = new RequestsQuery(
                paging.asked().query("status", Status::parse),
                paging.asked().storeParameter(),
                paging.version(),
                paging.last().map(RequestId::new),
                paging.limit());
        return NoAnswerException.of(requests.list(paging.catalog(), query))
                .thenApply(reading -> Answers.of(
                        reading, "page", Problems.unknownRequest(), (version, found) -> json(paging, version, found)));
    }

    private static ObjectNode json(Paging paging, Version version, Requests found) {
        var json = Json.object().put("version", version.number());
        var array = json.putArray("changeRequests");
        found.requests().forEach(request -> array.add(ChangeRequestJson.write(request)));
        if (found.more()) {
            json.put(
                    "next", paging.next(version, found.requests().getLast().id().text()));
        }
        return json;
    }

    /// With the three values of each slot, while somebody has to decide it.
    private CompletionStage<Reply> one(Call call) {
        var catalog = call.catalogParameter();
        return NoAnswerException.of(requests.get(catalog, id(call)))
                .thenApply(reading -> seen(call, reading))
                .thenCompose(reading -> (reading instanceof Reading.Found<ChangeRequest>(var version, var request)
                                ? NoAnswerException.of(requests.values(catalog, request))
                                : CompletableFuture.<List<Conflict>>completedFuture(List.of()))
                        .thenApply(values -> Answers.of(
                                reading,
                                "version",
                                Problems.unknownRequest(),
                                (at, request) -> ChangeRequestJson.write(request, values))));
    }

    /// Whoever is of one store sees that store's alone.
    private static Reading<ChangeRequest> seen(Call call, Reading<ChangeRequest> reading) {
        return reading instanceof Reading.Found<ChangeRequest>(var version, var request)
                        && !call.principal().sees(request.store())
                ? new Reading.Nothing<>(version)
                : reading;
    }

    /// What is not of the form of an id is the id of nothing.
    private static RequestId id(Call call) {
        try {
            return new RequestId(call.path("id"));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problems.unknownRequest());
        }
    }

    private CompletionStage<Reply> offer(Call call) {
        var store = call.principal()
                .store()
                .orElseThrow(() -> new ProblemException(
                        Problem.of(403, "forbidden", "Only a store's own credential offers change requests.")));
        var fields = call.fields();
        var catalog = call.visible(fields.parsed("catalog", CatalogId::new));
        var epoch = fields.number("epoch");
        if (epoch < 1 || epoch > Value.MAX_INTEGER) {
            throw fields.wrong("epoch", "a whole number from 1 to " + Value.MAX_INTEGER);
        }
        var history = fields.optionalParsed("history", HistoryId::new);
        var offered = ChangeRequestJson.offered(fields);
        fields.end();
        return NoAnswerException.of(requests.waiting(call.patience())
                        .record(catalog, store, epoch, history, offered, call.provenance()))
                .thenApply(Answers::of);
    }

    private CompletionStage<Reply> approve(Call call) {
        var fields = call.fields();
        var seen = fields.optionalNumber("version").map(number -> {
            if (number < 0) {
                throw fields.wrong("version", "a whole number from 0 on");
            }
            return new Version(number);
        });
        var provenance = call.provenance().withReason(call.reason(fields));
        fields.end();
        return NoAnswerException.of(
                        requests.waiting(call.patience()).approve(call.catalogParameter(), id(call), seen, provenance))
                .thenApply(Answers::of);
    }

    private CompletionStage<Reply> reject(Call call) {
        var fields = call.fields();
        var provenance = call.provenance().withReason(call.reason(fields));
        fields.end();
        return NoAnswerException.of(
                        requests.waiting(call.patience()).reject(call.catalogParameter(), id(call), provenance))
                .thenApply(Answers::of);
    }

    private CompletionStage<Reply> comment(Call call) {
        var catalog = call.catalogParameter();
        var fields = call.fields();
        var text = fields.text("text");
        fields.end();
        if (text.isBlank() || text.length() > Comment.MAX_LENGTH) {
            throw fields.wrong("text", "1 to " + Comment.MAX_LENGTH + " characters");
        }
        return NoAnswerException.of(
                        requests.waiting(call.patience()).comment(catalog, id(call), text, call.provenance()))
                .thenApply(Answers::of);
    }

    private CompletionStage<Reply> withdraw(Call call) {
        var fields = call.fields();
        var provenance = call.provenance().withReason(call.reason(fields));
        fields.end();
        var id = id(call);
        return NoAnswerException.of(requests.waiting(call.patience())
                        .withdraw(
                                call.catalogParameter(),
                                id,
                                provenance,
                                Optional.of(call.principal().role().wireName())))
                .thenApply(answer -> answer instanceof Answer.Queued queued
                        ? Answers.at(
                                queued.base(),
                                202,
                                Json.object()
                                        .put("changeRequest", queued.id().text())
                                        .put("status", queued.status().wireName())
                                        .put("withdraws", id.text()))
                        : Answers.of(answer));
    }
}
