package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.catalog.ChangeRequestPort.Requests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.write.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/// Many change requests decided by one call: one after the other, oldest first, each as if it were decided alone. What
/// cannot be decided is told and passed over. Sent again it goes on with what is left.
final class BulkDecisions {
    private static final int MOST = 1_000;
    private static final int PAGE = 100;

    private final ChangeRequestPort requests;

    BulkDecisions(ChangeRequestPort requests) {
        this.requests = requests;
    }

    /// Which requests; what is not there does not matter.
    private record Filter(
            CatalogId catalog,
            Status status,
            Optional<StoreId> store,
            Optional<String> requester,
            Optional<DefinitionName> definition,
            int limit) {
        private boolean wants(ChangeRequest request) {
            return requester.map(request.requester()::equals).orElse(true)
                    && definition.map(name -> changesOnly(request, name)).orElse(true);
        }

        /// A request that changes something else, too, is not meant.
        private static boolean changesOnly(ChangeRequest request, DefinitionName name) {
            return ChangeRequestJson.operations(request.operations()).stream()
                    .allMatch(operation -> operation instanceof Operation.Put put
                            && !put.create()
                            && put.set().stream()
                                    .allMatch(setting ->
                                            setting.slot().definition().equals(name))
                            && put.unset().stream()
                                    .allMatch(unsetting ->
                                            unsetting.slot().definition().equals(name)));
        }
    }

    /// What came of it so far.
    private static final class Report {
        private final ObjectNode json = Json.object();
        private int decided;
        private int refused;

        private int all() {
            return decided + refused;
        }

        private void add(RequestId id, Answer answer) {
            if (answer instanceof Answer.Decided) {
                decided++;
                return;
            }
            refused++;
            if (answer instanceof Answer.Refused(var refusal, var at)) {
                add(id, Problems.of(refusal));
            }
        }

        private void add(RequestId id, Problem problem) {
            json.withArray("refused")
                    .addObject()
                    .put("changeRequest", id.text())
                    .put("code", problem.code())
                    .put("detail", problem.detail());
        }

        private Reply reply(boolean more) {
            json.put("decided", decided);
            json.withArray("refused");
            return Reply.json(200, json.put("more", more));
        }
    }

    CompletionStage<Reply> decide(Call call) {
        var fields = call.fields();
        var catalog = catalog(call, fields);
        var isApproval = switch (fields.text("decision")) {
            case "approve" -> true;
            case "reject" -> false;
            default -> throw fields.wrong("decision", "approve or reject");
        };
        var seen = fields.optionalNumber("version").map(number -> {
            if (number < 0) {
                throw fields.wrong("version", "a whole number from 0 on");
            }
            return new Version(number);
        });
        var waiting = requests.waiting(call.patience());
        return decide(
                call,
                fields,
                (request, provenance) -> isApproval
                        ? waiting.approve(catalog, request.id(), seen, provenance)
                        : waiting.reject(catalog, request.id(), provenance));
    }

    private static CatalogId catalog(Call call, Fields fields) {
        return call.visible(fields.parsed("catalog", CatalogId::new));
    }

    private CompletionStage<Reply> decide(
            Call call, Fields fields, BiFunction<ChangeRequest, Provenance, CompletionStage<Answer>> decision) {
        var filter = new Filter(
                catalog(call, fields),
                fields.optionalParsed("status", Status::parse).orElse(Status.WAITING),
                fields.optionalParsed("store", StoreId::new),
                fields.optionalText("requester"),
                fields.optionalParsed("definition", DefinitionName::new),
                limit(fields));
        var provenance = call.provenance().withReason(call.reason(fields));
        fields.end();
        if (!filter.status().isUndecided()) {
            throw fields.wrong("status", "waiting or conflicted");
        }
        return next(
                filter,
                Optional.empty(),
                new Report(),
                request -> NoAnswerException.of(decision.apply(request, provenance)));
    }

    private static int limit(Fields fields) {
        return fields.optionalNumber("limit")
                .map(number -> {
                    if (number < 1 || number > MOST) {
                        throw fields.wrong("limit", "a whole number, 1 to " + MOST);
                    }
                    return number.intValue();
                })
                .orElse(MOST);
    }

    private interface Decision {
        CompletionStage<Answer> of(ChangeRequest request);
    }

    private CompletionStage<Reply> next(Filter filter, Optional<RequestId> after, Report report, Decision decision) {
        var query = new RequestsQuery(Optional.of(filter.status()), filter.store(), Optional.empty(), after, PAGE);
        return NoAnswerException.of(requests.list(filter.catalog(), query))
                .thenCompose(reading -> reading instanceof Reading.Found<Requests>(var version, var page)
                        ? page(filter, page, report, decision)
                        : CompletableFuture.completedFuture(Answers.of(
                                reading, "version", Problems.unknownCatalog(), (version, page) -> Json.object())));
    }

    private CompletionStage<Reply> page(Filter filter, Requests page, Report report, Decision decision) {
        CompletionStage<Boolean> goesOn = CompletableFuture.completedFuture(true);
        for (var request : page.requests()) {
            goesOn = goesOn.thenCompose(on -> on && filter.wants(request) && report.all() < filter.limit()
                    ? decision.of(request).thenApply(answer -> {
                        report.add(request.id(), answer);
                        return !(answer instanceof Answer.Busy) && !(answer instanceof Answer.Unavailable);
                    })
                    : CompletableFuture.completedFuture(on));
        }
        return goesOn.thenCompose(on -> {
            var isFull = report.all() >= filter.limit();
            return on && !isFull && page.more()
                    ? next(filter, last(page.requests()), report, decision)
                    : CompletableFuture.completedFuture(report.reply(!on || isFull));
        });
    }

    private static Optional<RequestId> last(List<ChangeRequest> requests) {
        return Optional.of(requests.getLast().id());
    }
}
