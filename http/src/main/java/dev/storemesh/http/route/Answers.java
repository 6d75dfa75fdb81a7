package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Map;
import java.util.function.BiFunction;

/// What the ports answer, as replies.
final class Answers {
    private Answers() {}

    /// Of a change: written, queued, decided, refused, or not decided at all.
    static Reply of(Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted ->
                at(accepted.version(), 200, Made.of(accepted).json());
            case Answer.Staged staged ->
                at(staged.version(), 200, Made.of(staged).json());
            case Answer.Opened opened ->
                throw new IllegalStateException("a transaction was opened where none was asked for");
            case Answer.Ended(var version, var ending, var replayed) -> {
                var json = Json.object().put("version", version.number());
                if (ending.how() != Ending.How.COMMITTED) {
                    json.put("void", true);
                }
                yield at(version, 200, replayed(json, replayed));
            }
            case Answer.Recalled recalled ->
                throw new IllegalStateException("an answer was recalled where none was asked for");
            case Answer.Queued queued -> {
                var json = Json.object()
                        .put("changeRequest", queued.id().text())
                        .put("status", queued.status().wireName());
                json.set("objects", names(queued.names()));
                queued.local().ifPresent(local -> json.put("local", local));
                var reply = at(queued.base(), 202, replayed(json, queued.replayed()));
                yield queued.local()
                        .map(local -> reply.with("Storemesh-Local", local.toString()))
                        .orElse(reply);
            }
            case Answer.Settled(var id, var status, var names, var version, var replayed) -> {
                var json = Json.object().put("version", version.number());
                json.set("objects", names(names));
                json.put("changeRequest", id.text()).put("status", status.wireName());
                yield at(version, 200, replayed(json, replayed));
            }
            case Answer.Recorded(var version, var epoch, var sequence) ->
                at(
                        version,
                        200,
                        Json.object()
                                .put("version", version.number())
                                .put("epoch", epoch)
                                .put("sequence", sequence));
            case Answer.Decided(var id, var status, var version, var replayed) -> {
                var json = Json.object()
                        .put("changeRequest", id.text())
                        .put("status", status.wireName())
                        .put("version", version.number());
                yield at(version, 200, replayed(json, replayed));
            }
            case Answer.Commented(var id, var version) ->
                at(version, 200, Json.object().put("changeRequest", id.text()).put("version", version.number()));
            case Answer.Created(var version, var made) ->
                throw new IllegalStateException("a catalog was made where none was asked for");
            case Answer.Refused(var refusal, var at) -> {
                var problem = Problems.of(refusal);
                yield Reply.refusal(at.map(version -> problem.header("Storemesh-Version", version.toString()))
                        .orElse(problem));
            }
            case Answer.Busy(var what, var limit) ->
                Reply.refusal(Problem.limit(
                                429,
                                "busy",
                                limit,
                                "Nothing was done, for " + limit + " " + what + " wait already: try again.")
                        .header("Retry-After", "1"));
            case Answer.Unavailable(var reason) ->
                Reply.refusal(Problem.unavailable("unavailable", "Nothing was done: " + reason));
        };
    }

    /// Of a read; `versionParameter` is what asked for the version, a parameter or a field of the body; `found`
    /// translates what there is, `nothing` is what to say where there is nothing of the name.
    static <T> Reply of(
            Reading<T> reading, String versionParameter, Problem nothing, BiFunction<Version, T, ObjectNode> found) {
        return reply(
                reading, versionParameter, nothing, (version, value) -> at(version, 200, found.apply(version, value)));
    }

    /// Of a read whose answer is written without a tree, since it is large or asked for often.
    ///
    /// @param found what it is, as UTF-8
    static <T> Reply written(
            Reading<T> reading, String versionParameter, Problem nothing, BiFunction<Version, T, byte[]> found) {
        return reply(
                reading,
                versionParameter,
                nothing,
                (version, value) ->
                        Reply.json(200, found.apply(version, value)).with("Storemesh-Version", version.toString()));
    }

    private static <T> Reply reply(
            Reading<T> reading, String versionParameter, Problem nothing, BiFunction<Version, T, Reply> found) {
        return switch (reading) {
            case Reading.Found<T>(var version, var value) -> found.apply(version, value);
            case Reading.NoCatalog<T> none -> Reply.refusal(Problems.unknownCatalog());
            case Reading.Nothing<T>(var version) ->
                Reply.refusal(nothing.header("Storemesh-Version", version.toString()));
            case Reading.NotYet<T>(var visible) ->
                Reply.refusal(Problem.badRequest(
                                versionParameter.startsWith("/") ? "invalid_value" : "invalid_parameter",
                                versionParameter,
                                versionParameter + ": not there yet (expected: at most " + visible + ")")
                        .header("Storemesh-Version", visible.toString()));
            case Reading.TransactionOver<T>(var visible, var version, var ending) ->
                Reply.refusal(
                        Problems.transactionOver(version, ending).header("Storemesh-Version", visible.toString()));
            case Reading.Diverged<T>(var visible) -> Reply.refusal(diverged(visible));
            case Reading.BelowFloor<T>(var visible, var floor) -> Reply.refusal(belowFloor(visible, floor));
            case Reading.OutOfScope<T>(var visible, var held) -> Reply.refusal(FollowedScope.outOfScope(visible, held));
            case Reading.Invalid<T>(var at, var faults) ->
                Reply.refusal(Problems.of(faults).header("Storemesh-Version", at.toString()));
            case Reading.TooCostly<T>(var at, var what, var limit) ->
                Reply.refusal(Problem.limit(
                                422,
                                "query_too_costly",
                                limit,
                                "The query was given up at " + limit + " " + what + ": ask for less.")
                        .header("Storemesh-Version", at.toString()));
        };
    }

    static Problem belowFloor(Version visible, Version floor) {
        return Problem.of(
                        410,
                        "below_floor",
                        "This site began with the state at version " + floor
                                + ": what was before it, and what happened up to it, it cannot tell.")
                .with("floor", LongNode.valueOf(floor.number()))
                .header("Storemesh-Version", visible.toString());
    }

    static Problem diverged(Version visible) {
        return Problem.of(
                        409,
                        "diverged",
                        "This is not the log that the reader has followed: it is at version " + visible
                                + " and its history differs.")
                .header("Storemesh-Version", visible.toString());
    }

    /// Every answer about one catalog says at which version it was read, or which one was written.
    static Reply.Json at(Version version, int status, ObjectNode json) {
        return Reply.json(status, json).with("Storemesh-Version", version.toString());
    }

    static ObjectNode names(Map<String, ObjectToken> names) {
        var json = Json.object();
        names.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(name -> json.put(name.getKey(), name.getValue().text()));
        return json;
    }

    private static ObjectNode replayed(ObjectNode json, boolean replayed) {
        return replayed ? json.put("replayed", true) : json;
    }
}
