package dev.storemesh.protocol.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.protocol.change.AskedChange;
import dev.storemesh.protocol.change.AskedValues;
import dev.storemesh.protocol.change.AutoDecision;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequest.Decision;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.Ownership;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.DecisionRule;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.ViolationJson;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.WriteJudge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Decides requests that no person need look at: what the store decides itself is recorded, for the rest the decision
/// rules are asked; what waits for another is decided after it, and falls with it. Each decision is one version.
final class RequestSettlement {
    /// After one decision about so many that waited for it are decided at most: in a chain each takes two look-ups of
    /// its own. What is left falls when somebody looks at it, or waits for a person.
    static final int MOST = 50;

    private static final int VIOLATIONS = 20;

    private final RequestVersions versions;
    private final ArrayDeque<RequestId> due = new ArrayDeque<>();

    RequestSettlement(RequestVersions versions) {
        this.versions = versions;
    }

    /// Decides a request if it can be, and then what waits for it.
    void settle(RequestId id) {
        due.add(id);
        settleDue();
    }

    private void settleDue() {
        for (var settled = 0; !due.isEmpty() && settled <= MOST; settled++) {
            versions.request(due.removeFirst())
                    .filter(request -> request.status().isUndecided())
                    .ifPresent(this::decide);
        }
        due.clear();
    }

    private void decide(ChangeRequest request) {
        if (request.details().withdraws().isPresent()) {
            withdraw(request, request.details().withdraws().get());
        } else if (fallsWith(request).isPresent()) {
            fall(request, fallsWith(request).get());
        } else if (versions.before(request).stream()
                .noneMatch(before -> before.status().isUndecided())) {
            var operations = ChangeRequestJson.operations(request.operations());
            if (new Ownership(versions.schema(), request.store(), token -> type(versions.state(token)))
                    .isOwn(operations)) {
                carryOut(request, operations);
            } else {
                askRules(request, operations);
            }
        }
    }

    private static Optional<TypeName> type(ObjectState state) {
        return state instanceof ObjectState.Live live ? Optional.of(live.type()) : Optional.empty();
    }

    // The store's own

    /// Its values stand, whatever HQ wrote there meanwhile; what HQ had is noted.
    private void carryOut(ChangeRequest request, List<Operation> operations) {
        var overridden = conflicts(request, operations, request.base());
        versions.judge(operations).ifPresent(judgement -> {
            if (judgement instanceof WriteJudge.Sound(var changes)) {
                apply(request, changes, byStore(request), caller(request), overridden);
            } else if (judgement instanceof WriteJudge.Unsound(var violations, var count)) {
                refuse(request, violations);
            }
        });
    }

    private Decision byStore(ChangeRequest request) {
        return new Decision(request.store().text(), versions.nextAt(), Optional.empty());
    }

    private static Provenance caller(ChangeRequest request) {
        return Provenance.of(request.requester()).withReason(request.reason()).withStore(request.store());
    }

    private void refuse(ChangeRequest request, List<Violation> violations) {
        var array = JsonNodeFactory.instance.arrayNode();
        violations.stream().limit(VIOLATIONS).map(ViolationJson::write).forEach(array::add);
        refuse(request, Json.text(array));
    }

    private void refuse(ChangeRequest request, String violations) {
        end(request, Status.REFUSED, byStore(request), caller(request), Optional.of(violations), List.of());
    }

    // Rules

    private void askRules(ChangeRequest request, List<Operation> operations) {
        var conflicts = conflicts(request, operations, request.base());
        var decision = changes(operations, conflicts)
                .flatMap(changes -> AutoDecision.of(
                        versions.schema().decisionRules(),
                        request.store().text(),
                        request.details().role(),
                        changes));
        if (decision.isPresent() && decide(request, operations, conflicts, decision.get())) {
            return;
        }
        if (!conflicts.isEmpty() && request.status() == Status.WAITING) {
            versions.write(caller(request), List.of(RequestRecord.mark(request, rows(request), Status.CONFLICTED)));
        }
    }

    /// Whether the rule's word could be carried out: what breaks a constraint waits for a person, who sees why.
    private boolean decide(
            ChangeRequest request, List<Operation> operations, List<Conflict> conflicts, AutoDecision auto) {
        var by = new Decision("rule " + auto.by(), versions.nextAt(), Optional.empty());
        var provenance = Provenance.of(by.by()).withReason(request.reason()).withStore(request.store());
        if (auto.decision() == DecisionRule.Decision.REJECT) {
            reject(request, by, provenance);
            return true;
        }
        var judgement = versions.judge(operations);
        if (judgement.isPresent() && judgement.get() instanceof WriteJudge.Sound(var changes)) {
            apply(request, changes, by, provenance, conflicts);
            return true;
        }
        return false;
    }

    /// One for each slot; empty where an object is made, deleted, not there or of the schema: no rule speaks of that.
    private Optional<List<AskedChange>> changes(List<Operation> operations, List<Conflict> conflicts) {
        var all = new ArrayList<AskedChange>();
        for (var operation : operations) {
            if (!(operation instanceof Put put)
                    || put.create()
                    || !(put.object() instanceof ObjectRef.Known(var token))
                    || token.isOfSchema()
                    || !(versions.state(token) instanceof ObjectState.Live(var type, var rows, var changed))) {
                return Optional.empty();
            }
            requested(put)
                    .forEach((slot, value) -> all.add(new AskedChange(
                            type,
                            rows,
                            slot,
                            value,
                            conflicts.stream()
                                    .anyMatch(conflict -> conflict.object().equals(token)
                                            && conflict.slot().equals(Optional.of(slot))))));
        }
        return Optional.of(all);
    }

    private Map<Slot, Optional<Value>> requested(Put put) {
        var requested = new LinkedHashMap<Slot, Optional<Value>>();
        put.unset().forEach(unsetting -> requested.put(unsetting.slot(), Optional.empty()));
        put.set()
                .forEach(setting -> requested.put(
                        setting.slot(),
                        versions.schema()
                                .definition(setting.slot().definition())
                                .flatMap(definition -> AskedValues.read(definition, setting.value()))));
        return requested;
    }

    // Decisions

    /// Where what a request changes is not what it was at `seen`; what the same store changed is no conflict.
    List<Conflict> conflicts(ChangeRequest request, List<Operation> operations, Version seen) {
        return new RequestConflicts(
                        versions.schema(),
                        token -> versions.state(token, seen),
                        versions::state,
                        version -> version.isAfter(seen) && versions.isOf(request.store(), version))
                .of(operations);
    }

    private void apply(
            ChangeRequest request,
            List<ObjectChange> changes,
            Decision by,
            Provenance provenance,
            List<Conflict> overridden) {
        approve(request, changes, List.of(), by, provenance, overridden);
    }

    /// Carries a request out as a person decided, with those that it takes the place of; then decides what waited.
    Version approve(
            ChangeRequest request,
            List<ObjectChange> changes,
            List<ChangeRequest> superseded,
            Decision by,
            Provenance provenance) {
        var version = approve(request, changes, superseded, by, provenance, List.of());
        settleDue();
        return version;
    }

    private Version approve(
            ChangeRequest request,
            List<ObjectChange> changes,
            List<ChangeRequest> superseded,
            Decision by,
            Provenance provenance,
            List<Conflict> overridden) {
        var all = new ArrayList<>(changes);
        all.add(RequestRecord.decide(
                request,
                rows(request),
                Status.APPROVED,
                by,
                Optional.of(versions.head().next()),
                Optional.empty(),
                json(overridden)));
        var instead = new Decision(by.by(), by.at(), Optional.of("superseded by " + request.id()));
        superseded.forEach(before ->
                all.add(RequestRecord.decide(before, rows(before), Status.SUPERSEDED, instead, Optional.empty())));
        var version = versions.write(provenance, all);
        Stream.concat(Stream.of(request), superseded.stream())
                .flatMap(decided -> versions.waitingFor(decided.id()).stream())
                .map(ChangeRequest::id)
                .filter(next -> !due.contains(next))
                .forEach(due::add);
        return version;
    }

    private static Optional<String> json(List<Conflict> overridden) {
        if (overridden.isEmpty()) {
            return Optional.empty();
        }
        var array = JsonNodeFactory.instance.arrayNode();
        overridden.stream().limit(VIOLATIONS).map(ChangeRequestJson::write).forEach(array::add);
        return Optional.of(Json.text(array));
    }

    Version reject(ChangeRequest request, Decision by, Provenance provenance) {
        return end(request, Status.REJECTED, by, provenance, Optional.empty(), List.of());
    }

    Version takeBack(ChangeRequest request, Decision by, Provenance provenance) {
        return end(request, Status.WITHDRAWN, by, provenance, Optional.empty(), List.of());
    }

    /// Ends a request without carrying it out. What waits for it is rejected with it, and what waits for that; what
    /// they touched is touched last by who did before them.
    private Version end(
            ChangeRequest request,
            Status status,
            Decision by,
            Provenance provenance,
            Optional<String> violations,
            List<ObjectChange> besides) {
        var all = new ArrayList<>(besides);
        all.add(RequestRecord.decide(
                request, rows(request), status, by, Optional.empty(), violations, Optional.empty()));
        var with = new Decision(by.by(), by.at(), Optional.of("falls with " + request.id()));
        var falling = falling(request);
        falling.forEach(waiting ->
                all.add(RequestRecord.decide(waiting, rows(waiting), Status.REJECTED, with, Optional.empty())));
        falling.add(request);
        all.addAll(handedBack(falling));
        return versions.write(provenance, all);
    }

    private List<Row> rows(ChangeRequest request) {
        return versions.rows(request.id().token());
    }

    private List<ChangeRequest> falling(ChangeRequest request) {
        var falling = new LinkedHashMap<RequestId, ChangeRequest>();
        var next = new ArrayDeque<>(List.of(request));
        while (!next.isEmpty() && falling.size() < MOST) {
            for (var waiting : versions.waitingFor(next.remove().id())) {
                if (falling.putIfAbsent(waiting.id(), waiting) == null) {
                    next.add(waiting);
                }
            }
        }
        return new ArrayList<>(falling.values());
    }

    private List<ObjectChange> handedBack(List<ChangeRequest> ended) {
        var gone = ended.stream().collect(Collectors.toMap(ChangeRequest::id, Function.identity()));
        var heirs = new TreeMap<RequestId, Set<ObjectToken>>();
        for (var request : ended) {
            for (var token : RequestRecord.touches(rows(request))) {
                heir(request, token, gone)
                        .ifPresent(heir -> heirs.computeIfAbsent(heir, id -> new HashSet<>())
                                .add(token));
            }
        }
        return heirs.entrySet().stream()
                .flatMap(heir -> versions.request(heir.getKey()).stream()
                        .map(request -> RequestRecord.touch(request, rows(request), heir.getValue(), Set.of())))
                .toList();
    }

    /// The last before one that touches an object and stays.
    private Optional<RequestId> heir(ChangeRequest request, ObjectToken token, Map<RequestId, ChangeRequest> gone) {
        var before = Optional.of(request);
        while (before.isPresent() && gone.containsKey(before.get().id())) {
            before = versions.before(before.get()).stream()
                    .filter(earlier -> earlier.status().isUndecided())
                    .filter(earlier -> touches(earlier, token))
                    .findFirst();
        }
        return before.map(ChangeRequest::id);
    }

    private static boolean touches(ChangeRequest request, ObjectToken token) {
        return request.details().withdraws().isEmpty()
                && RequestVersions.touched(ChangeRequestJson.operations(request.operations()))
                        .contains(token);
    }

    /// The request that one has waited for in vain.
    Optional<RequestId> fallsWith(ChangeRequest request) {
        return versions.before(request).stream()
                .filter(before -> before.status() == Status.REJECTED
                        || before.status() == Status.REFUSED
                        || before.status() == Status.WITHDRAWN)
                .map(ChangeRequest::id)
                .findFirst();
    }

    /// Rejects a request that has waited for another in vain.
    Version fall(ChangeRequest request, RequestId with) {
        var by = new Decision(request.store().text(), versions.nextAt(), Optional.of("falls with " + with));
        return reject(request, by, caller(request));
    }

    // Withdrawals

    /// Takes a request back if nobody has decided it.
    private void withdraw(ChangeRequest withdrawal, RequestId id) {
        var target = versions.request(id).filter(known -> known.store().equals(withdrawal.store()));
        if (target.isEmpty()) {
            refuse(withdrawal, reason("unknown_request", "There is no change request " + id + " of this store."));
        } else if (!target.get().status().isUndecided()) {
            var status = target.get().status().wireName();
            refuse(withdrawal, reason("already_decided", "The change request " + id + " is " + status + "."));
        } else {
            end(
                    target.get(),
                    Status.WITHDRAWN,
                    new Decision(withdrawal.requester(), versions.nextAt(), withdrawal.reason()),
                    caller(withdrawal),
                    Optional.empty(),
                    List.of(RequestRecord.decide(
                            withdrawal, rows(withdrawal), Status.APPROVED, byStore(withdrawal), Optional.empty())));
        }
    }

    private static String reason(String code, String message) {
        return "[" + Json.text(Json.object().put("code", code).put("message", message)) + "]";
    }
}
