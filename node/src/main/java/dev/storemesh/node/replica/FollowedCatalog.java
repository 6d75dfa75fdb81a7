package dev.storemesh.node.replica;

import dev.storemesh.node.catalog.CatalogReads;
import dev.storemesh.node.catalog.ChangeRequestReads;
import dev.storemesh.node.catalog.LocalStandings;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.ReadableCatalogs;
import dev.storemesh.node.catalog.Standings;
import dev.storemesh.node.replica.ReplicaEntity.Shown;
import dev.storemesh.node.site.CatalogSettings;
import dev.storemesh.node.site.ReplicaSettings;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.catalog.Closing;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Reading.NoCatalog;
import dev.storemesh.protocol.catalog.Reading.OutOfScope;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// The one catalog that a store follows: read here, and changed by asking HQ. Writes go into the queue; what
/// only HQ does is refused.
public final class FollowedCatalog implements ReadableCatalogs, ChangeRequestPort {
    private final CatalogId followed;
    private final EntityRef<ReplicaEntity.Message> replica;
    private final LocalStandings local;
    private final Duration askTimeout;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CatalogReads reads;
    private final ChangeRequestReads requests;
    private final UndecidedRequests undecided;
    private final AwaitedDecision decision;
    private final Terms terms;

    /// Starts the replica.
    ///
    /// @param random makes tokens and ids; safe for many threads
    public FollowedCatalog(
            ActorSystem<?> system,
            CatalogId followed,
            ReplicaSettings settings,
            CatalogSettings catalogSettings,
            Partitions partitions,
            LogReader log,
            InstantSource clock,
            RandomGenerator random) {
        var sharding = ClusterSharding.get(system);
        this.local = new LocalStandings();
        sharding.init(Entity.of(
                ReplicaEntity.TYPE_KEY,
                context -> ReplicaEntity.create(
                        new CatalogId(context.getEntityId()),
                        partitions,
                        local,
                        settings,
                        catalogSettings.lookupTimeout(),
                        clock)));
        this.followed = followed;
        this.replica = sharding.entityRefFor(ReplicaEntity.TYPE_KEY, followed.text());
        partitions.tellGrowth(partition -> replica.tell(new ReplicaEntity.Grown(partition.generation())));
        this.askTimeout = catalogSettings.askTimeout();
        this.clock = clock;
        this.random = random;
        this.reads =
                new CatalogReads(system, new ReplicaStandings(), partitions, log, true, catalogSettings.logPageBytes());
        this.requests = new ChangeRequestReads(reads);
        this.undecided = new UndecidedRequests(
                (catalog, query) -> queued(catalog, replyTo -> new ReplicaEntity.ListQueued(query, replyTo)),
                new ReplicaStandings(),
                requests);
        this.decision = new AwaitedDecision(this::get, new ReplicaStandings());
        this.terms = Terms.NONE;
    }

    private FollowedCatalog(FollowedCatalog other, Terms terms) {
        this.followed = other.followed;
        this.replica = other.replica;
        this.local = other.local;
        this.askTimeout = other.askTimeout;
        this.clock = other.clock;
        this.random = other.random;
        this.reads = other.reads
                .holding(terms.lock())
                .over(terms.local())
                .under(terms.pending() ? Optional.of(other.undecided) : Optional.empty());
        this.undecided = other.undecided;
        this.requests = other.requests;
        this.decision = other.decision;
        this.terms = terms;
    }

    private final class ReplicaStandings implements Standings {
        @Override
        public CompletionStage<Optional<LogStanding>> now(CatalogId catalog) {
            var known = local.find(catalog);
            return known.isEmpty() && catalog.equals(followed)
                    ? replica.ask(ReplicaEntity.Inspect::new, askTimeout)
                    : CompletableFuture.completedFuture(known);
        }

        @Override
        public CompletionStage<Optional<LogStanding>> after(CatalogId catalog, Version after, Duration patience) {
            return catalog.equals(followed)
                    ? replica.ask(replyTo -> new ReplicaEntity.Await(after, patience, replyTo), patience.plus(GRACE))
                    : CompletableFuture.completedFuture(Optional.empty());
        }
    }

    @Override
    public CompletionStage<Reading<Slice>> changes(CatalogId catalog, LocalView since, PageQuery query) {
        return reads.changes(catalog, since, query);
    }

    /// How far the replica is.
    public LocalStandings local() {
        return local;
    }

    /// The replica, for the link that fills it.
    public EntityRef<ReplicaEntity.Message> replica() {
        return replica;
    }

    /// Journals as whom the store follows HQ; nothing happens if that stands.
    public CompletionStage<Done> enrol(StoreId store, HistoryId history, long epoch) {
        return replica.ask(replyTo -> new ReplicaEntity.Enrol(store, history, epoch, replyTo), askTimeout);
    }

    /// Journals what the store is to hold of the catalog; nothing happens if that stands.
    public CompletionStage<Done> scope(Optional<LocationId> location) {
        return replica.<Optional<LogStanding>>ask(ReplicaEntity.Inspect::new, askTimeout)
                .thenCompose(found -> found.map(FollowedCatalog::wanted).equals(Optional.of(location))
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : replica.ask(replyTo -> new ReplicaEntity.Hold(location, replyTo), askTimeout));
    }

    private static Optional<LocationId> wanted(LogStanding standing) {
        return standing.load().map(Load::location).orElse(standing.location());
    }

    /// See [ReplicaEntity.Resync].
    @Override
    public CompletionStage<Boolean> resync(CatalogId catalog) {
        return catalog.equals(followed)
                ? replica.<Done>ask(ReplicaEntity.Resync::new, askTimeout).thenApply(done -> true)
                : CompletableFuture.completedFuture(false);
    }

    /// Whether HQ's state is being taken over.
    public CompletionStage<Boolean> isLoading() {
        return replica.<Optional<LogStanding>>ask(ReplicaEntity.Inspect::new, askTimeout)
                .thenApply(standing -> standing.flatMap(LogStanding::load).isPresent());
    }

    private static CompletionStage<Answer> hqOnly() {
        return CompletableFuture.completedFuture(Answer.refuse(new Refusal.HqOnly()));
    }

    @Override
    public CompletionStage<Answer> create(CatalogId catalog, Provenance provenance) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> write(CatalogId catalog, Write write) {
        if (!catalog.equals(followed)) {
            return CompletableFuture.completedFuture(Answer.refuse(new Refusal.UnknownCatalog()));
        }
        if (terms.lock().isPresent()) {
            return hqOnly();
        }
        var names = TemporaryNames.assign(write.operations(), this::ulid);
        var id = RequestId.ofUlid(ulid());
        return replica.<Answer>ask(replyTo -> new ReplicaEntity.Queue(write, names, id, replyTo), askTimeout)
                .thenCompose(answer -> answer instanceof Answer.Queued queued
                        ? awaited(queued.id(), queued, request -> settled(queued, request))
                        : CompletableFuture.completedFuture(answer));
    }

    /// What HQ decided of a request, where it does so in time.
    private CompletionStage<Answer> awaited(
            RequestId id, Answer.Queued queued, Function<ChangeRequest, Answer> decided) {
        return terms.patience().isZero()
                ? CompletableFuture.completedFuture(queued)
                : decision.of(followed, id, terms.patience())
                        .thenApply(request -> request.map(decided).orElse(queued));
    }

    private static Answer settled(Answer.Queued queued, ChangeRequest request) {
        return new Answer.Settled(
                queued.id(), request.status(), queued.names(), since(request, queued), queued.replayed());
    }

    private static Version since(ChangeRequest request, Answer.Queued queued) {
        return request.details().appliedIn().or(request::version).orElse(queued.base());
    }

    /// None of HQ's transactions is open here: what a lock is shown for only HQ does. The patience is for its
    /// decision.
    @Override
    public FollowedCatalog on(Terms others) {
        return others.equals(terms) ? this : new FollowedCatalog(this, others);
    }

    @Override
    public CompletionStage<Optional<LocalView>> view(CatalogId catalog) {
        return reads.view(catalog);
    }

    @Override
    public FollowedCatalog waiting(Duration patience) {
        return on(new Terms(terms.lock(), patience, terms.local()));
    }

    @Override
    public CompletionStage<Answer> open(CatalogId catalog, Opening opening) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> commit(CatalogId catalog, LockToken lock) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> commit(CatalogId catalog, LockToken lock, Closing closing) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> recall(CatalogId catalog, IdempotencyKey key) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> rollBack(CatalogId catalog, LockToken lock) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> revert(CatalogId catalog, Reversal reversal) {
        return hqOnly();
    }

    private String ulid() {
        return Ulid.make(clock.instant(), random);
    }

    @Override
    public CatalogReads reads() {
        return reads;
    }

    @Override
    public CompletionStage<Answer> record(
            CatalogId catalog,
            StoreId store,
            long epoch,
            Optional<HistoryId> history,
            List<OfferedRequest> offered,
            Provenance provenance) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> approve(
            CatalogId catalog, RequestId id, Optional<Version> seen, Provenance provenance) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> reject(CatalogId catalog, RequestId id, Provenance provenance) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> comment(CatalogId catalog, RequestId id, String text, Provenance provenance) {
        return hqOnly();
    }

    @Override
    public CompletionStage<Answer> withdraw(
            CatalogId catalog, RequestId id, Provenance provenance, Optional<String> role) {
        if (!catalog.equals(followed)) {
            return CompletableFuture.completedFuture(Answer.refuse(new Refusal.UnknownCatalog()));
        }
        var withdrawal = RequestId.ofUlid(ulid());
        return replica.<Answer>ask(
                        replyTo -> new ReplicaEntity.Withdraw(id, provenance, role, withdrawal, replyTo), askTimeout)
                .thenCompose(answer -> answer instanceof Answer.Queued queued
                        ? awaited(id, queued, request -> withdrawn(queued, request))
                        : CompletableFuture.completedFuture(answer));
    }

    private static Answer withdrawn(Answer.Queued queued, ChangeRequest request) {
        var version = since(request, queued);
        return request.status() == Status.WITHDRAWN
                ? new Answer.Decided(request.id(), request.status(), version, queued.replayed())
                : Answer.refuse(new Refusal.AlreadyDecided(request.status(), version), version);
    }

    @Override
    public CompletionStage<List<Conflict>> values(CatalogId catalog, ChangeRequest request) {
        return requests.values(catalog, request);
    }

    @Override
    public CompletionStage<Reading<ChangeRequest>> get(CatalogId catalog, RequestId id) {
        return queued(catalog, replyTo -> new ReplicaEntity.FindQueued(id, replyTo))
                .thenCompose(queue -> {
                    if (queue.isEmpty()) {
                        return CompletableFuture.completedFuture(new NoCatalog<>());
                    }
                    var waiting = queue.get().requests().stream().findFirst();
                    return waiting.isPresent()
                            ? CompletableFuture.completedFuture(
                                    new Found<>(queue.get().head(), waiting.get()))
                            : requests.get(catalog, id)
                                    .thenApply(reading -> ChangeRequestReads.map(
                                            reading, (version, request) -> new Found<>(version, asSeenHere(request))));
                });
    }

    private CompletionStage<Optional<Shown>> queued(
            CatalogId catalog,
            org.apache.pekko.japi.function.Function<ActorRef<Optional<Shown>>, ReplicaEntity.Message> question) {
        return catalog.equals(followed)
                ? replica.ask(question, askTimeout)
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /// HQ's decision is effective here since this replica holds its version.
    private static ChangeRequest asSeenHere(ChangeRequest request) {
        return request.status() == Status.APPROVED ? request.withStatus(Status.APPLIED) : request;
    }

    /// Where only what is at the store's own location is held, its own requests are.
    @Override
    public CompletionStage<Reading<Requests>> list(CatalogId catalog, RequestsQuery query) {
        return replica.<Optional<LogStanding>>ask(ReplicaEntity.Inspect::new, askTimeout)
                .thenCompose(found -> {
                    var held = catalog.equals(followed)
                            ? found.flatMap(LogStanding::location)
                            : Optional.<LocationId>empty();
                    if (held.isEmpty()) {
                        return listed(catalog, query);
                    }
                    var own = new StoreId(held.get().text());
                    return query.store().filter(store -> !store.equals(own)).isPresent()
                            ? CompletableFuture.completedFuture(
                                    new OutOfScope<>(found.orElseThrow().head(), held.get()))
                            : listed(catalog, query.of(own));
                });
    }

    private CompletionStage<Reading<Requests>> listed(CatalogId catalog, RequestsQuery query) {
        return queued(catalog, replyTo -> new ReplicaEntity.ListQueued(query, replyTo))
                .thenCompose(queue -> queue.isEmpty()
                        ? CompletableFuture.completedFuture(new NoCatalog<>())
                        : list(catalog, queue.get(), query));
    }

    private CompletionStage<Reading<Requests>> list(CatalogId catalog, Shown queue, RequestsQuery query) {
        if (query.status().equals(Optional.of(Status.APPROVED))) { // what is approved is applied here
            return CompletableFuture.completedFuture(new Found<>(queue.head(), new Requests(List.of(), false)));
        }
        var atHq = new RequestsQuery(
                query.status().map(status -> status == Status.APPLIED ? Status.APPROVED : status),
                query.store(),
                query.version(),
                query.after(),
                query.limit());
        return requests.list(catalog, atHq)
                .thenApply(reading -> ChangeRequestReads.map(
                        reading, (version, recorded) -> new Found<>(version, merged(queue, recorded, query.limit()))));
    }

    /// By id, no further than both are known; what HQ recorded meanwhile is shown once.
    private static Requests merged(Shown queue, Requests recorded, int limit) {
        var known = recorded.requests().stream().map(ChangeRequest::id).toList();
        var last = queue.cut() ? Optional.of(queue.requests().getLast().id()) : Optional.<RequestId>empty();
        var all = Stream.concat(
                        recorded.requests().stream()
                                .map(FollowedCatalog::asSeenHere)
                                .filter(request -> last.map(id -> request.id().compareTo(id) <= 0)
                                        .orElse(true)),
                        queue.requests().stream().filter(request -> !known.contains(request.id())))
                .sorted(Comparator.comparing(ChangeRequest::id))
                .toList();
        return new Requests(all.stream().limit(limit).toList(), recorded.more() || queue.cut() || all.size() > limit);
    }
}
