package dev.storemesh.node.catalog;

import dev.storemesh.node.measure.Measures;
import dev.storemesh.node.site.CatalogSettings;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Answer.Busy;
import dev.storemesh.protocol.catalog.Answer.Unavailable;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogCommand;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.CatalogEvent.Opened;
import dev.storemesh.protocol.catalog.CatalogEvent.Repartitioned;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/// The single writer of one catalog, sharded by [CatalogId]. [CatalogDecider] decides; this actor gathers a round,
/// fetches what deciding needs, journals it as one row, and only then feeds the partitions and answers.
///
/// ```
/// recovering -> opening (journals Opened) -> idle <-> fetching -> journaling -> idle
/// ```
public final class CatalogEntity extends EventSourcedBehavior<CatalogEntity.Message, Round, Catalog> {
    // Protocol

    public sealed interface Message {}

    /// Decide `command`, which takes about `bytes`. Answered when its round is journaled; at once with [Busy] when
    /// too many wait. What an open transaction keeps out waits for its end as long as its `patience` lasts.
    public record Execute(CatalogCommand command, long bytes, Duration patience, ActorRef<Answer> replyTo)
            implements Message {
        public Execute(CatalogCommand command, long bytes, ActorRef<Answer> replyTo) {
            this(command, bytes, Duration.ZERO, replyTo);
        }
    }

    /// How far is the log? Answered at once; empty: there is no such catalog.
    public record Inspect(ActorRef<Optional<LogStanding>> replyTo) implements Message {}

    /// Answered when there is a version after `after`, or with what there is when `patience` is up.
    public record Await(Version after, Duration patience, ActorRef<Optional<LogStanding>> replyTo) implements Message {}

    /// A partition of this generation holds more than it should. Never answered.
    public record Grown(int generation) implements Message {}

    /// There is not enough memory: leave, unless there is something to do.
    private record Leave() implements Message {}

    private record Stop() implements Message {}

    private record NextGeneration(Doubling.Outcome outcome) implements Message {}

    private record Recovered() implements Message {}

    private record Gathered() implements Message {}

    private record LookedUp(long lookup, Fetched found) implements Message {}

    private record LookupFailed(long lookup, Throwable cause) implements Message {}

    private record LockPatienceOver(long number) implements Message {}

    private record TimeUp(LockToken lock) implements Message {}

    private record PatienceOver(ActorRef<Optional<LogStanding>> replyTo) implements Message {}

    /// A command while it waits. After `until` its asker wants no more than to be told.
    private record Asked(CatalogCommand command, long bytes, Instant until, ActorRef<Answer> replyTo) {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY =
            EntityTypeKey.create(Message.class, LogOrigin.CATALOG.entity());

    private static final Duration LEAST_WATCH = Duration.ofMillis(20);

    private final ActorContext<Message> context;
    private final CatalogId id;
    private final Partitions partitions;
    private final LocalStandings standings;
    private final CatalogSettings settings;
    private final InstantSource clock;
    private final Deque<Asked> waiting = new ArrayDeque<>(); // in memory only: nobody has been promised anything
    private final SequencedMap<Long, Asked> kept = new LinkedHashMap<>(); // out, by the open transaction; numbered
    private final List<Asked> round = new ArrayList<>(); // the first of the waiting, while they are being decided
    private final VersionWaiters<Optional<LogStanding>> polls = new VersionWaiters<>();
    private final Doubling doubling;
    private final Measures measures;
    private final MemoryBudget.Resident memory;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private Fetched fetched = Fetched.NOTHING;
    private long keptOut; // so many ever
    private long lookup; // the number of the last one: an answer from before a restart is told by it
    private long waitingBytes; // of those that are kept out, too
    private Optional<LockToken> watched = Optional.empty(); // the transaction whose time a message will end
    private boolean opened;
    private boolean fetching;
    private boolean leaving; // who asks from now on comes to the one that follows
    private boolean stopping; // when those who asked before are answered

    private CatalogEntity(
            ActorContext<Message> context,
            CatalogId id,
            Partitions partitions,
            LocalStandings standings,
            CatalogSettings settings,
            InstantSource clock,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        super(
                PersistenceId.of(TYPE_KEY.name(), id.text()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.context = context;
        this.id = id;
        this.partitions = partitions;
        this.standings = standings;
        this.settings = settings;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS); // what rows can hold
        this.doubling = new Doubling(id, partitions, clock);
        this.measures = Measures.of(context.getSystem());
        this.shard = shard;
        var self = context.getSelf(); // who asks it to leave is on another thread
        this.memory = partitions.writers().enter(id.text(), () -> self.tell(new Leave()));
    }

    static Behavior<Message> create(
            CatalogId id,
            Partitions partitions,
            LocalStandings standings,
            CatalogSettings settings,
            InstantSource clock,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        return Behaviors.setup(
                context -> new CatalogEntity(context, id, partitions, standings, settings, clock, shard));
    }

    /// What the shard ends a catalog's writer with.
    static Message stop() {
        return new Stop();
    }

    // Behavior

    @Override
    public Catalog emptyState() {
        return Catalog.unmade(id);
    }

    @Override
    public EventHandler<Catalog, Round> eventHandler() {
        return CatalogDecider::evolve;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 2);
    }

    /// After a journal failure this very object recovers. Whether the round that was being journaled is in the log
    /// only the log can say: its writers are told nothing. Those who still wait, for a round or a version, wait on.
    @Override
    public SignalHandler<Catalog> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), catalog -> {
                    round.clear();
                    fetched = Fetched.NOTHING;
                    opened = false;
                    fetching = false;
                    watched = Optional.empty();
                    doubling.forget();
                    standings.remove(id);
                    context.getSelf().tell(new Recovered());
                })
                // it may be stopped before it has recovered, and is not told so then
                .onSignal(PreRestart.class, (catalog, failed) -> {
                    standings.remove(id);
                    memory.holds(0);
                })
                .onSignal(PostStop.class, (catalog, stopped) -> {
                    standings.remove(id);
                    memory.left();
                })
                .build();
    }

    @Override
    public CommandHandler<Message, Round, Catalog> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Recovered.class, this::open)
                .onCommand(Stop.class, (catalog, stop) -> stopWhenAnswered(catalog))
                .onCommand(message -> !opened, message -> Effect().stash())
                .onCommand(Leave.class, (catalog, leave) -> leave())
                .onCommand(Execute.class, this::gather)
                .onCommand(Inspect.class, (catalog, inspect) -> Effect().reply(inspect.replyTo(), standing(catalog)))
                .onCommand(Await.class, this::await)
                .onCommand(Gathered.class, (catalog, gathered) -> next(catalog))
                .onCommand(LookedUp.class, this::lookedUp)
                .onCommand(LookupFailed.class, this::lookupFailed)
                .onCommand(PatienceOver.class, this::patienceOver)
                .onCommand(LockPatienceOver.class, this::lockPatienceOver)
                .onCommand(TimeUp.class, this::timeUp)
                .onCommand(
                        Grown.class,
                        (catalog, grown) -> divide(catalog, doubling.grown(map(catalog), grown.generation())))
                .onCommand(
                        NextGeneration.class,
                        (catalog, next) -> divide(catalog, doubling.after(map(catalog), next.outcome())))
                .build();
    }

    /// A catalog that nobody made has no older writer to fence.
    private Effect<Round, Catalog> open(Catalog catalog, Recovered recovered) {
        opened = true;
        memory.holds(catalog.heapBytes());
        return catalog instanceof Catalog.Unmade
                ? Effect().none().thenUnstashAll()
                : Effect()
                        .persist(Round.of(new Opened(clock.instant())))
                        .thenRun(this::resume)
                        .thenUnstashAll();
    }

    private boolean isAsked() {
        return fetching || !round.isEmpty() || !waiting.isEmpty() || !kept.isEmpty();
    }

    /// Who keeps others out, or is waited for, stays.
    private Effect<Round, Catalog> leave() {
        if (isAsked() || !polls.isEmpty() || watched.isPresent() || doubling.isUnderWay()) {
            memory.stays();
        } else if (!leaving) {
            leaving = true;
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return Effect().none();
    }

    /// One that leaves by itself answers those first who came before the shard knew.
    private Effect<Round, Catalog> stopWhenAnswered(Catalog catalog) {
        if (!leaving || !isAsked()) {
            return end(catalog);
        }
        stopping = true;
        letIn();
        return next(catalog);
    }

    private Effect<Round, Catalog> end(Catalog catalog) {
        polls.giveUp(standing(catalog));
        return Effect().stop();
    }

    /// Goes on with those who waited before a restart.
    private void resume(Catalog catalog) {
        standing(catalog).ifPresent(standing -> standings.put(standing, memory::used));
        doubling.resumed(context, map(catalog));
        polls.reached(head(catalog), standing(catalog));
        letIn();
        watch(catalog);
        context.getSelf().tell(new Gathered());
    }

    private Effect<Round, Catalog> gather(Catalog catalog, Execute execute) {
        if (waiting.size() + kept.size() >= settings.maxWaiting()) {
            return Effect().reply(execute.replyTo(), new Busy("writes waiting", settings.maxWaiting()));
        }
        if (waiting.size() + kept.size() > 0 && waitingBytes + execute.bytes() > settings.maxWaitingBytes()) {
            return Effect().reply(execute.replyTo(), new Busy("bytes waiting", settings.maxWaitingBytes()));
        }
        var until = clock.instant().plus(execute.patience());
        waiting.add(new Asked(execute.command(), execute.bytes(), until, execute.replyTo()));
        waitingBytes += execute.bytes();
        return next(catalog);
    }

    /// Begins a round with what waits, unless one is under way.
    private Effect<Round, Catalog> next(Catalog catalog) {
        if (stopping && !isAsked()) {
            return end(catalog);
        }
        if (fetching || waiting.isEmpty()) {
            return Effect().none();
        }
        var bytes = 0L;
        do {
            var first = waiting.remove();
            round.add(first);
            bytes += first.bytes();
        } while (!waiting.isEmpty()
                && round.size() < settings.roundWrites()
                && bytes + waiting.element().bytes() <= settings.roundBytes());
        waitingBytes -= bytes;
        return decide(catalog);
    }

    private Effect<Round, Catalog> decide(Catalog catalog) {
        var commands = round.stream().map(Asked::command).toList();
        return switch (CatalogDecider.decideRound(catalog, fetched, commands, clock.instant())) {
            case NeedsLookups(var lookups) -> fetch(catalog, lookups);
            case Decided(var events, var answers) -> journal(catalog, events, answers);
        };
    }

    private Effect<Round, Catalog> fetch(Catalog catalog, Set<Lookup> lookups) {
        fetching = true;
        var number = ++lookup;
        context.pipeToSelf(
                partitions.fetch(id, map(catalog), lookups, newest(catalog), settings.lookupTimeout()),
                (found, failure) -> failure == null ? new LookedUp(number, found) : new LookupFailed(number, failure));
        return Effect().none();
    }

    private Effect<Round, Catalog> lookedUp(Catalog catalog, LookedUp lookedUp) {
        if (!isUnderWay(lookedUp.lookup())) {
            return Effect().none();
        }
        fetching = false;
        fetched = fetched.and(lookedUp.found());
        return decide(catalog);
    }

    private boolean isUnderWay(long number) {
        return fetching && number == lookup;
    }

    private Effect<Round, Catalog> lookupFailed(Catalog catalog, LookupFailed failure) {
        if (!isUnderWay(failure.lookup())) {
            return Effect().none();
        }
        fetching = false;
        context.getLog()
                .warn("catalog [{}]: a look-up failed: {}", id, failure.cause().toString());
        return answered(
                catalog,
                round.stream()
                        .<Answer>map(asked -> new Unavailable("a partition did not answer"))
                        .toList());
    }

    private Effect<Round, Catalog> journal(Catalog before, List<CatalogEvent> events, List<Answer> answers) {
        if (events.isEmpty()) {
            return answered(before, answers);
        }
        var journaled = new Round(events);
        var began = System.nanoTime();
        return Effect().persist(journaled).thenRun(catalog -> {
            measures.appends().since(began);
            measures.round(events.size());
            doubling.feed(map(before), journaled.row(catalog.position()));
            standing(catalog).ifPresent(standing -> standings.put(standing, memory::used));
            memory.holds(catalog.heapBytes());
            answer(answers);
            if (journaled.endsTransaction()) {
                letIn();
            }
            watch(catalog);
            polls.reached(head(catalog), standing(catalog));
            context.getSelf().tell(new Gathered());
        });
    }

    /// The next round begins by a message: however many are refused in a row, the stack stays short.
    private Effect<Round, Catalog> answered(Catalog catalog, List<Answer> answers) {
        answer(answers);
        watch(catalog);
        context.getSelf().tell(new Gathered());
        return Effect().none();
    }

    /// Those that the decider left for another round are the first of the next.
    private void answer(List<Answer> answers) {
        for (var i = 0; i < answers.size(); i++) {
            var asked = round.get(i);
            if (!isKeptOut(answers.get(i)) || !keep(asked)) {
                asked.replyTo().tell(answers.get(i));
            }
        }
        for (var i = round.size() - 1; i >= answers.size(); i--) {
            waiting.addFirst(round.get(i));
            waitingBytes += round.get(i).bytes();
        }
        round.clear();
        fetched = Fetched.NOTHING;
    }

    private static boolean isKeptOut(Answer answer) {
        return answer instanceof Answer.Refused(Refusal.Locked locked, var at);
    }

    /// Whether it waits for the end of the transaction.
    private boolean keep(Asked asked) {
        var patience = Duration.between(clock.instant(), asked.until());
        if (!patience.isPositive() || stopping) {
            return false;
        }
        var number = ++keptOut;
        kept.put(number, asked);
        waitingBytes += asked.bytes();
        context.scheduleOnce(patience, context.getSelf(), new LockPatienceOver(number));
        return true;
    }

    /// Lets those in whom a transaction kept out, before all who came later.
    private void letIn() {
        kept.reversed().values().forEach(waiting::addFirst);
        kept.clear();
    }

    /// It is decided once more, and then told whatever that comes to.
    private Effect<Round, Catalog> lockPatienceOver(Catalog catalog, LockPatienceOver over) {
        var asked = Optional.ofNullable(kept.remove(over.number()));
        asked.ifPresent(waiting::add);
        return next(catalog);
    }

    /// Sees to it that an open transaction ends when its time is up.
    private void watch(Catalog catalog) {
        var open =
                catalog instanceof Catalog.Made made ? made.transactions().open() : Optional.<OpenTransaction>empty();
        if (open.isPresent() && !watched.equals(open.map(OpenTransaction::lock))) {
            var rest = Duration.between(clock.instant(), open.get().until());
            watched = open.map(OpenTransaction::lock);
            context.scheduleOnce(
                    rest.compareTo(LEAST_WATCH) < 0 ? LEAST_WATCH : rest,
                    context.getSelf(),
                    new TimeUp(open.get().lock()));
        }
    }

    /// If its holder wrote meanwhile, the decider says no, and it is watched on.
    private Effect<Round, Catalog> timeUp(Catalog catalog, TimeUp up) {
        if (!watched.equals(Optional.of(up.lock()))) {
            return Effect().none();
        }
        watched = Optional.empty();
        waiting.add(new Asked(
                new CatalogCommand.Expire(up.lock()),
                0,
                Instant.MIN,
                context.getSystem().<Answer>ignoreRef()));
        return next(catalog);
    }

    /// A switch may come while a round is being decided: it changes no version.
    private Effect<Round, Catalog> divide(Catalog before, Doubling.Next next) {
        return switch (next) {
            case Doubling.Stop() -> Effect().none();
            case Doubling.GoOn(var outcome) -> {
                context.pipeToSelf(outcome, (known, failure) -> new NextGeneration(known));
                yield Effect().none();
            }
            case Doubling.Switch(var map) ->
                Effect()
                        .persist(Round.of(new Repartitioned(clock.instant(), map.generation(), map.count())))
                        .thenRun(catalog -> {
                            standing(catalog).ifPresent(standing -> standings.put(standing, memory::used));
                            doubling.switched(map(before), map(catalog));
                            context.getSelf().tell(new Grown(map(catalog).generation())); // what it missed
                        });
        };
    }

    private Effect<Round, Catalog> await(Catalog catalog, Await await) {
        var standing = standing(catalog);
        if (standing.isEmpty() || head(catalog).isAfter(await.after()) || !polls.add(await.after(), await.replyTo())) {
            return Effect().reply(await.replyTo(), standing);
        }
        context.scheduleOnce(await.patience(), context.getSelf(), new PatienceOver(await.replyTo()));
        return Effect().none();
    }

    private Effect<Round, Catalog> patienceOver(Catalog catalog, PatienceOver over) {
        polls.giveUp(over.replyTo(), standing(catalog));
        return Effect().none();
    }

    private static Optional<LogStanding> standing(Catalog catalog) {
        return catalog instanceof Catalog.Made made ? Optional.of(made) : Optional.empty();
    }

    private static Version head(Catalog catalog) {
        return catalog instanceof Catalog.Made made ? made.head() : Version.NONE;
    }

    /// The version that deciding goes on from.
    private static Version newest(Catalog catalog) {
        return standing(catalog)
                .flatMap(LogStanding::staged)
                .map(StagedVersion::version)
                .orElse(head(catalog));
    }

    private static PartitionMap map(Catalog catalog) {
        return catalog instanceof Catalog.Made made ? made.partitions() : PartitionMap.single();
    }
}
