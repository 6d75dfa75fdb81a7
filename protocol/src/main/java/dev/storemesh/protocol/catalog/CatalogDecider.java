package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Comment;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.Expire;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.Recall;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.CatalogCommand.Revert;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogCommand.Withdraw;
import dev.storemesh.protocol.catalog.CatalogEvent.Created;
import dev.storemesh.protocol.catalog.CatalogEvent.HistoryBegun;
import dev.storemesh.protocol.catalog.CatalogEvent.Opened;
import dev.storemesh.protocol.catalog.CatalogEvent.Repartitioned;
import dev.storemesh.protocol.catalog.CatalogEvent.StepAccepted;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionEnded;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionOpened;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsAnotherRound;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.catalog.Outcome.RoundOutcome;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The rules of a catalog's single writer: pure, so that they are tested without starting anything.
public final class CatalogDecider {
    private CatalogDecider() {}

    /// Decides all commands of a round, in order; each sees what those before it did.
    public static RoundOutcome decideRound(
            Catalog catalog, Fetched fetched, List<CatalogCommand> commands, Instant now) {
        var round = fetched.begin();
        var missing = new HashSet<Lookup>();
        var events = new ArrayList<CatalogEvent>();
        var answers = new ArrayList<Answer>();
        var state = catalog;
        var isOutdated = false;
        for (var command : commands) {
            if (isOutdated) {
                break;
            }
            switch (decide(state, round, command, now)) {
                case Accepted(var facts, var answer) -> {
                    for (var fact : facts) {
                        state = evolve(state, fact);
                        remember(round, fact);
                        isOutdated = isOutdated || outdates(fact);
                    }
                    events.addAll(facts);
                    answers.add(answer);
                }
                case Refused(var refusal) -> answers.add(refused(state, refusal));
                case NeedsLookups(var lookups) -> missing.addAll(lookups);
                case NeedsAnotherRound another -> {
                    return missing.isEmpty() ? new Decided(events, answers) : new NeedsLookups(missing);
                }
            }
        }
        return missing.isEmpty() ? new Decided(events, answers) : new NeedsLookups(missing);
    }

    private static Answer refused(Catalog catalog, Refusal refusal) {
        return switch (catalog) {
            case Catalog.Unmade unmade -> Answer.refuse(refusal);
            case Catalog.Made made -> Answer.refuse(refusal, made.head());
        };
    }

    private static void remember(Fetched.Round round, CatalogEvent event) {
        Round.step(event).ifPresent(step -> round.accept(step.entry(), step.answer()));
    }

    /// Whether what was fetched, and what the round knows, is of steps that are void now, or of what they made only
    /// to delete it: whoever comes after is to begin the next round.
    private static boolean outdates(CatalogEvent event) {
        return event instanceof TransactionEnded;
    }

    static Outcome decide(Catalog catalog, Fetched.Round round, CatalogCommand command, Instant now) {
        return switch (catalog) {
            case Catalog.Unmade unmade ->
                command instanceof Create create
                        ? create(unmade, create, now)
                        : new Refused(new Refusal.UnknownCatalog());
            case Catalog.Made made -> decide(made, round, command, now);
        };
    }

    private static Outcome create(Catalog.Unmade catalog, Create create, Instant now) {
        var at = now.truncatedTo(ChronoUnit.MILLIS);
        var first = entry(
                ChainHash.origin(catalog.id(), create.history()),
                Version.NONE.next(),
                at,
                create.provenance().withKey(Optional.empty()),
                List.of());
        return new Accepted(
                List.of(new Created(at, create.history()), new WriteAccepted(first, Map.of(), "")),
                new Answer.Created(first.version(), true));
    }

    private static Outcome decide(Catalog.Made catalog, Fetched.Round round, CatalogCommand command, Instant now) {
        return switch (command) {
            case Create create -> new Accepted(List.of(), new Answer.Created(catalog.head(), false));
            case Open open -> TransactionDecider.open(catalog, round, open, now);
            case Step step -> TransactionDecider.step(catalog, round, step, now);
            case Commit commit -> TransactionDecider.commit(catalog, round, commit, now);
            case Recall(var key) -> recall(round, key);
            case RollBack(var lock) -> TransactionDecider.end(catalog, lock, Ending.How.ROLLED_BACK, now);
            case Expire(var lock) -> TransactionDecider.expire(catalog, lock, now);
            case Submit submit ->
                unlocked(catalog, () -> WriteDecider.submit(Writing.plain(catalog), round, submit, now));
            case Revert revert ->
                unlocked(catalog, () -> WriteDecider.revert(Writing.plain(catalog), round, revert, now));
            case RecordRequests offer -> unlocked(catalog, () -> RequestDecider.record(catalog, round, offer, now));
            case Approve approve -> unlocked(catalog, () -> RequestDecider.approve(catalog, round, approve, now));
            case Reject reject -> unlocked(catalog, () -> RequestDecider.reject(catalog, round, reject, now));
            case Withdraw withdraw -> unlocked(catalog, () -> RequestDecider.withdraw(catalog, round, withdraw, now));
            case Comment comment -> unlocked(catalog, () -> RequestDecider.comment(catalog, round, comment, now));
        };
    }

    /// What a transaction that is still open did is not answered yet.
    private static Outcome recall(Fetched.Round round, IdempotencyKey key) {
        return round.knows(key)
                ? new Accepted(
                        List.of(), new Answer.Recalled(round.remembered(key).filter(answer -> answer.step() == 0)))
                : new NeedsLookups(Set.of(new Lookup.Key(key)));
    }

    /// Nobody but the holder of an open transaction changes anything.
    private static Outcome unlocked(Catalog.Made catalog, Supplier<Outcome> outcome) {
        return catalog.transactions()
                .open()
                .<Outcome>map(open -> new Refused(TransactionDecider.locked(open)))
                .orElseGet(outcome);
    }

    /// The log entry of the next version.
    static LogEntry next(Catalog.Made catalog, Provenance provenance, List<ObjectChange> changes, Instant now) {
        return entry(catalog.chain(), catalog.head().next(), timeAfter(catalog, now), provenance, changes);
    }

    /// Later than every version before, whatever the clock says.
    static Instant timeAfter(Catalog.Made catalog, Instant now) {
        var earliest = catalog.lastAt().plusMillis(1);
        var millis = now.truncatedTo(ChronoUnit.MILLIS);
        return millis.isBefore(earliest) ? earliest : millis;
    }

    static LogEntry entry(
            ChainHash before, Version version, Instant at, Provenance provenance, List<ObjectChange> changes) {
        return new LogEntry(version, at, provenance, before.next(version, at, provenance, changes), false, changes);
    }

    /// The state after a journal row.
    public static Catalog evolve(Catalog catalog, Round round) {
        var state = at(catalog, catalog.position().next());
        for (var event : round.events()) {
            state = evolve(state, event);
        }
        return state instanceof Catalog.Made made ? made.indexed(round.entries()) : state;
    }

    static Catalog evolve(Catalog catalog, CatalogEvent event) {
        return switch (event) {
            case Opened(var at) -> catalog instanceof Catalog.Made made ? resumed(made, at) : catalog;
            case Created(var at, var history) ->
                new Catalog.Made(
                        catalog.id(),
                        catalog.position(),
                        history,
                        Version.NONE,
                        ChainHash.origin(catalog.id(), history),
                        at,
                        PartitionMap.single(),
                        LogIndex.EMPTY,
                        SchemaHistory.EMPTY);
            case HistoryBegun(var at, var history) -> catalog instanceof Catalog.Made made ? made.in(history) : catalog;
            case WriteAccepted(var entry, var names, var digest) -> {
                var made = made(catalog);
                yield made.after(entry, made.schemas().after(entry));
            }
            case Repartitioned(var at, var generation, var partitions) -> {
                var made = made(catalog);
                yield made.with(made.partitions().switchedTo(generation, partitions));
            }
            case TransactionOpened opened -> opened(made(catalog), opened);
            case StepAccepted(var entry, var names, var digest) -> {
                var made = made(catalog);
                yield made.with(made.transactions().with(open(made).after(entry, names)));
            }
            case TransactionEnded(var entry, var how) -> {
                var made = made(catalog);
                var left = entry.isVoid() ? made.schemas() : open(made).staged().schemas();
                yield made.after(entry, left).with(made.transactions().after(new Ending(how, entry.at())));
            }
        };
    }

    /// A new writer gives an open transaction its whole idle time again: its holder may have found nobody to write
    /// to.
    private static Catalog resumed(Catalog.Made catalog, Instant at) {
        return catalog.transactions()
                .open()
                .map(open -> catalog.with(catalog.transactions().with(open.touchedAt(at))))
                .orElse(catalog);
    }

    private static Catalog opened(Catalog.Made catalog, TransactionOpened event) {
        return catalog.with(catalog.transactions()
                .with(OpenTransaction.begun(
                        event.lock(),
                        event.provenance(),
                        event.digest(),
                        event.at(),
                        event.idle(),
                        event.ends(),
                        event.maxBytes(),
                        catalog.chain(),
                        catalog.schemas())));
    }

    private static Catalog.Made made(Catalog catalog) {
        if (catalog instanceof Catalog.Made made) {
            return made;
        }
        throw new IllegalStateException("catalog " + catalog.id() + ": a version before its creation");
    }

    private static OpenTransaction open(Catalog.Made catalog) {
        return catalog.transactions()
                .open()
                .orElseThrow(() -> new IllegalStateException(
                        "catalog " + catalog.id() + ": a step of a transaction that is not open"));
    }

    private static Catalog at(Catalog catalog, Position position) {
        return switch (catalog) {
            case Catalog.Unmade unmade -> new Catalog.Unmade(unmade.id(), position);
            case Catalog.Made made -> made.at(position);
        };
    }
}
