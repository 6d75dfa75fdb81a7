package dev.storemesh.protocol.model;

import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogCommand;
import dev.storemesh.protocol.catalog.CatalogCommand.Change;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.Expire;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.Revert;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The decider and a partition, without actors.
final class BareCatalog implements ModelledCatalog {
    private Catalog catalog = Catalog.unmade(Samples.DEMO);
    private PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);
    private LockToken lock = new LockToken(Version.NONE, "0".repeat(32));
    private Instant now = Samples.NOON;
    private final List<LogEntry> log = new ArrayList<>();
    private int tokens;
    private int locks;

    BareCatalog() {
        decide(List.of(new Create(Samples.HISTORY, Provenance.of("operator"))));
    }

    @Override
    public List<Answer> ask(List<Wish> wishes) {
        var waiting = new ArrayList<>(wishes.stream().map(this::command).toList());
        var answers = new ArrayList<Answer>();
        while (!waiting.isEmpty()) {
            now = now.plusSeconds(1);
            var decided = decide(waiting);
            answers.addAll(decided);
            waiting.subList(0, decided.size()).clear(); // the others are to begin the next round
        }
        for (var answer : answers) {
            if (answer instanceof Answer.Opened opened) {
                lock = opened.lock();
            }
        }
        return answers;
    }

    private CatalogCommand command(Wish wish) {
        return switch (wish) {
            case Wish.Change change -> change(change);
            case Wish.Step(var change) -> new Step(lock, change(change));
            case Wish.Open(var opening) ->
                new Open(
                        String.format("%032x", ++locks),
                        opening.provenance(),
                        opening.digest(),
                        opening.idle(),
                        Duration.ofHours(4),
                        1 << 30,
                        opening.first().map(this::submit));
            case Wish.Commit commit -> new Commit(lock);
            case Wish.RollBack rollBack -> new RollBack(lock);
            case Wish.Expire expire -> {
                now = now.plus(Duration.ofHours(5));
                yield new Expire(lock);
            }
        };
    }

    private Submit submit(Write write) {
        return new Submit(
                write,
                TemporaryNames.assign(write.operations(), () -> String.format("made-%04d", ++tokens)),
                Namespaces.NONE);
    }

    private Change change(Wish.Change wish) {
        return switch (wish) {
            case Wish.Write(var write) -> submit(write);
            case Wish.Revert(var back) ->
                new Revert(
                        back.to(), back.objects(), back.ifVersion(), back.provenance(), back.digest(), Namespaces.NONE);
        };
    }

    private List<Answer> decide(List<CatalogCommand> commands) {
        var fetched = Fetched.NOTHING;
        for (var asked = 0; asked < 50; asked++) {
            switch (CatalogDecider.decideRound(catalog, fetched, commands, now)) {
                case NeedsLookups(var lookups) -> fetched = fetched.and(partition.fetch(lookups, newest()));
                case Decided(var events, var answers) -> {
                    if (!events.isEmpty()) {
                        journal(new Round(events));
                    }
                    return answers;
                }
            }
        }
        throw new AssertionError("the decider asks for look-ups without end");
    }

    private void journal(Round round) {
        catalog = CatalogDecider.evolve(catalog, round);
        log.addAll(round.entries());
        partition.apply(round.row(catalog.position()));
    }

    @Override
    public void restart() {
        partition = PartitionContents.of(partition.image());
        var made = made();
        catalog = new Catalog.Made(
                made.id(),
                made.position(),
                made.history(),
                made.head(),
                made.chain(),
                made.lastAt(),
                made.partitions(),
                made.index(),
                SchemaHistory.of(made.schemas().objects()),
                made.transactions());
    }

    /// What followers are shown.
    List<LogEntry> log() {
        var made = made();
        return log.stream()
                .filter(entry -> !entry.version().isAfter(made.head()))
                .filter(entry -> !made.transactions().isDiscarded(entry))
                .toList();
    }

    private Version newest() {
        return catalog instanceof Catalog.Made now
                ? now.staged().map(StagedVersion::version).orElse(now.head())
                : Version.NONE;
    }

    @Override
    public boolean expires() {
        return true;
    }

    private Catalog.Made made() {
        if (catalog instanceof Catalog.Made made) {
            return made;
        }
        throw new AssertionError("the catalog was not made");
    }

    @Override
    public Version head() {
        return made().head();
    }

    @Override
    public long count() {
        return partition.objects().liveCount();
    }

    @Override
    public Optional<ObjectView.Live> object(ObjectToken token, Version version, Scope scope) {
        return partition.objectsAt(version).object(token, version, scope);
    }

    @Override
    public Slice page(Selection selection, Version version, Optional<ObjectToken> after, int limit) {
        return partition.objectsAt(version).page(selection, version, Order.PAGE_KEY, after, limit);
    }

    @Override
    public Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit) {
        return partition.objectsAt(version).changes(selection, since, version, after, limit);
    }

    @Override
    public Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query) {
        return partition.history(token, query);
    }

    @Override
    public ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        return partition.objectsAt(from.isAfter(to) ? from : to).differences(selection, from, to, after, limit);
    }
}
