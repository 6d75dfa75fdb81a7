package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogCommand.Revert;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.NeedsAnotherRound;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Preconditions;
import dev.storemesh.protocol.write.Remembered;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.WriteJudge;
import dev.storemesh.protocol.write.WriteJudge.Judgement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules for writes and reverts at HQ, in a transaction or not: the same answer to the same key, then the
/// preconditions, then the rules of the schema.
final class WriteDecider {
    private WriteDecider() {}

    static Outcome submit(Writing on, Fetched.Round round, Submit submit, Instant now) {
        var write = submit.write();
        var names = submit.names();
        var preconditions = Stream.concat(
                write.ifVersion().stream(), write.operations().stream().flatMap(o -> o.ifVersion().stream()));
        if (preconditions.anyMatch(version -> isOutdated(on, round, version))) {
            return new NeedsAnotherRound();
        }
        var operations =
                TemporaryNames.resolve(write.operations(), names, on.schemas().now());
        return decided(
                on,
                round,
                new Request(write.provenance(), write.digest(), names, operations),
                Preconditions.check(operations, write.ifVersion(), on.newest(), round),
                WriteJudge.judge(operations, names, basis(on, submit.namespaces(), write.provenance()), round),
                now);
    }

    static Outcome revert(Writing on, Fetched.Round round, Revert revert, Instant now) {
        var request = new Request(revert.provenance(), revert.digest(), Map.of(), List.of());
        if (revert.to().isAfter(on.newest())) {
            return new Refused(new Refusal.NotYetSeen(on.newest()));
        }
        if (round.isOfRound(revert.to())
                || revert.ifVersion()
                        .filter(version -> isOutdated(on, round, version))
                        .isPresent()) {
            return new NeedsAnotherRound();
        }
        var met = Preconditions.check(List.of(), revert.ifVersion(), on.newest(), round);
        var changed = changedSince(round, revert);
        if (changed.isEmpty()) {
            return decided(on, round, request, met, new WriteJudge.Lacking(Set.of(since(revert))), now);
        }
        if (changed.get().size() > Revert.MAX_OBJECTS) {
            return new Refused(new Refusal.TooLarge("objects to revert", Revert.MAX_OBJECTS));
        }
        var then = then(round, changed.get(), revert.to());
        if (!then.missing().isEmpty()) {
            return decided(on, round, request, met, new WriteJudge.Lacking(then.missing()), now);
        }
        var unknown = changed.get().stream()
                .filter(token -> isBookkeeping(round.heads().apply(token)))
                .findFirst();
        return unknown.isPresent()
                ? new Refused(new Refusal.UnknownObject(unknown.get()))
                : decided(
                        on,
                        round,
                        request,
                        met,
                        WriteJudge.restore(then.states(), basis(on, revert.namespaces(), revert.provenance()), round),
                        now);
    }

    /// Whether the round does not know what changed after `version`. Of steps it never does: what several of them
    /// leave of an object is known when they are staged.
    private static boolean isOutdated(Writing on, Fetched.Round round, Version version) {
        return round.isOfRound(version) || on.transaction().isPresent() && round.hasChanged();
    }

    /// Who asks, under which key, and for what.
    private record Request(
            Provenance provenance, String digest, Map<String, ObjectToken> names, List<Operation> operations) {}

    /// The same answer to the same key; then the preconditions; then the rules. All that is missing is asked for at
    /// once.
    private static Outcome decided(
            Writing on,
            Fetched.Round round,
            Request request,
            Preconditions.Checked met,
            Judgement judgement,
            Instant now) {
        var key = IdempotencyKey.of(request.provenance());
        var before = key.flatMap(round::remembered);
        if (before.isPresent()) {
            return repeated(on, before.get(), request.digest());
        }
        var missing = new LinkedHashSet<Lookup>();
        key.filter(known -> !round.knows(known)).ifPresent(unknown -> missing.add(new Lookup.Key(unknown)));
        if (met instanceof Preconditions.Lacking(var lookups)) {
            missing.addAll(lookups);
        }
        if (judgement instanceof WriteJudge.Lacking(var lookups)) {
            missing.addAll(lookups);
        }
        if (!missing.isEmpty()) {
            return new NeedsLookups(missing);
        }
        return met instanceof Preconditions.Failed(var changed)
                ? new Refused(new Refusal.PreconditionFailed(changed))
                : outcome(on, round, request, judgement, now);
    }

    private static Outcome outcome(Writing on, Fetched.Round round, Request request, Judgement judgement, Instant now) {
        return switch (judgement) {
            case WriteJudge.Lacking(var lookups) -> new NeedsLookups(lookups);
            case WriteJudge.Outdated outdated -> new NeedsAnotherRound();
            case WriteJudge.Unsound(var violations, var count) ->
                new Refused(new Refusal.Violations(TemporaryNames.unresolve(violations, request.names()), count));
            case WriteJudge.Sound(var changes) ->
                with(
                        effects(request.operations(), changes, round),
                        on.accepted(request.provenance(), changes, request.names(), request.digest(), now));
        };
    }

    private static Outcome with(Optional<Effects> effects, Outcome outcome) {
        return effects.isPresent() && outcome instanceof Accepted(var facts, Answer.Staged staged)
                ? new Accepted(facts, staged.with(effects.get()))
                : outcome;
    }

    /// Of a step of an import: what only deletes is one, too. Empty: of any other.
    private static Optional<Effects> effects(
            List<Operation> operations, List<ObjectChange> changes, Fetched.Round round) {
        if (!operations.stream()
                .allMatch(operation -> operation instanceof Operation.Bring || operation instanceof Operation.Delete)) {
            return Optional.empty();
        }
        var brought = operations.stream()
                .filter(Operation.Bring.class::isInstance)
                .map(operation -> operation.object().text())
                .collect(Collectors.toSet());
        var created = 0;
        var changed = 0;
        var deleted = 0;
        for (var change : changes) {
            if (change.deleted()) {
                deleted++;
            } else if (brought.contains(change.object().text())) {
                if (round.heads().apply(change.object()) instanceof ObjectState.Live) {
                    changed++;
                } else {
                    created++;
                }
            }
        }
        return Optional.of(new Effects(created, changed, deleted));
    }

    private static WriteJudge.Basis basis(Writing on, Namespaces namespaces, Provenance provenance) {
        return new WriteJudge.Basis(
                on.schemas().now(), on.schemas().objectsNow(), name -> namespaces.isForeign(name, provenance.app()));
    }

    private static Lookup.ChangedSince since(Revert revert) {
        return new Lookup.ChangedSince(revert.to(), Revert.MAX_OBJECTS);
    }

    /// The objects that the revert is about; empty: it takes a look-up.
    private static Optional<Set<ObjectToken>> changedSince(Fetched.Round round, Revert revert) {
        if (revert.objects().isPresent()) {
            return Optional.of(new TreeSet<>(revert.objects().get()));
        }
        return round.set(since(revert)).map(before -> {
            var tokens = new TreeSet<>(before);
            round.changed().forEach((token, state) -> {
                if (!isBookkeeping(state)) {
                    tokens.add(token);
                }
            });
            return tokens;
        });
    }

    private static boolean isBookkeeping(ObjectState state) {
        return switch (state) {
            case ObjectState.Live live -> live.type().isBookkeeping();
            case ObjectState.Deleted deleted -> deleted.type().isBookkeeping();
            case ObjectState.Unknown unknown -> true;
        };
    }

    /// What objects were at a version; what is missing is to be looked up.
    private record Then(Map<ObjectToken, ObjectState> states, Set<Lookup> missing) {}

    private static Then then(Fetched.Round round, Set<ObjectToken> tokens, Version version) {
        var states = new LinkedHashMap<ObjectToken, ObjectState>();
        var missing = new LinkedHashSet<>(round.missing(tokens));
        for (var token : tokens) {
            var lookup = new Lookup.AsOf(token, version);
            round.past(lookup).ifPresentOrElse(state -> states.put(token, state), () -> missing.add(lookup));
        }
        return new Then(states, missing);
    }

    private static Outcome repeated(Writing on, Remembered before, String digest) {
        return before.digest().equals(digest)
                ? new Accepted(List.of(), on.repeated(before))
                : new Refused(new Refusal.KeyReused());
    }
}
