package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.RequestRecord.StoreSequence;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Records a batch that a store offers: one version, which also moves the store's sequence on; then, each by a
/// version of its own in the same row, decides those that no person need look at.
final class RequestRecording {
    private static final int BOUND = StandardSchema.BOOKKEEPING_BYTES;
    private static final int SHOWN = 200;

    private final RequestVersions versions;
    private final RecordRequests offer;
    private final Instant at;
    private final Map<ObjectToken, RequestId> last = new HashMap<>(); // of this batch that touches an object

    private RequestRecording(RequestVersions versions, RecordRequests offer, Instant at) {
        this.versions = versions;
        this.offer = offer;
        this.at = at;
    }

    static Outcome record(Catalog.Made catalog, Fetched.Round round, RecordRequests offer, Instant now) {
        if (offer.history()
                .filter(followed -> !followed.equals(catalog.history()))
                .isPresent()) {
            return new Refused(new Refusal.OtherHistory(catalog.head()));
        }
        var tokens = new HashSet<ObjectToken>();
        offer.requests().forEach(request -> tokens.add(request.id().token()));
        tokens.add(RequestRecord.sequenceToken(offer.store()));
        var missing = round.missing(tokens);
        if (!missing.isEmpty()) {
            return new NeedsLookups(missing);
        }
        var versions = new RequestVersions(catalog, round, now);
        return new RequestRecording(versions, offer, CatalogDecider.timeAfter(catalog, now)).recorded();
    }

    private Outcome recorded() {
        var rows = versions.rows(RequestRecord.sequenceToken(offer.store()));
        var known = RequestRecord.sequence(rows);
        if (offer.epoch() < known.epoch()) {
            return new Refused(new Refusal.StaleEpoch(known.epoch(), known.sequence()));
        }
        var last = offer.epoch() > known.epoch() ? 0 : known.sequence();
        if (offer.requests().stream().anyMatch(request -> request.sequence() <= last && isUnknown(request.id()))) {
            return new Refused(new Refusal.StaleEpoch(known.epoch(), known.sequence()));
        }
        var fresh = offer.requests().stream()
                .filter(request -> request.sequence() > last)
                .toList();
        if (fresh.isEmpty()) {
            return new Accepted(List.of(), new Answer.Recorded(versions.head(), known.epoch(), known.sequence()));
        }
        for (var i = 0; i < fresh.size(); i++) {
            if (fresh.get(i).sequence() != last + 1 + i) {
                return new Refused(new Refusal.SequenceGap(offer.epoch(), last));
            }
        }
        var reached = new StoreSequence(offer.epoch(), fresh.getLast().sequence());
        var changes = new ArrayList<ObjectChange>();
        changes.add(RequestRecord.advance(offer.store(), rows, reached));
        var ids = new HashSet<RequestId>();
        fresh.stream().filter(request -> ids.add(request.id())).forEach(request -> {
            if (isUnknown(request.id())) {
                changes.add(recorded(request));
            } else {
                renumbered(request).forEach(changes::add);
            }
        });
        handOver(changes);
        var version = versions.write(offer.provenance(), changes);
        var settlement = new RequestSettlement(versions);
        fresh.stream() // before what is taken back takes effect
                .filter(request -> request.withdraws().isPresent())
                .forEach(request -> settlement.settle(request.id()));
        fresh.forEach(request -> settlement.settle(request.id()));
        return versions.outcome(new Answer.Recorded(version, reached.epoch(), reached.sequence()));
    }

    private boolean isUnknown(RequestId id) {
        return versions.isUnknown(id.token());
    }

    /// What is known from an earlier epoch is not recorded twice; its number is the new one, so that its store
    /// knows.
    private Stream<ObjectChange> renumbered(OfferedRequest request) {
        return versions
                .request(request.id())
                .filter(known -> known.store().equals(offer.store()))
                .map(known -> RequestRecord.renumber(
                        offer.store(),
                        offer.epoch(),
                        request,
                        versions.rows(request.id().token())))
                .stream();
    }

    private ObjectChange recorded(OfferedRequest request) {
        if (isTooLarge(request)) {
            var rest = new OfferedRequest(
                    request.id(),
                    request.sequence(),
                    request.base(),
                    "[]",
                    Texts.shortened(request.requester(), SHOWN),
                    Optional.empty(),
                    request.queuedAt());
            return refused(rest, "too_large", "A text of it has more than " + BOUND + " bytes.");
        }
        if (request.base().isAfter(versions.head())) {
            return refused(
                    request,
                    "unknown_base",
                    "Its base " + request.base() + " is not there; the newest version is " + versions.head() + ".");
        }
        try {
            return waiting(request, ChangeRequestJson.operations(request.operations()));
        } catch (IllegalArgumentException e) {
            if (request.withdraws().isPresent()) {
                return waiting(request, List.of()); // it has no operations
            }
            return refused(request, "unreadable", String.valueOf(e.getMessage()));
        }
    }

    /// It waits for the last requests of its store that touch what it does.
    private ObjectChange waiting(OfferedRequest request, List<Operation> operations) {
        var touched = RequestVersions.touched(operations);
        var before = new HashSet<RequestId>();
        Stream.concat(touched.stream(), versions.awaited(operations))
                .flatMap(token -> lastThatTouches(token).stream())
                .forEach(before::add);
        touched.forEach(token -> last.put(token, request.id()));
        return RequestRecord.record(
                offer.store(), offer.epoch(), request, Status.WAITING, Optional.empty(), before, at);
    }

    private Optional<RequestId> lastThatTouches(ObjectToken token) {
        return Optional.ofNullable(last.get(token))
                .or(() -> versions.lastOf(offer.store(), token).map(ChangeRequest::id));
    }

    /// Each object that the batch touches is touched last by one of it, and no more by one of before.
    private void handOver(List<ObjectChange> changes) {
        var mine = new HashMap<ObjectToken, Set<ObjectToken>>();
        last.forEach((token, id) ->
                mine.computeIfAbsent(id.token(), i -> new HashSet<>()).add(token));
        changes.replaceAll(change -> Optional.ofNullable(mine.get(change.object()))
                .map(tokens -> RequestRecord.touching(offer.store(), change, tokens))
                .orElse(change));
        var theirs = new TreeMap<RequestId, Set<ObjectToken>>();
        last.keySet()
                .forEach(token -> versions.lastOf(offer.store(), token)
                        .ifPresent(before -> theirs.computeIfAbsent(before.id(), i -> new HashSet<>())
                                .add(token)));
        theirs.forEach((id, tokens) -> versions.request(id)
                .map(before -> RequestRecord.touch(before, versions.rows(id.token()), Set.of(), tokens))
                .ifPresent(change -> add(change, changes)));
    }

    /// One that is numbered anew may be handed over, too: an object is changed once in a version.
    private static void add(ObjectChange change, List<ObjectChange> changes) {
        for (var i = 0; i < changes.size(); i++) {
            if (changes.get(i).object().equals(change.object())) {
                changes.set(i, changes.get(i).and(change));
                return;
            }
        }
        changes.add(change);
    }

    private ObjectChange refused(OfferedRequest request, String code, String message) {
        var violations = "[" + Json.text(Json.object().put("code", code).put("message", message)) + "]";
        return RequestRecord.record(
                offer.store(), offer.epoch(), request, Status.REFUSED, Optional.of(violations), Set.of(), at);
    }

    /// Followers read these texts by the schema, which bounds them.
    private static boolean isTooLarge(OfferedRequest request) {
        return Stream.of(
                        request.operations(),
                        request.requester(),
                        request.role().orElse(""),
                        request.reason().orElse(""))
                .anyMatch(text -> text.getBytes(StandardCharsets.UTF_8).length > BOUND);
    }
}
