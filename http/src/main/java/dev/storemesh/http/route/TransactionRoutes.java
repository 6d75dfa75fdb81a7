package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The open transaction of a catalog: opened, committed, rolled back. Its steps are ordinary writes that show its
/// lock.
final class TransactionRoutes {
    private static final String TRANSACTION = "/api/v1/catalogs/{catalog}/transaction";

    private final CallCatalogs catalogs;
    private final SitePort site;

    TransactionRoutes(CallCatalogs catalogs, SitePort site) {
        this.catalogs = catalogs;
        this.site = site;
    }

    List<Endpoint> endpoints() {
        var writer = Admission.to(Permission.BULK);
        return List.of(
                Endpoint.post(TRANSACTION, writer, Endpoint.Body.OPTIONAL, this::open)
                        .answering(201, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.AT_HQ_OR_REFUSED)
                        .under(Endpoint.Transaction.AWAITED),
                Endpoint.post(TRANSACTION + "/commit", writer, Endpoint.Body.OPTIONAL, this::commit)
                        .answering(200, 404, 409, 410, 429)
                        .answered(Endpoint.AtStore.AT_HQ_OR_REFUSED),
                Endpoint.delete(TRANSACTION, writer, this::rollBack)
                        .answering(200, 404, 409, 410, 429)
                        .answered(Endpoint.AtStore.AT_HQ_OR_REFUSED));
    }

    private CompletionStage<Reply> open(Call call) {
        var fields = call.fields();
        var idle = fields.optionalNumber("idleSeconds")
                .map(seconds -> idle(fields, seconds))
                .orElse(Opening.DEFAULT_IDLE);
        var provenance = call.provenance().withReason(call.reason(fields)).withKey(call.idempotencyKey());
        fields.end();
        var opening = new Opening(provenance, call.digestOf("open transaction"), idle, Optional.empty());
        return open(catalogs, call, opening, 201);
    }

    private static Duration idle(Fields fields, long seconds) {
        if (seconds < 1 || seconds > Opening.MAX_IDLE.toSeconds()) {
            throw fields.wrong("idleSeconds", "a whole number from 1 to " + Opening.MAX_IDLE.toSeconds());
        }
        return Duration.ofSeconds(seconds);
    }

    /// Opens a transaction whose first step is this write.
    static CompletionStage<Reply> openWith(CallCatalogs catalogs, Call call, Write first) {
        var opening = new Opening(first.provenance(), first.digest(), Opening.DEFAULT_IDLE, Optional.of(first));
        return open(catalogs, call, opening, 200);
    }

    private static CompletionStage<Reply> open(CallCatalogs catalogs, Call call, Opening opening, int status) {
        if (call.lock().isPresent()) {
            throw new ProblemException(Problem.badRequest(
                    "invalid_header",
                    "Storemesh-Lock",
                    "Storemesh-Lock: beside the opening of a transaction (expected: none)."));
        }
        return NoAnswerException.of(catalogs.of(call).open(call.catalog(), opening))
                .thenApply(answer -> answer instanceof Answer.Opened opened
                        ? opened(catalogs.token(call, opened.lock()), opened, status)
                        : Answers.of(answer));
    }

    private static Reply opened(String lock, Answer.Opened opened, int status) {
        var version = opened.lock().version();
        var json = opened.first()
                .map(first -> Made.of(first).json())
                .orElseGet(() -> Json.object().put("version", version.number()));
        json.put("lock", lock)
                .put("since", Moment.format(opened.since()))
                .put("until", Moment.format(opened.until()))
                .put("ends", Moment.format(opened.ends()));
        return Answers.at(version, status, opened.replayed() ? json.put("replayed", true) : json);
    }

    private CompletionStage<Reply> commit(Call call) {
        call.fields().end();
        return ended(call, CatalogPort::commit);
    }

    private CompletionStage<Reply> rollBack(Call call) {
        return ended(call, CatalogPort::rollBack);
    }

    private interface End {
        CompletionStage<Answer> of(CatalogPort catalogs, CatalogId catalog, LockToken lock);
    }

    /// A store gives no locks, and knows none of HQ's: so it need not look at them.
    private CompletionStage<Reply> ended(Call call, End end) {
        if (site.standing().kind() != SitePort.Kind.HQ) {
            return CompletableFuture.completedStage(Reply.refusal(Problems.hqOnly()));
        }
        var lock = catalogs.lock(call)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        403,
                        "lock_needed",
                        "Only who holds the transaction ends it (expected: Storemesh-Lock: sml_…).")));
        return NoAnswerException.of(end.of(catalogs.visible(), call.catalog(), lock))
                .thenApply(Answers::of);
    }
}
