package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.NeedsAnotherRound;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequest.Decision;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.RequestRecord.StoreSequence;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Bring;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Undelete;
import dev.storemesh.protocol.write.WriteJson;
import dev.storemesh.protocol.write.WriteJudge;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The rules for change requests at HQ. Recording a batch is one version that also moves the store's sequence on;
/// deciding is one version that sets the status and applies the operations: so each takes effect exactly once,
/// however often it is sent.
final class RequestDecider {
    private static final int BOUND = StandardSchema.BOOKKEEPING_BYTES;
    private static final int SHOWN = 200;

    private RequestDecider() {}

    static Outcome record(Catalog.Made catalog, Fetched.Round round, RecordRequests offer, Instant now) {
        var tokens = new HashSet<>(
                offer.requests().stream().map(request -> request.id().token()).toList());
        tokens.add(RequestRecord.sequenceToken(offer.store()));
        var missing = round.missing(tokens);
        if (!missing.isEmpty()) {
            return new NeedsLookups(missing);
        }
        var rows = rows(round, RequestRecord.sequenceToken(offer.store()));
        var known = RequestRecord.sequence(rows);
        if (offer.epoch() < known.epoch()) {
            return new Refused(new Refusal.StaleEpoch(known.epoch(), known.sequence()));
        }
        var last = offer.epoch() > known.epoch() ? 0 : known.sequence();
        if (offer.requests().stream()
                .anyMatch(request -> request.sequence() <= last && isUnknown(round, request.id()))) {
            return new Refused(new Refusal.StaleEpoch(known.epoch(), known.sequence()));
        }
        var fresh = offer.requests().stream()
                .filter(request -> request.sequence() > last)
                .toList();
        if (fresh.isEmpty()) {
            return new Accepted(List.of(), new Answer.Recorded(catalog.head(), known.epoch(), known.sequence()));
        }
        for (var i = 0; i < fresh.size(); i++) {
            if (fresh.get(i).sequence() != last + 1 + i) {
                return new Refused(new Refusal.SequenceGap(offer.epoch(), last));
            }
        }
        var ids = new HashSet<RequestId>();
        var reached = new StoreSequence(offer.epoch(), fresh.getLast().sequence());
        return accepted(
                catalog,
                offer.provenance(),
                Stream.concat(
                                Stream.of(RequestRecord.advance(offer.store(), rows, reached)),
                                fresh.stream()
                                        .filter(request -> ids.add(request.id()))
                                        .flatMap(request -> isUnknown(round, request.id())
                                                ? Stream.of(recorded(catalog, offer, request, now))
                                                : renumbered(round, offer, request)))
                        .toList(),
                version -> new Answer.Recorded(version, reached.epoch(), reached.sequence()),
                now);
    }

    /// What is known from an earlier epoch is not recorded twice; its number is the new one, so that its store
    /// knows.
    private static Stream<ObjectChange> renumbered(Fetched.Round round, RecordRequests offer, OfferedRequest request) {
        var rows = rows(round, request.id().token());
        var isOurs = !rows.isEmpty()
                && RequestRecord.read(request.id().token(), rows).store().equals(offer.store());
        return isOurs ? Stream.of(RequestRecord.renumber(offer.store(), offer.epoch(), request, rows)) : Stream.empty();
    }

    private static boolean isUnknown(Fetched.Round round, RequestId id) {
        return round.heads().apply(id.token()) instanceof ObjectState.Unknown;
    }

    private static ObjectChange recorded(
            Catalog.Made catalog, RecordRequests offer, OfferedRequest request, Instant now) {
        var at = CatalogDecider.timeAfter(catalog, now);
        if (isTooLarge(request)) {
            var rest = new OfferedRequest(
                    request.id(),
                    request.sequence(),
                    request.base(),
                    "[]",
                    Texts.shortened(request.requester(), SHOWN),
                    Optional.empty(),
                    request.queuedAt());
            return refused(offer, rest, "too_large", "A text of it has more than " + BOUND + " bytes.", at);
        }
        if (request.base().isAfter(catalog.head())) {
            var message = "Its base " + request.base() + " is not there; the newest version is " + catalog.head() + ".";
            return refused(offer, request, "unknown_base", message, at);
        }
        try {
            operations(request.operations());
        } catch (IllegalArgumentException e) {
            return refused(offer, request, "unreadable", String.valueOf(e.getMessage()), at);
        }
        return RequestRecord.record(offer.store(), offer.epoch(), request, Status.WAITING, Optional.empty(), at);
    }

    private static ObjectChange refused(
            RecordRequests offer, OfferedRequest request, String code, String message, Instant at) {
        var violations = "[" + Json.text(Json.object().put("code", code).put("message", message)) + "]";
        return RequestRecord.record(offer.store(), offer.epoch(), request, Status.REFUSED, Optional.of(violations), at);
    }

    /// Followers read these texts by the schema, which bounds them.
    private static boolean isTooLarge(OfferedRequest request) {
        return Stream.of(
                        request.operations(),
                        request.requester(),
                        request.reason().orElse(""))
                .anyMatch(text -> text.getBytes(StandardCharsets.UTF_8).length > BOUND);
    }

    private static Optional<Outcome> tooLarge(Provenance provenance) {
        var bytes = provenance.reason().orElse("").getBytes(StandardCharsets.UTF_8).length;
        return bytes > Definition.CLIENT_BYTES
                ? Optional.of(new Refused(new Refusal.TooLarge("reason", Definition.CLIENT_BYTES)))
                : Optional.empty();
    }

    private static List<Operation> operations(String json) {
        var body = Json.object();
        body.set("operations", Json.parse(json));
        return WriteJson.operations(Fields.of(body));
    }

    static Outcome approve(Catalog.Made catalog, Fetched.Round round, Approve approve, Instant now) {
        if (approve.seen().map(seen -> seen.isAfter(catalog.head())).orElse(false)) {
            return new Refused(new Refusal.NotYetSeen(catalog.head()));
        }
        return decided(round, approve.id(), Status.APPROVED)
                .or(() -> tooLarge(approve.provenance()))
                .orElseGet(() -> {
                    var rows = rows(round, approve.id().token());
                    var request = RequestRecord.read(approve.id().token(), rows);
                    return apply(catalog, round, request, rows, approve, now);
                });
    }

    private static Outcome apply(
            Catalog.Made catalog,
            Fetched.Round round,
            ChangeRequest request,
            List<Row> rows,
            Approve approve,
            Instant now) {
        var operations = operations(request.operations());
        var seen = approve.seen().orElse(request.base());
        var schema = catalog.schemas().now();
        var missing = new HashSet<Lookup>();
        operations.forEach(operation -> asOf(operation, seen)
                .filter(lookup -> round.past(lookup).isEmpty())
                .ifPresent(missing::add));
        var basis = new WriteJudge.Basis(schema, catalog.schemas().objectsNow(), name -> true);
        var judgement = WriteJudge.judge(operations, Map.of(), basis, round);
        if (judgement instanceof WriteJudge.Lacking(var lookups)) {
            missing.addAll(lookups);
        }
        if (!missing.isEmpty()) {
            return new NeedsLookups(missing);
        }
        if (judgement instanceof WriteJudge.Unsound(var violations, var count)) {
            return new Refused(new Refusal.Violations(violations, count));
        }
        if (judgement instanceof WriteJudge.Outdated) {
            return new NeedsAnotherRound();
        }
        var conflicts = operations.stream()
                .flatMap(operation -> conflicts(operation, seen, round, schema))
                .toList();
        if (!conflicts.isEmpty()) {
            return new Refused(new Refusal.Conflicted(conflicts));
        }
        var changes = new ArrayList<>(((WriteJudge.Sound) judgement).changes());
        var at = CatalogDecider.timeAfter(catalog, now);
        changes.add(decision(request, rows, Status.APPROVED, approve.provenance(), at));
        return accepted(
                catalog,
                approve.provenance().withStore(request.store()),
                changes,
                version -> new Answer.Decided(request.id(), Status.APPROVED, version, false),
                now);
    }

    static Outcome reject(Catalog.Made catalog, Fetched.Round round, Reject reject, Instant now) {
        return decided(round, reject.id(), Status.REJECTED)
                .or(() -> tooLarge(reject.provenance()))
                .orElseGet(() -> {
                    var rows = rows(round, reject.id().token());
                    var request = RequestRecord.read(reject.id().token(), rows);
                    var at = CatalogDecider.timeAfter(catalog, now);
                    return accepted(
                            catalog,
                            reject.provenance().withStore(request.store()),
                            List.of(decision(request, rows, Status.REJECTED, reject.provenance(), at)),
                            version -> new Answer.Decided(request.id(), Status.REJECTED, version, false),
                            now);
                });
    }

    private static ObjectChange decision(
            ChangeRequest request, List<Row> rows, Status status, Provenance provenance, Instant at) {
        return RequestRecord.decide(request, rows, status, new Decision(provenance.caller(), at, provenance.reason()));
    }

    /// The outcome where the request is not there to decide; empty: it waits.
    private static Optional<Outcome> decided(Fetched.Round round, RequestId id, Status wanted) {
        var head = round.head(id.token());
        if (head.isEmpty()) {
            return Optional.of(new NeedsLookups(Set.of(new Lookup.Head(id.token()))));
        }
        if (!(head.get() instanceof ObjectState.Live(var type, var rows, var changed))
                || !type.equals(StandardSchema.CHANGE_REQUEST)) {
            return Optional.of(new Refused(new Refusal.UnknownRequest()));
        }
        var request = RequestRecord.read(id.token(), rows);
        if (request.status() == Status.WAITING) {
            return Optional.empty();
        }
        var since = request.version().orElse(Version.NONE);
        return Optional.of(
                request.status() == wanted
                        ? new Accepted(List.of(), new Answer.Decided(id, wanted, since, true))
                        : new Refused(new Refusal.AlreadyDecided(request.status(), since)));
    }

    private static Optional<Lookup.AsOf> asOf(Operation operation, Version seen) {
        return operation.object() instanceof ObjectRef.Known(var token)
                ? Optional.of(new Lookup.AsOf(token, seen))
                : Optional.empty();
    }

    /// Per slot: what stands now differs from what stood at `seen`, and from what is asked for.
    private static Stream<Conflict> conflicts(Operation operation, Version seen, Fetched.Round round, Schema schema) {
        if (!(operation.object() instanceof ObjectRef.Known(var token))) {
            return Stream.empty();
        }
        var then = round.past(new Lookup.AsOf(token, seen)).orElse(ObjectState.unknown());
        var now = round.heads().apply(token);
        return switch (operation) {
            case Delete delete -> whole(token, then, now);
            case Undelete undelete -> Stream.empty(); // what is deleted does not change
            case Bring bring -> Stream.empty(); // no change request has one
            case Put put ->
                Stream.concat(
                        put.set().stream()
                                .flatMap(setting -> schema
                                        .definition(setting.slot().definition())
                                        .filter(definition -> !definition.isSet()) // who adds one value hides no other
                                        .stream()
                                        .flatMap(definition -> conflict(
                                                token,
                                                setting.slot(),
                                                then,
                                                now,
                                                Optional.of(definition.read(setting.value()))))),
                        put.unset().stream()
                                .filter(unsetting -> unsetting.value().isEmpty())
                                .flatMap(unsetting -> conflict(token, unsetting.slot(), then, now, Optional.empty())));
        };
    }

    private static Stream<Conflict> whole(ObjectToken token, ObjectState then, ObjectState now) {
        return same(then, now)
                ? Stream.empty()
                : Stream.of(
                        new Conflict(token, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static Stream<Conflict> conflict(
            ObjectToken token, Slot slot, ObjectState then, ObjectState now, Optional<Value> requested) {
        var base = values(then, slot);
        var current = values(now, slot);
        return base.equals(current) || current.equals(requested.stream().toList())
                ? Stream.empty()
                : Stream.of(new Conflict(
                        token,
                        Optional.of(slot),
                        base.stream().findFirst(),
                        requested,
                        current.stream().findFirst()));
    }

    private static boolean same(ObjectState then, ObjectState now) {
        return then instanceof ObjectState.Live before && now instanceof ObjectState.Live after
                ? new HashSet<>(before.rows()).equals(new HashSet<>(after.rows()))
                : !(then instanceof ObjectState.Live) && !(now instanceof ObjectState.Live);
    }

    private static List<Value> values(ObjectState state, Slot slot) {
        return state instanceof ObjectState.Live live ? live.values(slot) : List.of();
    }

    private static List<Row> rows(Fetched.Round round, ObjectToken token) {
        return round.heads().apply(token) instanceof ObjectState.Live live ? live.rows() : List.of();
    }

    private static Outcome accepted(
            Catalog.Made catalog,
            Provenance provenance,
            List<ObjectChange> changes,
            Function<Version, Answer> answer,
            Instant now) {
        var keyless = provenance.withKey(Optional.empty()); // repeats are known by the request's id, not by a key
        var entry = CatalogDecider.next(catalog, keyless, changes, now);
        return new Accepted(List.of(new WriteAccepted(entry, Map.of(), "")), answer.apply(entry.version()));
    }
}
