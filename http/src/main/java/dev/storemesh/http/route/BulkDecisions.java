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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/// Many change requests decided by one call: one after the other, oldest first, each as if it were decided alone. What
/// cannot be decided is told and passed over. It looks at so many at most; `next` is where to go on.
final class BulkDecisions {
    private static final int MOST = 1_000;
    private static final int PAGE = 100;
    private static final int LOOKED_AT = 10_000;

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
            Optional<RequestId> after,
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
        private final int limit;
        private int decided;
        private int refused;
        private int lookedAt;
        private Optional<RequestId> last;
        private boolean stopped; // something was out of reach

        private Report(Filter filter) {
            this.limit = filter.limit();
            this.last = filter.after();
        }

        private boolean goesOn() {
            return !stopped && decided + refused < limit && lookedAt < LOOKED_AT;
        }

        private void pass(RequestId id) {
            lookedAt++;
            last = Optional.of(id);
        }

        private void add(RequestId id, Answer answer) {
            switch (answer) {
                case Answer.Decided done -> decided++;
                case Answer.Refused(var refusal, var at) -> {
                    refused++;
                    add(id, Problems.of(refusal));
                }
                default -> stopped = true; // of this one nothing is known: it is the next
            }
            if (!stopped) {
                pass(id);
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
            if (more) {
                last.ifPresent(id -> json.put("next", id.text()));
            }
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
                fields.optionalParsed("after", RequestId::new),
                limit(fields));
        var provenance = call.provenance().withReason(call.reason(fields));
        fields.end();
        if (!filter.status().isUndecided()) {
            throw fields.wrong("status", "waiting or conflicted");
        }
        return next(filter, new Report(filter), request -> NoAnswerException.of(decision.apply(request, provenance)));
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

    private CompletionStage<Reply> next(Filter filter, Report report, Decision decision) {
        var query =
                new RequestsQuery(Optional.of(filter.status()), filter.store(), Optional.empty(), report.last, PAGE);
        return NoAnswerException.of(requests.list(filter.catalog(), query))
                .thenCompose(reading -> reading instanceof Reading.Found<Requests>(var version, var page)
                        ? page(filter, page, report, decision)
                        : CompletableFuture.completedFuture(Answers.of(
                                reading, "version", Problems.unknownCatalog(), (version, page) -> Json.object())));
    }

    private CompletionStage<Reply> page(Filter filter, Requests page, Report report, Decision decision) {
        CompletionStage<Void> looking = CompletableFuture.completedFuture(null);
        for (var request : page.requests()) {
            looking = looking.thenCompose(before -> {
                if (!report.goesOn()) {
                    return CompletableFuture.completedFuture(null);
                }
                if (!filter.wants(request)) {
                    report.pass(request.id());
                    return CompletableFuture.completedFuture(null);
                }
                return decision.of(request).thenAccept(answer -> report.add(request.id(), answer));
            });
        }
        return looking.thenCompose(done -> report.goesOn() && page.more()
                ? next(filter, report, decision)
                : CompletableFuture.completedFuture(report.reply(!report.goesOn())));
    }
}
