package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.CatalogCommand.Revert;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogEvent.Created;
import dev.storemesh.protocol.catalog.CatalogEvent.Opened;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsAnotherRound;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.catalog.Outcome.RoundOutcome;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.Remembered;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        for (var command : commands) {
            switch (decide(state, round, command, now)) {
                case Accepted(var facts, var answer) -> {
                    for (var fact : facts) {
                        state = evolve(state, fact);
                        remember(round, fact);
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
        if (event instanceof WriteAccepted(var entry, var names, var digest)) {
            round.accept(entry, Optional.of(new Remembered(entry.version(), digest, names)));
        }
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
            case Submit submit -> WriteDecider.submit(catalog, round, submit, now);
            case Revert revert -> WriteDecider.revert(catalog, round, revert, now);
            case RecordRequests offer -> RequestDecider.record(catalog, round, offer, now);
            case Approve approve -> RequestDecider.approve(catalog, round, approve, now);
            case Reject reject -> RequestDecider.reject(catalog, round, reject, now);
        };
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

    private static LogEntry entry(
            ChainHash before, Version version, Instant at, Provenance provenance, List<ObjectChange> changes) {
        return new LogEntry(version, at, provenance, before.next(version, at, provenance, changes), false, changes);
    }

    /// The state after a journal row.
    public static Catalog evolve(Catalog catalog, Round round) {
        var state = at(catalog, catalog.position().next());
        for (var event : round.events()) {
            state = evolve(state, event);
        }
        return state instanceof Catalog.Made made ? indexed(made, round.entries()) : state;
    }

    private static Catalog.Made indexed(Catalog.Made made, List<LogEntry> entries) {
        if (entries.isEmpty()) {
            return made;
        }
        return new Catalog.Made(
                made.id(),
                made.position(),
                made.history(),
                made.head(),
                made.chain(),
                made.lastAt(),
                made.partitions().after(entries, made.position()),
                made.index().after(entries.getFirst().version(), made.position()),
                made.schemas());
    }

    private static Catalog evolve(Catalog catalog, CatalogEvent event) {
        return switch (event) {
            case Opened opened -> catalog;
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
            case WriteAccepted accepted -> {
                if (!(catalog instanceof Catalog.Made made)) {
                    throw new IllegalStateException("catalog " + catalog.id() + ": a version before its creation");
                }
                var entry = accepted.entry();
                yield new Catalog.Made(
                        made.id(),
                        made.position(),
                        made.history(),
                        entry.version(),
                        entry.chain(),
                        entry.at(),
                        made.partitions(),
                        made.index(),
                        made.schemas().after(entry));
            }
        };
    }

    private static Catalog at(Catalog catalog, Position position) {
        return switch (catalog) {
            case Catalog.Unmade unmade -> new Catalog.Unmade(unmade.id(), position);
            case Catalog.Made made ->
                new Catalog.Made(
                        made.id(),
                        position,
                        made.history(),
                        made.head(),
                        made.chain(),
                        made.lastAt(),
                        made.partitions(),
                        made.index(),
                        made.schemas());
        };
    }
}
