package dev.storemesh.node.replica;

import dev.storemesh.node.catalog.Doubling;
import dev.storemesh.node.catalog.LocalStandings;
import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.VersionWaiters;
import dev.storemesh.node.measure.Measures;
import dev.storemesh.node.site.ReplicaSettings;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Answer.Busy;
import dev.storemesh.protocol.catalog.Answer.Unavailable;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.replica.LoadPage;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.replica.ReplicaDecider;
import dev.storemesh.protocol.replica.ReplicaDecider.Accepted;
import dev.storemesh.protocol.replica.ReplicaDecider.Answered;
import dev.storemesh.protocol.replica.ReplicaDecider.Diverged;
import dev.storemesh.protocol.replica.ReplicaDecider.Fits;
import dev.storemesh.protocol.replica.ReplicaDecider.Loads;
import dev.storemesh.protocol.replica.ReplicaDecider.NeedsLookups;
import dev.storemesh.protocol.replica.ReplicaDecider.NotDue;
import dev.storemesh.protocol.replica.ReplicaDecider.OfAnotherHistory;
import dev.storemesh.protocol.replica.ReplicaEvent.CopyAsked;
import dev.storemesh.protocol.replica.ReplicaEvent.Enrolled;
import dev.storemesh.protocol.replica.ReplicaEvent.Opened;
import dev.storemesh.protocol.replica.ReplicaEvent.Repartitioned;
import dev.storemesh.protocol.replica.ReplicaEvent.RequestsOffered;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.replica.RequestQueue;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/// A store's copy of one catalog, sharded by [CatalogId]: in one journal what came down from HQ and the store's own
/// queue. [ReplicaDecider] judges; this actor journals what fits before it feeds the partitions, and a queued
/// request before it answers.
public final class ReplicaEntity extends EventSourcedBehavior<ReplicaEntity.Message, ReplicaRound, Replica> {
    // Protocol

    public sealed interface Message {}

    /// The store enrolled (again, when the epoch is new). One of an epoch that it has passed of itself changes
    /// nothing. Answered when it is journaled.
    public record Enrol(StoreId store, HistoryId history, long epoch, ActorRef<Done> replyTo) implements Message {}

    /// HQ sent these. Answered when what fits is journaled.
    ///
    /// @param location they were asked for as what is global and at this location; empty: as all
    public record Follow(
            HistoryId history, List<LogEntry> entries, Optional<LocationId> location, ActorRef<Outcome> replyTo)
            implements Message {
        public Follow(HistoryId history, List<LogEntry> entries, ActorRef<Outcome> replyTo) {
            this(history, entries, Optional.empty(), replyTo);
        }
    }

    /// Hold what is global and at this location; without one, all. Before anything has come down that is so at
    /// once; else HQ's state is taken over anew, as for [Resync]. Answered when that is journaled; where it is
    /// so, or wanted, already, at once.
    public record Hold(Optional<LocationId> location, ActorRef<Done> replyTo) implements Message {}

    /// HQ sent this page of its state. Answered when it is journaled, or at once where it is not the one that is
    /// due.
    public record Load(LoadPage page, ActorRef<Outcome> replyTo) implements Message {}

    /// Take HQ's state over anew, in the place of what is held: by the link, which looks here when its poll ends.
    /// Until all of it is there reads are of what was held before; the queue and the store's own values stay.
    /// Answered when that is journaled: no outage and no restart forgets it. Asked again before it is done, it
    /// does nothing more.
    public record Resync(ActorRef<Done> replyTo) implements Message {}

    /// Queue this write, with a token for each of its temporary names. Answered when it is journaled, or with why
    /// not.
    public record Queue(Write write, Map<String, ObjectToken> names, RequestId id, ActorRef<Answer> replyTo)
            implements Asked {
        @Override
        public long weight() {
            return write.weight();
        }
    }

    /// Queue that a request is taken back. Answered when it is journaled, or with why not.
    public record Withdraw(
            RequestId target, Provenance provenance, Optional<String> role, RequestId id, ActorRef<Answer> replyTo)
            implements Asked {
        @Override
        public long weight() {
            return 0;
        }
    }

    /// What waits to be decided, in order.
    sealed interface Asked extends Message {
        ActorRef<Answer> replyTo();

        /// About how many bytes it takes.
        long weight();
    }

    /// The first requests after `sequence` of `epoch` that HQ has not recorded, at most `limit` and about
    /// [#OFFER_BYTES]; from the first on, where the store is in another epoch. Answered when it is journaled that
    /// HQ may have them; where there are none, as soon as there are. Only the newest such question waits: there
    /// is one link.
    public record NextOffer(long epoch, long sequence, int limit, ActorRef<Offer> replyTo) implements Message {}

    /// HQ did not take what was offered to it in epoch `offered`: it knows `known`, or lacks what comes after the
    /// sequence `gapAfter`. Answered with the epoch that the store is in from then on, when it is journaled.
    public record OpenEpoch(long offered, long known, Optional<Long> gapAfter, ActorRef<Long> replyTo)
            implements Message {}

    /// How far is the replica? Answered at once, without the queue; empty: the store does not follow this catalog.
    public record Inspect(ActorRef<Optional<LogStanding>> replyTo) implements Message {}

    /// Its whole state, however large. Answered at once.
    record InspectAll(ActorRef<Replica> replyTo) implements Message {}

    /// How many requests has HQ not recorded? Answered at once.
    public record CountQueued(ActorRef<Integer> replyTo) implements Message {}

    /// The request of this id, where HQ has not recorded it. Answered at once; empty: the store does not follow.
    record FindQueued(RequestId id, ActorRef<Optional<Shown>> replyTo) implements Message {}

    /// Those that HQ has not recorded. Answered at once; empty: the store does not follow.
    record ListQueued(RequestsQuery query, ActorRef<Optional<Shown>> replyTo) implements Message {}

    /// Requests of the queue by id, as they are to be shown, the store that they are of, and the version that its
    /// replica holds.
    ///
    /// @param cut whether others come after these
    record Shown(StoreId store, Version head, List<ChangeRequest> requests, boolean cut) {
        Shown {
            requests = List.copyOf(requests);
        }
    }

    /// Answered as [Inspect] when there is a version after `after`, or with what there is when `patience` is up.
    public record Await(Version after, Duration patience, ActorRef<Optional<LogStanding>> replyTo) implements Message {}

    /// A partition of this generation holds more than it should. Never answered.
    public record Grown(int generation) implements Message {}

    private record NextGeneration(Doubling.Outcome outcome) implements Message {}

    /// What following came to.
    public sealed interface Outcome {}

    /// The replica holds so much of the log now.
    public record Applied(LogPlace place) implements Outcome {}

    /// Nothing was applied: HQ's log is not the one that was followed.
    public record NotApplied(String reason) implements Outcome {}

    /// Requests in order, to be sent as of `epoch`, to an HQ of this history.
    public record Offer(long epoch, HistoryId history, List<QueuedRequest> requests) {
        public Offer {
            requests = List.copyOf(requests);
        }
    }

    private record Recovered() implements Message {}

    /// What the store holds of its own requests, where a copy of another history is about to take its place.
    private record Remembered(Load last, List<ChangeRequest> held) implements Message {}

    private record NotRemembered(Throwable cause) implements Message {}

    /// Take this last page: what it has forgotten waits again.
    private record LastPage(Load last) implements Message {}

    private record Gathered() implements Message {}

    private record LookedUp(long lookup, Fetched found) implements Message {}

    private record LookupFailed(long lookup, Throwable cause) implements Message {}

    private record PatienceOver(ActorRef<Optional<LogStanding>> replyTo) implements Message {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY =
            EntityTypeKey.create(Message.class, LogOrigin.REPLICA.entity());
    private static final int MAX_WAITING = 1000;
    private static final long MAX_WAITING_BYTES = 16 << 20;
    /// For all that a store has asked in 30 days; the link asks again meanwhile, and is not heard.
    private static final Duration REMEMBERING = Duration.ofMinutes(10);
    /// What one offer carries: it may have to travel to another node.
    private static final long OFFER_BYTES = 2 << 20;

    private final ActorContext<Message> context;
    private final CatalogId id;
    private final Partitions partitions;
    private final LocalStandings standings;
    private final ReplicaSettings settings;
    private final Duration lookupTimeout;
    private final InstantSource clock;
    private final Deque<Asked> waiting = new ArrayDeque<>(); // in memory only: nobody has been promised anything
    private final VersionWaiters<Optional<LogStanding>> polls = new VersionWaiters<>();
    private final Doubling doubling;
    private final Measures measures;
    private Optional<NextOffer> offer = Optional.empty(); // of the link, while there is nothing for it
    private Fetched fetched = Fetched.NOTHING;
    private long lookup; // the number of the last one: an answer from before a restart is told by it
    private long waitingBytes;
    private boolean opened;
    private boolean fetching;
    private boolean remembering;
    private boolean journaling; // the first of the waiting

    private ReplicaEntity(
            ActorContext<Message> context,
            CatalogId id,
            Partitions partitions,
            LocalStandings standings,
            ReplicaSettings settings,
            Duration lookupTimeout,
            InstantSource clock) {
        super(
                PersistenceId.of(TYPE_KEY.name(), id.text()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.context = context;
        this.id = id;
        this.partitions = partitions;
        this.standings = standings;
        this.settings = settings;
        this.lookupTimeout = lookupTimeout;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS); // what rows can hold
        this.doubling = new Doubling(id, partitions, clock);
        this.measures = Measures.of(context.getSystem());
    }

    /// A replica whose queued writes wait `lookupTimeout` for a partition.
    public static Behavior<Message> create(
            CatalogId id,
            Partitions partitions,
            LocalStandings standings,
            ReplicaSettings settings,
            Duration lookupTimeout,
            InstantSource clock) {
        return Behaviors.setup(
                context -> new ReplicaEntity(context, id, partitions, standings, settings, lookupTimeout, clock));
    }

    // Behavior

    @Override
    public Replica emptyState() {
        return Replica.unenrolled(id);
    }

    @Override
    public EventHandler<Replica, ReplicaRound> eventHandler() {
        return ReplicaDecider::evolve;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 2);
    }

    /// After a journal failure this very object recovers. Whether the request that was being journaled is in the
    /// queue only the journal can say: its writer, the first that waited, is told nothing. The others wait on.
    @Override
    public SignalHandler<Replica> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), replica -> {
                    if (journaling) {
                        removeFirst();
                    }
                    journaling = false;
                    fetched = Fetched.NOTHING;
                    opened = false;
                    fetching = false;
                    remembering = false;
                    doubling.forget();
                    standings.remove(id);
                    context.getSelf().tell(new Recovered());
                })
                // it may be stopped before it has recovered, and is not told so then
                .onSignal(PreRestart.class, (replica, failed) -> standings.remove(id))
                .onSignal(PostStop.class, (replica, stopped) -> standings.remove(id))
                .build();
    }

    @Override
    public CommandHandler<Message, ReplicaRound, Replica> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Recovered.class, this::open)
                .onCommand(message -> !opened, message -> Effect().stash())
                .onCommand(Enrol.class, this::enrol)
                .onCommand(Follow.class, this::follow)
                .onCommand(Load.class, this::load)
                .onCommand(Remembered.class, this::remembered)
                .onCommand(NotRemembered.class, this::notRemembered)
                .onCommand(LastPage.class, (replica, page) -> loaded(replica, page.last()))
                .onCommand(Resync.class, this::resync)
                .onCommand(Hold.class, this::hold)
                .onCommand(Queue.class, this::queue)
                .onCommand(Withdraw.class, this::queue)
                .onCommand(NextOffer.class, this::nextOffer)
                .onCommand(OpenEpoch.class, this::openEpoch)
                .onCommand(Inspect.class, (replica, inspect) -> Effect().reply(inspect.replyTo(), told(replica)))
                .onCommand(
                        CountQueued.class,
                        (replica, count) -> Effect()
                                .reply(
                                        count.replyTo(),
                                        standing(replica)
                                                .map(LogStanding::queued)
                                                .orElse(0)))
                .onCommand(
                        FindQueued.class,
                        (replica, find) -> Effect()
                                .reply(
                                        find.replyTo(),
                                        following(replica).map(following -> QueueView.find(following, find.id()))))
                .onCommand(
                        ListQueued.class,
                        (replica, list) -> Effect()
                                .reply(
                                        list.replyTo(),
                                        following(replica).map(following -> QueueView.list(following, list.query()))))
                .onCommand(InspectAll.class, (replica, inspect) -> Effect().reply(inspect.replyTo(), replica))
                .onCommand(Await.class, this::await)
                .onCommand(Gathered.class, (replica, gathered) -> decide(replica))
                .onCommand(LookedUp.class, this::lookedUp)
                .onCommand(LookupFailed.class, this::lookupFailed)
                .onCommand(PatienceOver.class, this::patienceOver)
                .onCommand(
                        Grown.class,
                        (replica, grown) -> divide(replica, map -> doubling.grown(map, grown.generation())))
                .onCommand(
                        NextGeneration.class,
                        (replica, next) -> divide(replica, map -> doubling.after(map, next.outcome())))
                .build();
    }

    private Effect<ReplicaRound, Replica> open(Replica replica, Recovered recovered) {
        opened = true;
        return replica instanceof Replica.Unenrolled
                ? Effect().none().thenUnstashAll()
                : Effect()
                        .persist(ReplicaRound.of(new Opened(clock.instant())))
                        .thenRun(this::resume)
                        .thenUnstashAll();
    }

    /// Goes on with those who waited before a restart.
    private void resume(Replica replica) {
        standing(replica).ifPresent(standing -> {
            standings.put(standing);
            doubling.resumed(context, standing.partitions());
            polls.reached(standing.head(), told(replica));
        });
        askAgain();
        context.getSelf().tell(new Gathered());
    }

    private void askAgain() {
        offer.ifPresent(context.getSelf()::tell);
        offer = Optional.empty();
    }

    private Effect<ReplicaRound, Replica> enrol(Replica replica, Enrol enrol) {
        if (ReplicaDecider.enrolledEpoch(replica, enrol.store(), enrol.epoch()).isEmpty()) {
            return Effect().reply(enrol.replyTo(), Done.getInstance());
        }
        return Effect()
                .persist(ReplicaRound.of(new Enrolled(clock.instant(), enrol.store(), enrol.history(), enrol.epoch())))
                .thenRun((Replica enrolled) -> standing(enrolled).ifPresent(standings::put))
                .thenReply(enrol.replyTo(), enrolled -> Done.getInstance());
    }

    private Effect<ReplicaRound, Replica> openEpoch(Replica replica, OpenEpoch open) {
        var opened = following(replica)
                .flatMap(following -> ReplicaDecider.openEpoch(
                        following, open.offered(), open.known(), open.gapAfter(), clock.instant()));
        if (opened.isEmpty()) {
            return Effect().reply(open.replyTo(), epoch(replica));
        }
        context.getLog()
                .warn(
                        "replica [{}]: HQ and this store number its change requests differently, as after a restore:"
                                + " those that HQ has not recorded are offered again, in epoch {}",
                        id,
                        opened.get().epoch());
        return Effect()
                .persist(ReplicaRound.of(opened.get()))
                .thenRun((Replica next) -> {
                    standing(next).ifPresent(standings::put);
                    askAgain();
                })
                .thenReply(open.replyTo(), ReplicaEntity::epoch);
    }

    private static long epoch(Replica replica) {
        return following(replica).map(Following::epoch).orElse(0L);
    }

    private Effect<ReplicaRound, Replica> follow(Replica replica, Follow follow) {
        if (!(replica instanceof Following following)) {
            return Effect().reply(follow.replyTo(), new NotApplied("the store has not enrolled for this catalog"));
        }
        return switch (ReplicaDecider.judge(following, follow.history(), follow.location(), follow.entries())) {
            case Diverged(var reason) -> Effect().reply(follow.replyTo(), new NotApplied(reason));
            case Fits(var entries)
            when entries.isEmpty() -> Effect().reply(follow.replyTo(), new Applied(following.place()));
            case Fits(var entries) -> apply(following, entries, follow.replyTo());
        };
    }

    private Effect<ReplicaRound, Replica> load(Replica replica, Load load) {
        return replica instanceof Following following
                        && ReplicaDecider.endsHistory(following, load.page())
                        && ReplicaDecider.load(following, load.page(), clock.instant()) instanceof Loads
                ? remember(following, load)
                : loaded(replica, load);
    }

    private Effect<ReplicaRound, Replica> loaded(Replica replica, Load load) {
        if (!(replica instanceof Following following)) {
            return Effect().reply(load.replyTo(), new NotApplied("the store has not enrolled for this catalog"));
        }
        return switch (ReplicaDecider.load(following, load.page(), clock.instant())) {
            case NotDue() -> Effect().reply(load.replyTo(), new Applied(following.place()));
            case OfAnotherHistory(var reason) -> Effect().reply(load.replyTo(), new NotApplied(reason));
            case Loads(var round) -> apply(following, round, 0, load.replyTo());
        };
    }

    /// Looks up what is held of the store's own requests, while it is held. The link asks again if that fails.
    private Effect<ReplicaRound, Replica> remember(Following replica, Load last) {
        if (!remembering) {
            remembering = true;
            context.pipeToSelf(
                    new OwnRequests(partitions, replica, settings.maxQueued(), REMEMBERING)
                            .since(clock.instant().minus(RequestQueue.KEPT)),
                    (held, failure) -> failure == null ? new Remembered(last, held) : new NotRemembered(failure));
        }
        return Effect().none();
    }

    private Effect<ReplicaRound, Replica> notRemembered(Replica replica, NotRemembered failed) {
        remembering = false;
        context.getLog()
                .warn(
                        "replica [{}]: what HQ may have forgotten of this store's requests could not be looked up: {}",
                        id,
                        failed.cause().toString());
        return Effect().none();
    }

    private Effect<ReplicaRound, Replica> remembered(Replica replica, Remembered remembered) {
        if (!remembering || !(replica instanceof Following following)) {
            return Effect().none();
        }
        remembering = false;
        if (remembered.held().size() >= settings.maxQueued()) {
            context.getLog()
                    .error(
                            "replica [{}]: this store has made more than {} change requests of late: what HQ has forgotten"
                                    + " of the newest of them is not offered again",
                            id,
                            settings.maxQueued());
        }
        var last = remembered.last();
        var forgotten = ReplicaDecider.load(following, last.page(), clock.instant()) instanceof Loads
                ? ReplicaDecider.forgotten(following, last.page(), remembered.held(), clock.instant())
                : List.<QueuedRequest>of();
        if (forgotten.isEmpty()) {
            return loaded(replica, last);
        }
        context.getLog()
                .warn(
                        "replica [{}]: HQ has forgotten {} of this store's change requests: they are offered again",
                        id,
                        forgotten.size());
        return Effect()
                .persist(ReplicaDecider.queueAgain(following, forgotten, clock.instant()))
                .thenRun(queued -> {
                    standing(queued).ifPresent(standings::put);
                    askAgain();
                    context.getSelf().tell(new LastPage(last));
                });
    }

    /// Before its enrolment a store holds nothing, and will load all.
    private Effect<ReplicaRound, Replica> resync(Replica replica, Resync resync) {
        var isAsked = replica instanceof Following following
                && following.load().filter(load -> load.asked()).isEmpty();
        return isAsked
                ? Effect()
                        .persist(ReplicaRound.of(new CopyAsked(clock.instant())))
                        .thenRun(asked -> standing(asked).ifPresent(standings::put))
                        .thenReply(resync.replyTo(), asked -> Done.getInstance())
                : Effect().reply(resync.replyTo(), Done.getInstance());
    }

    /// Who has not enrolled follows nothing, and is told again when it has.
    private Effect<ReplicaRound, Replica> hold(Replica replica, Hold hold) {
        var asked = following(replica)
                .flatMap(following -> ReplicaDecider.scope(following, hold.location(), clock.instant()));
        return asked.isEmpty()
                ? Effect().reply(hold.replyTo(), Done.getInstance())
                : Effect()
                        .persist(ReplicaRound.of(asked.get()))
                        .thenRun(wanting -> standing(wanting).ifPresent(standings::put))
                        .thenReply(hold.replyTo(), wanting -> Done.getInstance());
    }

    private Effect<ReplicaRound, Replica> apply(Following before, List<LogEntry> entries, ActorRef<Outcome> replyTo) {
        return apply(before, ReplicaDecider.follow(before, entries, clock.instant()), entries.size(), replyTo);
    }

    private Effect<ReplicaRound, Replica> apply(
            Following before, ReplicaRound round, int entries, ActorRef<Outcome> replyTo) {
        var began = System.nanoTime();
        return Effect().persist(round).thenRun(replica -> {
            measures.appends().since(began);
            measures.round(entries);
            var row = round.row(replica.position());
            if (row.load().isPresent()) { // partitions answer nobody who asks about a former copy
                standing(replica).ifPresent(standings::put);
            }
            doubling.feed(before.partitions(), row);
            standing(replica).ifPresent(standing -> {
                standings.put(standing);
                polls.reached(standing.head(), told(replica));
                replyTo.tell(new Applied(standing.place()));
            });
        });
    }

    private Effect<ReplicaRound, Replica> queue(Replica replica, Asked queue) {
        if (waiting.size() == MAX_WAITING) {
            return Effect().reply(queue.replyTo(), new Busy("writes waiting", MAX_WAITING));
        }
        if (!waiting.isEmpty() && waitingBytes + queue.weight() > MAX_WAITING_BYTES) {
            return Effect().reply(queue.replyTo(), new Busy("bytes waiting", MAX_WAITING_BYTES));
        }
        waiting.add(queue);
        waitingBytes += queue.weight();
        return decide(replica);
    }

    /// Decides the first that waits, unless its look-ups are under way.
    private Effect<ReplicaRound, Replica> decide(Replica replica) {
        if (fetching || waiting.isEmpty()) {
            return Effect().none();
        }
        if (!(replica instanceof Following following)) {
            return answered(new Unavailable("the store has not enrolled for this catalog"));
        }
        var first = waiting.element();
        var outcome = switch (first) {
            case Queue(var write, var names, var request, var replyTo) ->
                ReplicaDecider.queue(following, fetched, write, names, request, settings.maxQueued(), clock.instant());
            case Withdraw(var target, var provenance, var role, var request, var replyTo) ->
                ReplicaDecider.withdraw(
                        following, fetched, target, provenance, role, request, settings.maxQueued(), clock.instant());
        };
        return switch (outcome) {
            case NeedsLookups(var lookups) -> fetch(following, lookups);
            case Answered(var answer) -> answered(answer);
            case Accepted(var event, var answer) -> journal(following, ReplicaRound.of(event), answer);
        };
    }

    private Effect<ReplicaRound, Replica> fetch(Following replica, Set<Lookup> lookups) {
        fetching = true;
        var number = ++lookup;
        context.pipeToSelf(
                partitions.fetch(id, replica.partitions(), lookups, replica.head(), replica.local(), lookupTimeout),
                (found, failure) -> failure == null ? new LookedUp(number, found) : new LookupFailed(number, failure));
        return Effect().none();
    }

    private Effect<ReplicaRound, Replica> lookedUp(Replica replica, LookedUp lookedUp) {
        if (!isUnderWay(lookedUp.lookup())) {
            return Effect().none();
        }
        fetching = false;
        fetched = fetched.and(lookedUp.found());
        return decide(replica);
    }

    private boolean isUnderWay(long number) {
        return fetching && number == lookup;
    }

    /// All who wait are answered: each would wait as long for the same partition.
    private Effect<ReplicaRound, Replica> lookupFailed(Replica replica, LookupFailed failure) {
        if (!isUnderWay(failure.lookup())) {
            return Effect().none();
        }
        fetching = false;
        context.getLog()
                .warn("replica [{}]: a look-up failed: {}", id, failure.cause().toString());
        while (!waiting.isEmpty()) {
            answerFirst(new Unavailable("a partition did not answer"));
        }
        return Effect().none();
    }

    /// The next is decided by a message: however many are refused in a row, the stack stays short.
    private Effect<ReplicaRound, Replica> answered(Answer answer) {
        answerFirst(answer);
        context.getSelf().tell(new Gathered());
        return Effect().none();
    }

    /// What is the store's own is in effect before it is answered.
    private Effect<ReplicaRound, Replica> journal(Following before, ReplicaRound round, Answer answer) {
        journaling = true;
        var began = System.nanoTime();
        return Effect().persist(round).thenRun(replica -> {
            measures.appends().since(began);
            measures.round(1);
            journaling = false;
            var row = round.row(replica.position());
            if (!row.isEmpty()) {
                doubling.feed(before.partitions(), row);
            }
            standing(replica).ifPresent(standings::put);
            answerFirst(answer);
            askAgain();
            context.getSelf().tell(new Gathered());
        });
    }

    private void answerFirst(Answer answer) {
        removeFirst().replyTo().tell(answer);
        fetched = Fetched.NOTHING;
    }

    private Asked removeFirst() {
        var first = waiting.remove();
        waitingBytes -= first.weight();
        return first;
    }

    private Effect<ReplicaRound, Replica> nextOffer(Replica replica, NextOffer next) {
        var due = replica instanceof Following following
                ? following.queue().next(following.epoch() == next.epoch() ? next.sequence() : 0, next.limit())
                : List.<QueuedRequest>of();
        if (due.isEmpty()) {
            offer = Optional.of(next);
            return Effect().none();
        }
        var following = (Following) replica;
        var answer = new Offer(following.epoch(), following.history(), first(due));
        var last = answer.requests().getLast().sequence();
        return last <= following.queue().offered()
                ? Effect().reply(next.replyTo(), answer)
                : Effect()
                        .persist(ReplicaRound.of(new RequestsOffered(clock.instant(), last)))
                        .thenReply(next.replyTo(), offered -> answer);
    }

    /// At least one of them.
    private static List<QueuedRequest> first(List<QueuedRequest> due) {
        var bytes = 0L;
        for (var i = 0; i < due.size(); i++) {
            bytes += due.get(i).weight();
            if (i > 0 && bytes > OFFER_BYTES) {
                return due.subList(0, i);
            }
        }
        return due;
    }

    private Effect<ReplicaRound, Replica> divide(Replica replica, Function<PartitionMap, Doubling.Next> doing) {
        return replica instanceof Following before
                ? divide(before, doing.apply(before.partitions()))
                : Effect().none();
    }

    private Effect<ReplicaRound, Replica> divide(Following before, Doubling.Next next) {
        return switch (next) {
            case Doubling.Stop() -> Effect().none();
            case Doubling.GoOn(var outcome) -> {
                context.pipeToSelf(outcome, (known, failure) -> new NextGeneration(known));
                yield Effect().none();
            }
            case Doubling.Switch(var map) ->
                Effect()
                        .persist(ReplicaRound.of(new Repartitioned(clock.instant(), map.generation(), map.count())))
                        .thenRun(replica -> standing(replica).ifPresent(standing -> {
                            standings.put(standing);
                            doubling.switched(before.partitions(), standing.partitions());
                            context.getSelf()
                                    .tell(new Grown(standing.partitions().generation())); // what it missed
                        }));
        };
    }

    private Effect<ReplicaRound, Replica> await(Replica replica, Await await) {
        var standing = told(replica);
        if (standing.isEmpty()
                || standing.get().head().isAfter(await.after())
                || !polls.add(await.after(), await.replyTo())) {
            return Effect().reply(await.replyTo(), standing);
        }
        context.scheduleOnce(await.patience(), context.getSelf(), new PatienceOver(await.replyTo()));
        return Effect().none();
    }

    private Effect<ReplicaRound, Replica> patienceOver(Replica replica, PatienceOver over) {
        polls.giveUp(over.replyTo(), told(replica));
        return Effect().none();
    }

    private static Optional<Following> following(Replica replica) {
        return replica instanceof Following following ? Optional.of(following) : Optional.empty();
    }

    private static Optional<LogStanding> standing(Replica replica) {
        return following(replica).map(Function.identity());
    }

    /// What may travel to another node.
    private static Optional<LogStanding> told(Replica replica) {
        return following(replica).map(Following::brief);
    }
}
