package dev.storemesh.node.catalog;

import dev.storemesh.node.site.CatalogSettings;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Change;
import dev.storemesh.protocol.catalog.CatalogCommand.Comment;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.Recall;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.CatalogCommand.Revert;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogCommand.Withdraw;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.catalog.Closing;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// The catalogs of HQ: written here.
public final class Catalogs implements ReadableCatalogs, ChangeRequestPort {
    private static final long REQUEST_BYTES = 1024;
    private final ClusterSharding sharding;
    private final Duration askTimeout;
    private final Supplier<CompletionStage<Namespaces>> namespaces;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final LocalStandings local = new LocalStandings();
    private final Standings standings;
    private final CatalogReads reads;
    private final ChangeRequestReads requests;
    private final Duration transactionMax;
    private final long transactionMaxBytes;
    private final Terms terms;

    /// Starts the catalogs and their partitions.
    ///
    /// @param namespaces which names belong to which app
    /// @param random makes tokens; safe for many threads
    public Catalogs(
            ActorSystem<?> system,
            CatalogSettings settings,
            Partitions partitions,
            LogReader log,
            Supplier<CompletionStage<Namespaces>> namespaces,
            InstantSource clock,
            RandomGenerator random) {
        this.sharding = ClusterSharding.get(system);
        this.askTimeout = settings.askTimeout();
        this.namespaces = namespaces;
        this.clock = clock;
        this.random = random;
        sharding.init(Entity.<CatalogEntity.Message>of(
                        CatalogEntity.TYPE_KEY,
                        context -> CatalogEntity.create(
                                new CatalogId(context.getEntityId()),
                                partitions,
                                local,
                                settings,
                                clock,
                                context.getShard()))
                .withStopMessage(CatalogEntity.stop()));
        partitions.tellGrowth(
                partition -> entity(partition.catalog()).tell(new CatalogEntity.Grown(partition.generation())));
        this.standings = new OwnStandings();
        this.reads = new CatalogReads(system, standings, partitions, log, false, settings.logPageBytes());
        this.requests = new ChangeRequestReads(reads);
        this.transactionMax = settings.transactionMax();
        this.transactionMaxBytes = settings.transactionMaxBytes();
        this.terms = Terms.NONE;
    }

    private Catalogs(Catalogs others, Terms terms) {
        this.sharding = others.sharding;
        this.askTimeout = others.askTimeout;
        this.namespaces = others.namespaces;
        this.clock = others.clock;
        this.random = others.random;
        this.standings = others.standings;
        this.reads = others.reads.holding(terms.lock());
        this.requests = others.requests;
        this.transactionMax = others.transactionMax;
        this.transactionMaxBytes = others.transactionMaxBytes;
        this.terms = terms;
    }

    /// How far those are whose writers run on this node.
    public LocalStandings local() {
        return local;
    }

    /// How far the catalogs are.
    public Standings standings() {
        return standings;
    }

    private final class OwnStandings implements Standings {
        @Override
        public CompletionStage<Optional<LogStanding>> now(CatalogId catalog) {
            var known = local.find(catalog);
            return known.isPresent()
                    ? CompletableFuture.completedFuture(known)
                    : entity(catalog).ask(CatalogEntity.Inspect::new, askTimeout);
        }

        @Override
        public CompletionStage<Optional<LogStanding>> after(CatalogId catalog, Version after, Duration patience) {
            return entity(catalog)
                    .ask(replyTo -> new CatalogEntity.Await(after, patience, replyTo), patience.plus(GRACE));
        }
    }

    private EntityRef<CatalogEntity.Message> entity(CatalogId catalog) {
        return sharding.entityRefFor(CatalogEntity.TYPE_KEY, catalog.text());
    }

    private CompletionStage<Answer> execute(CatalogId catalog, CatalogCommand command, long bytes) {
        return entity(catalog)
                .ask(
                        replyTo -> new CatalogEntity.Execute(command, bytes, terms.patience(), replyTo),
                        askTimeout.plus(terms.patience()));
    }

    @Override
    public CompletionStage<Answer> create(CatalogId catalog, Provenance provenance) {
        return execute(
                catalog, new Create(new HistoryId(Ulid.make(clock.instant(), random)), provenance), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> write(CatalogId catalog, Write write) {
        return namespaces.get().thenCompose(claims -> execute(catalog, change(submit(write, claims)), write.weight()));
    }

    private Submit submit(Write write, Namespaces claims) {
        var names = TemporaryNames.assign(write.operations(), () -> Ulid.make(clock.instant(), random));
        return new Submit(write, names, claims);
    }

    /// A step, if there is a lock.
    private CatalogCommand change(Change change) {
        return terms.lock().<CatalogCommand>map(lock -> new Step(lock, change)).orElse(change);
    }

    @Override
    public Catalogs on(Terms newTerms) {
        return newTerms.equals(terms) ? this : new Catalogs(this, newTerms);
    }

    @Override
    public Catalogs waiting(Duration patience) {
        return on(new Terms(terms.lock(), patience));
    }

    @Override
    public CompletionStage<Answer> open(CatalogId catalog, Opening opening) {
        var id = String.format("%016x%016x", random.nextLong(), random.nextLong());
        return namespaces.get().thenCompose(claims -> {
            var first = opening.first().map(write -> submit(write, claims));
            return execute(
                    catalog,
                    new Open(
                            id,
                            opening.provenance(),
                            opening.digest(),
                            opening.idle(),
                            transactionMax,
                            transactionMaxBytes,
                            first),
                    opening.first().map(Write::weight).orElse(REQUEST_BYTES));
        });
    }

    @Override
    public CompletionStage<Answer> commit(CatalogId catalog, LockToken lock) {
        return execute(catalog, new Commit(lock), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> commit(CatalogId catalog, LockToken lock, Closing closing) {
        return execute(catalog, new Commit(lock, Optional.of(closing)), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> recall(CatalogId catalog, IdempotencyKey key) {
        return execute(catalog, new Recall(key), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> rollBack(CatalogId catalog, LockToken lock) {
        return execute(catalog, new RollBack(lock), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> revert(CatalogId catalog, Reversal reversal) {
        return namespaces
                .get()
                .thenCompose(claims -> execute(
                        catalog,
                        change(new Revert(
                                reversal.to(),
                                reversal.objects(),
                                reversal.ifVersion(),
                                reversal.provenance(),
                                reversal.digest(),
                                claims)),
                        REQUEST_BYTES));
    }

    @Override
    public CompletionStage<Answer> record(
            CatalogId catalog,
            StoreId store,
            long epoch,
            Optional<HistoryId> history,
            List<OfferedRequest> offered,
            Provenance provenance) {
        var bytes = offered.stream()
                .mapToLong(request -> REQUEST_BYTES + request.operations().length())
                .sum();
        return execute(catalog, new RecordRequests(store, epoch, offered, provenance, history), bytes);
    }

    @Override
    public CompletionStage<Answer> approve(
            CatalogId catalog, RequestId id, Optional<Version> seen, Provenance provenance) {
        return execute(catalog, new Approve(id, seen, provenance), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> reject(CatalogId catalog, RequestId id, Provenance provenance) {
        return execute(catalog, new Reject(id, provenance), REQUEST_BYTES);
    }

    @Override
    public CompletionStage<Answer> comment(CatalogId catalog, RequestId id, String text, Provenance provenance) {
        return execute(catalog, new Comment(id, text, provenance), REQUEST_BYTES + text.length());
    }

    @Override
    public CompletionStage<Answer> withdraw(
            CatalogId catalog, RequestId id, Provenance provenance, Optional<String> role) {
        return execute(catalog, new Withdraw(id, provenance), REQUEST_BYTES);
    }

    @Override
    public CatalogReads reads() {
        return reads;
    }

    @Override
    public CompletionStage<List<Conflict>> values(CatalogId catalog, ChangeRequest request) {
        return requests.values(catalog, request);
    }

    @Override
    public CompletionStage<Reading<ChangeRequest>> get(CatalogId catalog, RequestId id) {
        return requests.get(catalog, id);
    }

    @Override
    public CompletionStage<Reading<Requests>> list(CatalogId catalog, RequestsQuery query) {
        return requests.list(catalog, query);
    }
}
