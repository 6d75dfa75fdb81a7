package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Comment;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.CatalogCommand.Withdraw;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.NeedsAnotherRound;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequest.Decision;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.WriteJudge;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The rules for change requests at HQ. Recording a batch is one version that also moves the store's sequence on;
/// deciding is one version that sets the status and applies the operations: so each takes effect exactly once,
/// however often it is sent. What follows from either without a person is decided in the same journal row.
final class RequestDecider {
    /// The roles that are of one store.
    private static final Set<String> STAFF = Arrays.stream(Role.values())
            .filter(Role::needsStore)
            .map(Role::wireName)
            .collect(Collectors.toUnmodifiableSet());

    private final RequestVersions versions;
    private final RequestSettlement settlement;

    private RequestDecider(Catalog.Made catalog, Fetched.Round round, Instant now) {
        this.versions = new RequestVersions(catalog, round, now);
        this.settlement = new RequestSettlement(versions);
    }

    static Outcome record(Catalog.Made catalog, Fetched.Round round, RecordRequests offer, Instant now) {
        return RequestRecording.record(catalog, round, offer, now);
    }

    static Outcome approve(Catalog.Made catalog, Fetched.Round round, Approve approve, Instant now) {
        if (approve.seen().map(seen -> seen.isAfter(catalog.head())).orElse(false)) {
            return new Refused(new Refusal.NotYetSeen(catalog.head()));
        }
        return new RequestDecider(catalog, round, now)
                .undecided(
                        approve.id(),
                        Status.APPROVED,
                        approve.provenance(),
                        (decider, request) -> decider.approve(request, approve));
    }

    static Outcome reject(Catalog.Made catalog, Fetched.Round round, Reject reject, Instant now) {
        return new RequestDecider(catalog, round, now)
                .undecided(reject.id(), Status.REJECTED, reject.provenance(), (decider, request) -> {
                    var provenance = reject.provenance().withStore(request.store());
                    var version = decider.settlement.reject(request, decider.decision(provenance), provenance);
                    return decider.versions.outcome(new Answer.Decided(request.id(), Status.REJECTED, version, false));
                });
    }

    static Outcome withdraw(Catalog.Made catalog, Fetched.Round round, Withdraw withdraw, Instant now) {
        return new RequestDecider(catalog, round, now)
                .undecided(withdraw.id(), Status.WITHDRAWN, withdraw.provenance(), (decider, request) -> {
                    var provenance = withdraw.provenance();
                    if (provenance
                            .store()
                            .filter(store -> !store.equals(request.store()))
                            .isPresent()) {
                        return new Refused(new Refusal.UnknownRequest());
                    }
                    var version = decider.settlement.takeBack(
                            request, decider.decision(provenance), provenance.withStore(request.store()));
                    return decider.versions.outcome(new Answer.Decided(request.id(), Status.WITHDRAWN, version, false));
                });
    }

    static Outcome comment(Catalog.Made catalog, Fetched.Round round, Comment comment, Instant now) {
        var versions = new RequestVersions(catalog, round, now);
        var request = versions.request(comment.id());
        if (versions.lacking().isPresent()) {
            return versions.lacking().get();
        }
        if (request.isEmpty()) {
            return new Refused(new Refusal.UnknownRequest());
        }
        if (request.get().details().comments().size() >= Comment.MAX_COMMENTS) {
            return new Refused(new Refusal.TooManyComments(Comment.MAX_COMMENTS));
        }
        var said = new ChangeRequest.Comment(comment.provenance().caller(), versions.nextAt(), comment.text());
        var version = versions.write(comment.provenance(), List.of(RequestRecord.comment(request.get(), said)));
        return versions.outcome(new Answer.Commented(comment.id(), version));
    }

    private interface Deciding {
        Outcome decide(RequestDecider decider, ChangeRequest request);
    }

    /// Goes on with a request that is there to decide, for somebody who may.
    private Outcome undecided(RequestId id, Status wanted, Provenance provenance, Deciding deciding) {
        var known = versions.request(id);
        if (versions.lacking().isPresent()) {
            return versions.lacking().get();
        }
        if (known.isEmpty()) {
            return new Refused(new Refusal.UnknownRequest());
        }
        var request = known.get();
        if (!request.status().isUndecided()) {
            var since = request.version().orElse(Version.NONE);
            return request.status() == wanted
                    ? new Accepted(List.of(), new Answer.Decided(id, wanted, since, true))
                    : new Refused(new Refusal.AlreadyDecided(request.status(), since));
        }
        if (wanted != Status.WITHDRAWN && isOwn(request, provenance)) {
            return new Refused(new Refusal.OwnRequest());
        }
        return isTooLarge(provenance)
                ? new Refused(new Refusal.TooLarge("reason", Definition.CLIENT_BYTES))
                : deciding.decide(this, request);
    }

    /// Staff is named by HQ, so one name is one person. A store's own operator is not HQ's, whatever the names.
    private static boolean isOwn(ChangeRequest request, Provenance provenance) {
        return request.requester().equals(provenance.caller())
                && request.details().role().filter(STAFF::contains).isPresent();
    }

    private static boolean isTooLarge(Provenance provenance) {
        return provenance.reason().orElse("").getBytes(StandardCharsets.UTF_8).length > Definition.CLIENT_BYTES;
    }

    private Decision decision(Provenance provenance) {
        return new Decision(provenance.caller(), versions.nextAt(), provenance.reason());
    }

    private Outcome approve(ChangeRequest request, Approve approve) {
        var operations = ChangeRequestJson.operations(request.operations());
        var vain = settlement.fallsWith(request);
        var before = versions.undecidedBefore(request, RequestSettlement.MOST);
        if (versions.lacking().isPresent()) {
            return versions.lacking().get();
        }
        if (vain.isPresent()) {
            var version = settlement.fall(request, vain.get());
            return versions.outcome(Answer.refuse(new Refusal.AlreadyDecided(Status.REJECTED, version), version));
        }
        var slots = slots(operations);
        var blocking = before.stream()
                .filter(earlier -> before.size() >= RequestSettlement.MOST || !isCovered(earlier, slots))
                .map(ChangeRequest::id)
                .toList();
        if (!blocking.isEmpty()) {
            return new Refused(new Refusal.WaitsFor(blocking));
        }
        var conflicts = settlement.conflicts(request, operations, approve.seen().orElse(request.base()));
        var judgement = versions.judge(operations);
        if (versions.lacking().isPresent()) {
            return versions.lacking().get();
        }
        return switch (judgement.orElseThrow()) {
            case WriteJudge.Unsound(var violations, var count) ->
                new Refused(new Refusal.Violations(violations, count));
            case WriteJudge.Sound(var changes) ->
                conflicts.isEmpty()
                        ? approved(request, changes, before, approve)
                        : new Refused(new Refusal.Conflicted(conflicts));
            case WriteJudge.Outdated outdated -> new NeedsAnotherRound();
            case WriteJudge.Lacking lacking -> throw new IllegalStateException("lacking: " + lacking);
        };
    }

    private Outcome approved(
            ChangeRequest request, List<ObjectChange> changes, List<ChangeRequest> superseded, Approve approve) {
        var provenance = approve.provenance().withStore(request.store());
        var version = settlement.approve(request, changes, superseded, decision(provenance), provenance);
        return versions.outcome(new Answer.Decided(request.id(), Status.APPROVED, version, false));
    }

    /// What is changed of which object.
    private record Place(ObjectToken object, Slot slot) {}

    /// Whether a later request changes all that an earlier one does, and so may take its place. Who makes or deletes
    /// an object is not replaced by who changes it, and a value of a set not by another one.
    private boolean isCovered(ChangeRequest earlier, Set<Place> later) {
        var operations = ChangeRequestJson.operations(earlier.operations());
        return operations.stream().allMatch(operation -> operation instanceof Put put && !put.create())
                && slots(operations).stream()
                        .allMatch(place -> later.contains(place)
                                && versions.schema()
                                        .definition(place.slot().definition())
                                        .filter(definition -> !definition.isSet())
                                        .isPresent());
    }

    private static Set<Place> slots(List<Operation> operations) {
        var slots = new HashSet<Place>();
        for (var operation : operations) {
            if (operation instanceof Put put && put.object() instanceof ObjectRef.Known(var token)) {
                put.set().forEach(setting -> slots.add(new Place(token, setting.slot())));
                put.unset().forEach(unsetting -> slots.add(new Place(token, unsetting.slot())));
            }
        }
        return slots;
    }
}
