package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.ViolationJson;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.write.ChangedJson;
import java.util.List;
import java.util.Optional;

/// The protocol's refusals as problem documents.
final class Problems {
    /// How many violations one answer lists.
    private static final int LISTED = 1_000;

    /// After how many seconds to try again where a transaction is open: nobody knows when it ends.
    private static final String RETRY_LOCKED = "5";

    /// After how many seconds to try again where HQ is away: its store looks for it that often.
    private static final String RETRY_HQ = "5";

    private static final String WITHOUT_HQ = "HQ is out of this store's reach: nothing was done. Meanwhile the store"
            + " answers reads, and takes writes as change requests, for tokens that it knows.";

    private Problems() {}

    static Problem of(MalformedInput malformed) {
        return Problem.badRequest(malformed.code(), malformed.field(), String.valueOf(malformed.getMessage()));
    }

    static Problem of(Refusal refusal) {
        return switch (refusal) {
            case Refusal.Violations(var violations, var count) -> violations(violations, count);
            case Refusal.UnknownCatalog unknown -> unknownCatalog();
            case Refusal.UnknownObject(var object) ->
                Problem.of(404, "unknown_object", "There is no object " + object + ", nor was there.");
            case Refusal.PreconditionFailed(var changed) -> {
                var array = array();
                changed.forEach(object -> array.add(ChangedJson.write(object)));
                yield Problem.of(
                                409,
                                "precondition_failed",
                                "What the request was made for has changed since the version that it names.")
                        .with("conflicts", array);
            }
            case Refusal.KeyReused reused ->
                Problem.of(422, "key_reused", "This idempotency key was accepted with another body.");
            case Refusal.UnknownRequest unknown -> unknownRequest();
            case Refusal.Conflicted(var conflicts) -> {
                var array = array();
                conflicts.forEach(conflict -> array.add(ChangeRequestJson.write(conflict)));
                yield Problem.of(
                                409,
                                "conflicted",
                                "What the request changes has changed since the version that was seen.")
                        .with("conflicts", array);
            }
            case Refusal.AlreadyDecided(var status, var version) ->
                Problem.of(
                        409,
                        "already_decided",
                        "The change request is " + status.wireName() + " since version " + version + ".");
            case Refusal.OwnRequest own ->
                Problem.of(403, "own_request", "Nobody decides a change request of their own.");
            case Refusal.WaitsFor(var requests) -> {
                var array = array();
                requests.forEach(request -> array.add(request.text()));
                yield Problem.of(
                                409,
                                "waits_for",
                                "Earlier change requests of the store touch the same objects: decide them first.")
                        .with("waitsFor", array);
            }
            case Refusal.TooManyComments(var limit) ->
                Problem.limit(413, "too_large", limit, "A change request has at most " + limit + " comments.");
            case Refusal.SequenceGap(var epoch, var sequence) ->
                sequence(
                        "sequence_gap",
                        epoch,
                        sequence,
                        "Change requests are missing before the offered ones: the last that is recorded is " + sequence
                                + " of epoch " + epoch + ".");
            case Refusal.StaleEpoch(var epoch, var sequence) ->
                sequence("stale_epoch", epoch, sequence, "The store is in epoch " + epoch + " by now.");
            case Refusal.OtherHistory(var visible) -> Answers.diverged(visible);
            case Refusal.NotYetSeen(var visible) ->
                Problem.badRequest(
                        "invalid_value", "/version", "The version is not there yet; the newest is " + visible + ".");
            case Refusal.Locked(var version, var holder, var since, var until) ->
                Problem.of(
                                423,
                                "locked",
                                holder.caller() + " has a transaction open since " + Moment.format(since)
                                        + "; without a further write it ends at " + Moment.format(until) + ".")
                        .with("caller", TextNode.valueOf(holder.caller()))
                        .with("since", TextNode.valueOf(Moment.format(since)))
                        .with("until", TextNode.valueOf(Moment.format(until)))
                        .with("version", LongNode.valueOf(version.number()))
                        .header("Retry-After", RETRY_LOCKED);
            case Refusal.TransactionOver(var version, var ending) -> transactionOver(version, ending);
            case Refusal.HqOnly only -> hqOnly();
            case Refusal.TooLarge(var what, var limit) ->
                Problem.limit(413, "too_large", limit, "Too large: at most " + limit + " of " + what + ".");
        };
    }

    static Problem transactionOver(Version version, Optional<Ending> ending) {
        var problem = Problem.of(410, "transaction_over", "The transaction of version " + version + " is over.")
                .with("version", LongNode.valueOf(version.number()));
        return ending.map(known -> problem.with(
                                "how", TextNode.valueOf(known.how().wireName()))
                        .with("at", TextNode.valueOf(Moment.format(known.at()))))
                .orElse(problem);
    }

    /// Of a question that makes no sense; `errors` lists all that is wrong with it. A parameter that is wrong is a
    /// bad request, as it is everywhere.
    static Problem of(List<Fault> faults) {
        var first = faults.getFirst();
        if (first.code() == Fault.Code.UNKNOWN_LOCATION && first.pointer().equals("location")) { // of the parameter
            return Problem.badRequest(first.code().wireName(), first.pointer(), first.message());
        }
        var problem = first.code() == Fault.Code.NOT_UNIQUE_ATTRIBUTE
                ? Problem.of(422, first.code().wireName(), first.message())
                : Problem.of(
                        422,
                        "invalid_query",
                        faults.size() == 1
                                ? first.message()
                                : first.message() + " (and " + (faults.size() - 1) + " more, see `errors`)");
        return problem.with("errors", QueryJson.write(faults));
    }

    private static Problem sequence(String code, long epoch, long sequence, String detail) {
        return Problem.of(409, code, detail)
                .with("epoch", LongNode.valueOf(epoch))
                .with("sequence", LongNode.valueOf(sequence));
    }

    private static Problem violations(List<Violation> violations, long count) {
        var array = array();
        violations.stream().limit(LISTED).forEach(violation -> array.add(ViolationJson.write(violation)));
        var problem = all(violations, Violation.Code.UNKNOWN_OBJECT)
                ? Problem.of(404, "unknown_object", first(violations, count))
                : all(violations, Violation.Code.OBJECT_EXISTS)
                        ? Problem.of(409, "object_exists", first(violations, count))
                        : Problem.of(422, "violations", first(violations, count));
        return problem.with("count", LongNode.valueOf(count)).with("violations", array);
    }

    private static boolean all(List<Violation> violations, Violation.Code code) {
        return violations.stream().allMatch(violation -> violation.code() == code);
    }

    private static String first(List<Violation> violations, long count) {
        var message = violations.getFirst().message();
        return count == 1 ? message : message + " (and " + (count - 1) + " more, see `violations`)";
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static Problem unknownCatalog() {
        return Problem.of(404, "unknown_catalog", "There is no such catalog here, or not for this token.");
    }

    static Problem unknownRequest() {
        return Problem.of(404, "unknown_change_request", "There is no such change request in this catalog.");
    }

    static Problem unknownStore() {
        return Problem.of(404, "unknown_store", "There is no such store, or not for this token.");
    }

    /// A store answers for what only HQ does, which is out of its reach; nothing was done.
    static Problem hqUnreachable() {
        return Problem.unavailable("hq_unreachable", "Only HQ does this, and " + WITHOUT_HQ)
                .header("Retry-After", RETRY_HQ);
    }

    /// The same for what nobody should wait for.
    static Problem hqOnlyAndAway() {
        return Problem.of(409, "hq_only", "Only HQ does this, at once or not at all, and " + WITHOUT_HQ);
    }

    static Problem hqOnly() {
        return Problem.of(409, "hq_only", "Only HQ does this, and this site is a store.");
    }
}
