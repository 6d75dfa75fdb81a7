package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.Revert;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionEnded;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionOpened;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Outcome.Refused;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The rules for transactions at HQ: one at a time, whose version is the next one. Its holder's changes are steps,
/// each judged as it comes, on top of those before it; so nothing is left to judge at the end, and ending one costs
/// the same however large it is.
///
/// ```
/// none -> open -> committed (the version is there) | rolled back, idle, too long (the version is void) -> none
/// ```
final class TransactionDecider {
    private TransactionDecider() {}

    static Refusal locked(OpenTransaction open) {
        return new Refusal.Locked(
                open.lock().version(), open.holder().withKey(Optional.empty()), open.since(), open.until());
    }

    static Outcome open(Catalog.Made catalog, Fetched.Round round, Open open, Instant now) {
        var key = IdempotencyKey.of(open.provenance());
        var there = catalog.transactions().open();
        if (there.isPresent()) {
            return key.isPresent() && key.equals(IdempotencyKey.of(there.get().holder()))
                    ? repeated(there.get(), open)
                    : new Refused(locked(there.get()));
        }
        var before = key.flatMap(catalog.transactions()::openedBy);
        if (before.isPresent()) {
            return over(before.get().lock(), Optional.of(before.get().ending()));
        }
        var at = now.truncatedTo(ChronoUnit.MILLIS);
        var opened = new TransactionOpened(
                at,
                new LockToken(catalog.head().next(), open.id()),
                open.provenance(),
                open.digest(),
                open.idle(),
                at.plus(open.longest()),
                open.maxBytes());
        return open.first()
                .map(first -> opened(catalog, round, opened, first, now))
                .orElseGet(
                        () -> new Accepted(List.of(opened), answer(after(catalog, opened), Optional.empty(), false)));
    }

    /// All or nothing: a first step that is refused opens nothing.
    private static Outcome opened(
            Catalog.Made catalog, Fetched.Round round, TransactionOpened opened, Submit first, Instant now) {
        var open = after(catalog, opened);
        var outcome = WriteDecider.submit(Writing.in(catalog, open), round, first, now);
        if (!(outcome instanceof Accepted(var facts, var answer))) {
            return outcome;
        }
        if (answer instanceof Answer.Staged staged && !facts.isEmpty()) {
            var events = Stream.concat(Stream.of(opened), facts.stream()).toList();
            return new Accepted(events, answer(open, Optional.of(staged), false));
        }
        // the same request, and so the same opening, long ago
        return answer instanceof Answer.Accepted accepted
                ? new Refused(new Refusal.TransactionOver(accepted.version(), Optional.empty()))
                : outcome;
    }

    private static OpenTransaction after(Catalog.Made catalog, TransactionOpened opened) {
        return CatalogDecider.evolve(catalog, opened) instanceof Catalog.Made made
                ? made.transactions().open().orElseThrow()
                : unmade(catalog);
    }

    private static OpenTransaction unmade(Catalog.Made catalog) {
        throw new IllegalStateException("catalog " + catalog.id() + " was unmade by an opening");
    }

    private static Outcome repeated(OpenTransaction there, Open open) {
        if (!there.digest().equals(open.digest())) {
            return new Refused(new Refusal.KeyReused());
        }
        var first = open.first().map(write -> new Answer.Staged(there.lock().version(), 1, there.names(), true));
        return new Accepted(List.of(), answer(there, first, true));
    }

    private static Answer answer(OpenTransaction open, Optional<Answer.Staged> first, boolean replayed) {
        return new Answer.Opened(open.lock(), open.since(), open.until(), open.ends(), first, replayed);
    }

    static Outcome step(Catalog.Made catalog, Fetched.Round round, Step step, Instant now) {
        var held = catalog.transactions().held(step.lock());
        if (held.isEmpty()) {
            return over(step.lock(), catalog.transactions().ending(step.lock()));
        }
        var on = Writing.in(catalog, held.get());
        return switch (step.change()) {
            case Submit submit -> WriteDecider.submit(on, round, submit, now);
            case Revert revert -> WriteDecider.revert(on, round, revert, now);
        };
    }

    /// With a closing, the last step and the end are one row: either both are in the log or none is.
    static Outcome commit(Catalog.Made catalog, Fetched.Round round, Commit commit, Instant now) {
        var held = catalog.transactions().held(commit.lock());
        if (held.isEmpty() || commit.closing().isEmpty()) {
            return end(catalog, commit.lock(), Ending.How.COMMITTED, now);
        }
        var closing = commit.closing().get();
        var key = IdempotencyKey.of(closing.provenance()).orElseThrow();
        if (!round.knows(key)) {
            return new NeedsLookups(Set.of(new Lookup.Key(key)));
        }
        if (round.remembered(key).isPresent()) {
            return new Refused(new Refusal.KeyReused());
        }
        var step = Writing.in(catalog, held.get())
                .accepted(closing.provenance(), List.of(), closing.names(), closing.digest(), now);
        if (!(step instanceof Accepted(var facts, var staged))) {
            return step;
        }
        Catalog after = catalog;
        for (var fact : facts) {
            after = CatalogDecider.evolve(after, fact);
        }
        return after instanceof Catalog.Made made
                        && end(made, commit.lock(), Ending.How.COMMITTED, now) instanceof Accepted(var ends, var answer)
                ? new Accepted(Stream.concat(facts.stream(), ends.stream()).toList(), answer)
                : unclosed(catalog);
    }

    private static Outcome unclosed(Catalog.Made catalog) {
        throw new IllegalStateException("catalog " + catalog.id() + ": a step ended the transaction that it is of");
    }

    static Outcome end(Catalog.Made catalog, LockToken lock, Ending.How how, Instant now) {
        var held = catalog.transactions().held(lock);
        return held.isPresent()
                ? ended(catalog, held.get(), how, now)
                : catalog.transactions()
                        .ending(lock)
                        .filter(ending -> ending.how() == how)
                        .<Outcome>map(ending -> new Accepted(List.of(), new Answer.Ended(lock.version(), ending, true)))
                        .orElseGet(() -> over(lock, catalog.transactions().ending(lock)));
    }

    static Outcome expire(Catalog.Made catalog, LockToken lock, Instant now) {
        var held = catalog.transactions().held(lock);
        if (held.isEmpty()) {
            return over(lock, catalog.transactions().ending(lock));
        }
        var open = held.get();
        if (now.isBefore(open.until())) {
            return new Refused(locked(open));
        }
        return ended(catalog, open, now.isBefore(open.ends()) ? Ending.How.IDLE : Ending.How.TOO_LONG, now);
    }

    /// A void version follows the one before it in the chain, as if there had been no steps.
    private static Outcome ended(Catalog.Made catalog, OpenTransaction open, Ending.How how, Instant now) {
        var isVoid = how != Ending.How.COMMITTED;
        var version = open.lock().version();
        var at = timeAfter(catalog, open, now);
        var provenance = open.holder().withKey(Optional.empty());
        var before = isVoid ? catalog.chain() : open.staged().chain();
        var entry = new LogEntry(
                version,
                at,
                provenance,
                before.next(version, at, provenance, List.of()),
                isVoid,
                List.of(),
                new LogEntry.Part.End(isVoid ? 0 : open.staged().steps()));
        return new Accepted(
                List.of(new TransactionEnded(entry, how)), new Answer.Ended(version, new Ending(how, at), false));
    }

    private static Outcome over(LockToken lock, Optional<Ending> ending) {
        return new Refused(new Refusal.TransactionOver(lock.version(), ending));
    }

    /// Later than every version and every step before, whatever the clock says.
    static Instant timeAfter(Catalog.Made catalog, OpenTransaction open, Instant now) {
        var time = CatalogDecider.timeAfter(catalog, now);
        var earliest = open.lastAt().plusMillis(1);
        return open.staged().steps() > 0 && time.isBefore(earliest) ? earliest : time;
    }
}
