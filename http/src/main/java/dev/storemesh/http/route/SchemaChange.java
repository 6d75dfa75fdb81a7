package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/// One request that becomes an ordinary write of schema objects, once it is known which of them are there. If they
/// change between that look and the write, the write's own rules say so.
///
/// @param digest tells the request from another one under the same idempotency key
/// @param ifVersion only if the objects that it names did not change after it
record SchemaChange(
        CatalogPort catalogs, Call call, String digest, Provenance provenance, Optional<Version> ifVersion) {
    /// Reads `reason` and `ifVersion`, and refuses all fields that are left.
    static SchemaChange of(CatalogPort catalogs, String what, Call call, Fields fields) {
        var ifVersion = WriteJson.ifVersion(fields);
        var provenance = call.provenance().withReason(call.reason(fields)).withKey(call.idempotencyKey());
        fields.end();
        return new SchemaChange(catalogs, call, call.digestOf(what), provenance, ifVersion);
    }

    /// Hands over what is there now.
    CompletionStage<Reply> seeing(BiFunction<Version, SchemaView, CompletionStage<Reply>> change) {
        return NoAnswerException.of(catalogs.schema(call.catalog(), Optional.empty()))
                .thenCompose(reading -> reading instanceof Reading.Found<SchemaView>(var version, var view)
                        ? change.apply(version, view)
                        : CompletableFuture.completedStage(
                                Answers.of(reading, "version", Problems.unknownCatalog(), (at, view) -> {
                                    throw new IllegalStateException("what was found is dealt with above");
                                })));
    }

    CompletionStage<Reply> write(List<Operation> operations, Function<Made, Reply> made) {
        AppWrites.checkDecisions(call, operations);
        if (operations.size() > WriteJson.MAX_OPERATIONS) {
            return CompletableFuture.completedStage(
                    Answers.of(Answer.refuse(new Refusal.TooLarge("operations", WriteJson.MAX_OPERATIONS))));
        }
        return written(operations).thenApply(answer -> Made.of(answer).map(made).orElseGet(() -> Answers.of(answer)));
    }

    private CompletionStage<Answer> written(List<Operation> operations) {
        return NoAnswerException.of(
                catalogs.write(call.catalog(), new Write(operations, provenance, digest, Optional.empty())));
    }

    /// Refuses, unless the request was accepted before under its key: the answer is then the one of that time. For
    /// the key's sake a write is sent that cannot be accepted anew, as it deletes what nothing is called.
    CompletionStage<Reply> refuse(Problem problem, Function<Made, Reply> made) {
        if (call.idempotencyKey().isEmpty()) {
            return CompletableFuture.completedStage(Reply.refusal(problem));
        }
        Operation impossible = new Operation.Delete(new ObjectRef.Temporary("#nothing"), Optional.empty());
        return written(List.of(impossible))
                .thenApply(answer -> answer instanceof Answer.Refused(Refusal.Violations violations, var at)
                        ? Reply.refusal(problem)
                        : Made.of(answer).map(made).orElseGet(() -> Answers.of(answer)));
    }
}
