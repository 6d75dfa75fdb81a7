package dev.storemesh.node.catalog;

import dev.storemesh.node.measure.Measures;
import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.HashRange;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionEvent;
import dev.storemesh.protocol.object.PartitionEvent.Checkpointed;
import dev.storemesh.protocol.object.PartitionImage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Owns a range of a catalog's objects, made from the log; sharded by [PartitionId]. Feeds are hints: each question
/// names the position it needs, and a partition that is behind reads the log before it answers, or fails in bounded
/// time. Most questions never come here: what is held already is read in place, through [SharedContents].
///
/// Its own journal holds no more than the marks of its checkpoints; a lost checkpoint is made again from the log.
public final class ObjectPartition
        extends EventSourcedBehavior<ObjectPartition.Message, PartitionEvent, PartitionContents> {
    // Protocol

    public sealed interface Message {}

    /// A row that was just journaled, and the position of the last one before it that touched this partition. Never
    /// answered.
    public record Feed(Position previous, LogRow row) implements Message {}

    /// Answered when the partition holds the row at `needed`; fails when that takes too long.
    public record Ask<T>(Position needed, PartitionRead<T> read, ActorRef<StatusReply<T>> replyTo) implements Message {
        private void answer(PartitionContents contents) {
            replyTo.tell(StatusReply.success(read.of(contents)));
        }

        private void fail(String reason) {
            replyTo.tell(StatusReply.error(reason));
        }
    }

    /// Keep all that is held now where the partitions of the next generation find it. Answered when it is kept, or
    /// could not be.
    public record KeepCheckpoint(ActorRef<StatusReply<Done>> replyTo) implements Message {}

    /// Hold the row at `needed`, however long that takes up to `patience`. Answered then, with how many objects
    /// there are.
    public record Build(Position needed, Duration patience, ActorRef<StatusReply<Long>> replyTo) implements Message {}

    /// The next generation took over: leave memory when nobody asks any more, and leave nothing behind. Never
    /// answered.
    public record Retire() implements Message {}

    private record Inherited(Optional<PartitionImage> image) implements Message {}

    private record GraceOver() implements Message {}

    private record Erased(Optional<Throwable> failure) implements Message {}

    private record Reread(Position from, List<LogRow> rows) implements Message {}

    private record RereadFailed(Throwable cause) implements Message {}

    private record GiveUp(Ask<?> question) implements Message {}

    private record ReadersLeft() implements Message {}

    /// It is its turn to make a checkpoint.
    private record Turn() implements Message {}

    /// The checkpoint of that number is stored, or could not be.
    private record Stored(long number, Optional<Throwable> failure) implements Message {}

    /// Is `position` still what is held?
    private record Quiet(Position position) implements Message {}

    /// There is not enough memory: leave, unless somebody waits for something.
    private record Leave() implements Message {}

    private record Stop() implements Message {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY = EntityTypeKey.create(Message.class, "partition");
    private static final Logger LOG = LoggerFactory.getLogger(ObjectPartition.class);
    private static final String ANOTHER_COPY = ": another copy took the place of the one that is asked about";
    private static final int MAX_EARLY = 64;
    static final int MAX_WAITING = 10_000;
    private static final Duration QUIET = Duration.ofSeconds(10); // without a row
    private static final int QUIET_SHARE = 8; // of a tail that is worth a checkpoint at once
    private static final int HINTS = 64; // so many on the way from one doubling to the next, about

    private final ActorContext<Message> context;
    private final Measures measures;
    private final PartitionId id;
    private final SharedLog log;
    private final PartitionSettings settings;
    private final LocalPartitions local;
    private final PastReaders past;
    private final Partitions.GrowthRoute growth;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final SharedContents shared;
    private final MemoryBudget.Resident memory;
    private final Turns turns;
    private final List<ActorRef<StatusReply<Done>>> keeping = new ArrayList<>(); // for whom a checkpoint is stored
    private Position keptUpTo = Position.START; // what they all asked for
    private final List<Ask<?>> waiting = new ArrayList<>(); // for the log; in memory only
    private long tail; // the work that the rows since the last checkpoint were, as bytes
    private Position stored = Position.START; // of the last checkpoint that is stored
    private Optional<Storing> storing = Optional.empty();
    private boolean watched; // whether rows still come
    private Optional<Turns.Turn> turn = Optional.empty(); // to make a checkpoint: asked for, or had
    private long told; // so many objects when the writer was last told
    private boolean inherited; // or looked for something to inherit
    private boolean retired;
    private boolean asked; // since the grace began
    private final Deque<Feed> early = new ArrayDeque<>(); // while the log before them is being read
    private boolean rereading;
    private boolean leaving; // nobody who asks from now on finds this one
    private boolean stopping; // when those who ask are answered
    private boolean draining; // what would change the contents waits in the stash for their readers to leave

    /// A checkpoint that somebody writes while rows go on coming.
    ///
    /// @param since in [System#nanoTime]
    private record Storing(long number, Position position, long since) {}

    private ObjectPartition(
            ActorContext<Message> context,
            PartitionId id,
            SharedLog log,
            PartitionSettings settings,
            LocalPartitions local,
            PastReaders past,
            Partitions.GrowthRoute growth,
            MemoryBudget budget,
            Turns turns,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        super(id.journal(), SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.context = context;
        this.measures = Measures.of(context.getSystem());
        this.id = id;
        this.log = log;
        this.settings = settings;
        this.local = local;
        this.past = past;
        this.growth = growth;
        this.turns = turns;
        this.shard = shard;
        var self = context.getSelf(); // the last reader is on a thread of its own
        this.memory = budget.enter(id.text(), () -> self.tell(new Leave()));
        this.shared = new SharedContents(() -> self.tell(new ReadersLeft()), memory);
    }

    static Behavior<Message> create(
            PartitionId id,
            SharedLog log,
            PartitionSettings settings,
            LocalPartitions local,
            PastReaders past,
            Partitions.GrowthRoute growth,
            MemoryBudget budget,
            Turns turns,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        return Behaviors.setup(
                context -> new ObjectPartition(context, id, log, settings, local, past, growth, budget, turns, shard));
    }

    /// Whether a question came too late: who asks how far the log is, and then again, gets an answer.
    static boolean isOfAnotherCopy(Throwable failure) {
        var cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        return String.valueOf(cause.getMessage()).endsWith(ANOTHER_COPY);
    }

    /// What the shard ends a partition with.
    static Message stop() {
        return new Stop();
    }

    // Behavior

    /// The contents themselves, so that no image of an earlier checkpoint stays in memory beside them.
    @Override
    public PartitionContents emptyState() {
        return PartitionContents.of(id.range(), PartitionImage.EMPTY);
    }

    /// A mark changes nothing: it stands where a snapshot was begun. While recovering, one without its snapshot
    /// says nothing.
    @Override
    public EventHandler<PartitionContents, PartitionEvent> eventHandler() {
        return (contents, event) -> contents;
    }

    /// Images are written by [CheckpointWriter]; those come back here.
    @Override
    public SnapshotAdapter<PartitionContents> snapshotAdapter() {
        return new Images(id.range());
    }

    private record Images(HashRange range) implements SnapshotAdapter<PartitionContents> {
        @Override
        public Object toJournal(PartitionContents contents) {
            return contents.image();
        }

        @Override
        public PartitionContents fromJournal(Object image) {
            return PartitionContents.of(range, (PartitionImage) image);
        }
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.disabled(); // see eraseOld
    }

    @Override
    public SignalHandler<PartitionContents> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), contents -> {
                    tail = 0;
                    told = 0;
                    stored = contents.position();
                    storing = Optional.empty();
                    inherited = false;
                    kept();
                    endTurn();
                    watched = false;
                    rereading = false;
                    early.clear();
                    waiting.forEach(question -> question.fail("partition " + id + " restarted"));
                    waiting.clear();
                    shared.open(contents);
                    local.put(id, shared);
                    context.getSelf().tell(new ReadersLeft()); // of the contents before
                    tellGrowth(contents); // a hint may have been lost
                })
                // it may be stopped before it has recovered, and is not told so then
                .onSignal(PreRestart.class, (contents, failed) -> {
                    local.remove(id, shared);
                    endTurn();
                    memory.holds(0);
                })
                .onSignal(PostStop.class, (contents, stopped) -> {
                    local.remove(id, shared);
                    endTurn();
                    memory.left();
                })
                .build();
    }

    @Override
    public CommandHandler<Message, PartitionEvent, PartitionContents> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Ask.class, this::ask)
                .onCommand(Feed.class, (contents, feed) -> changing(contents, () -> take(contents, feed)))
                .onCommand(Reread.class, (contents, reread) -> changing(contents, () -> reread(contents, reread)))
                .onCommand(ReadersLeft.class, (contents, left) -> goOn())
                .onCommand(Quiet.class, this::quiet)
                .onCommand(Turn.class, (contents, come) -> changing(contents, () -> checkpointInTurn(contents)))
                .onCommand(RereadFailed.class, this::failed)
                .onCommand(Build.class, this::build)
                .onCommand(Inherited.class, (contents, image) -> changing(contents, () -> inherit(contents, image)))
                .onCommand(KeepCheckpoint.class, this::keep)
                .onCommand(Stored.class, this::checkpointStored)
                .onCommand(Retire.class, (contents, retire) -> retire())
                .onCommand(GraceOver.class, (contents, over) -> graceOver())
                .onCommand(Erased.class, (contents, erased) -> erased(erased))
                .onCommand(GiveUp.class, this::giveUp)
                .onCommand(Leave.class, (contents, leave) -> leave())
                .onCommand(Stop.class, (contents, stop) -> stopWhenAnswered())
                .build();
    }

    /// Changes the contents while nobody reads them: now, or when the readers have left. A change that fails leaves
    /// them closed, for the restart that it causes.
    private Effect<PartitionEvent, PartitionContents> changing(
            PartitionContents contents, Supplier<Effect<PartitionEvent, PartitionContents>> change) {
        if (draining || !shared.close()) {
            draining = true;
            return Effect().stash();
        }
        var effect = change.get();
        shared.open(contents);
        return effect;
    }

    private Effect<PartitionEvent, PartitionContents> goOn() {
        draining = false;
        return Effect().unstashAll();
    }

    private boolean isAsked() {
        return !waiting.isEmpty() || !keeping.isEmpty();
    }

    /// A retired one leaves nothing behind.
    private Effect<PartitionEvent, PartitionContents> leave() {
        if (isAsked() || rereading || draining || storing.isPresent()) {
            memory.stays();
        } else if (!leaving) {
            leaving = true;
            if (retired) {
                erase();
            } else {
                shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
            }
        }
        return Effect().none();
    }

    /// One that leaves by itself answers those first who asked before the shard knew. The others come to the one
    /// that follows.
    private Effect<PartitionEvent, PartitionContents> stopWhenAnswered() {
        if (leaving && draining) {
            return Effect().stash();
        }
        if (leaving && isAsked()) {
            stopping = true;
            return Effect().none();
        }
        return Effect().stop();
    }

    private void stopIfAnswered() {
        if (stopping && !isAsked()) {
            context.getSelf().tell(new Stop());
        }
    }

    private Effect<PartitionEvent, PartitionContents> take(PartitionContents contents, Feed feed) {
        if (feed.previous().isAfter(contents.position())) {
            if (rereading && early.size() < MAX_EARLY) {
                early.add(feed);
            }
            return Effect().none(); // a feed before it was lost: the log has both
        }
        apply(contents, feed.row());
        tellGrowth(contents);
        answerWaiting(contents);
        return checkpointed(contents);
    }

    /// Now and then: the writer may have other things to do, or the hint gets lost.
    private void tellGrowth(PartitionContents contents) {
        var objects = contents.size();
        if (objects > settings.maxObjects() && objects >= told + settings.maxObjects() / HINTS) {
            told = objects;
            growth.grown(id);
        }
    }

    private Effect<PartitionEvent, PartitionContents> ask(PartitionContents contents, Ask<?> question) {
        asked = true;
        memory.holds(contents.heapBytes());
        return ask(contents, question, settings.catchUpTimeout());
    }

    private Effect<PartitionEvent, PartitionContents> build(PartitionContents contents, Build build) {
        var question = new Ask<>(build.needed(), new PartitionRead.Size(), build.replyTo());
        return ask(contents, question, build.patience());
    }

    private Effect<PartitionEvent, PartitionContents> ask(
            PartitionContents contents, Ask<?> question, Duration patience) {
        if (!question.needed().isAfter(contents.position())) {
            answer(contents, question);
            return Effect().none();
        }
        if (draining) {
            return Effect().stash(); // behind the feed that it may need
        }
        if (waiting.size() == MAX_WAITING) {
            question.fail("too many questions wait for partition " + id);
            return Effect().none();
        }
        waiting.add(question);
        context.scheduleOnce(patience, context.getSelf(), new GiveUp(question));
        return readOn(contents);
    }

    private Effect<PartitionEvent, PartitionContents> readOn(PartitionContents contents) {
        read(contents);
        return Effect().none();
    }

    /// One that has nothing yet begins with what the one before it held, if that can be found.
    private void read(PartitionContents contents) {
        if (rereading) {
            return;
        }
        rereading = true;
        if (id.generation() > 1 && !inherited && contents.position().equals(Position.START)) {
            inherited = true;
            context.pipeToSelf(
                    CheckpointReader.newest(context, id.before()),
                    (image, failure) -> new Inherited(failure == null ? image : Optional.empty()));
        } else {
            var from = contents.position().next();
            context.pipeToSelf(
                    log.rows(id.catalog(), from, id.range(), needed(contents)),
                    (rows, failure) -> failure == null ? new Reread(from, rows) : new RereadFailed(failure));
        }
    }

    private Position needed(PartitionContents contents) {
        return waiting.stream().map(Ask::needed).max(Position::compareTo).orElse(contents.position());
    }

    /// What was inherited is kept at once: those it came from will go.
    private Effect<PartitionEvent, PartitionContents> inherit(PartitionContents contents, Inherited image) {
        rereading = false;
        var before = contents.position();
        image.image().ifPresent(contents::begin);
        return contents.position().equals(before)
                ? goOnReading(contents)
                : checkpoint(contents).thenRun((PartitionContents kept) -> {
                    answerWaiting(kept);
                    if (!waiting.isEmpty()) {
                        read(kept);
                    }
                });
    }

    private Effect<PartitionEvent, PartitionContents> goOnReading(PartitionContents contents) {
        return waiting.isEmpty() ? Effect().none() : readOn(contents);
    }

    private Effect<PartitionEvent, PartitionContents> reread(PartitionContents contents, Reread reread) {
        if (reread.from().isAfter(contents.position().next())) {
            return Effect().none(); // asked for before a restart: the rows between are not held any more
        }
        rereading = false;
        reread.rows().forEach(row -> apply(contents, row));
        applyEarly(contents);
        tellGrowth(contents);
        answerWaiting(contents);
        if (waiting.isEmpty()) {
            early.clear();
            return checkpointed(contents);
        }
        return reread.rows().isEmpty()
                ? failed(
                        contents,
                        new RereadFailed(new IllegalStateException("the log ends before the needed position")))
                : readOn(contents);
    }

    /// Where rows come faster than they are read, it would never be up to date without those that came meanwhile.
    private void applyEarly(PartitionContents contents) {
        while (!early.isEmpty() && !early.element().previous().isAfter(contents.position())) {
            apply(contents, early.remove().row());
        }
    }

    private Effect<PartitionEvent, PartitionContents> failed(PartitionContents contents, RereadFailed failure) {
        rereading = false;
        context.getLog()
                .warn(
                        "partition [{}] cannot read the log: {}",
                        id,
                        failure.cause().toString());
        waiting.forEach(question -> question.fail("partition " + id + " cannot read the log"));
        waiting.clear();
        stopIfAnswered();
        return Effect().none();
    }

    private Effect<PartitionEvent, PartitionContents> giveUp(PartitionContents contents, GiveUp giveUp) {
        if (waiting.remove(giveUp.question())) {
            giveUp.question().fail("partition " + id + " is behind");
            stopIfAnswered();
        }
        return Effect().none();
    }

    private void answerWaiting(PartitionContents contents) {
        waiting.removeIf(question -> {
            var held = !question.needed().isAfter(contents.position());
            if (held) {
                answer(contents, question);
            }
            return held;
        });
        stopIfAnswered();
    }

    /// What is held no more is read from an older checkpoint, by somebody else.
    private <T> void answer(PartitionContents contents, Ask<T> question) {
        if (contents.isOfAnotherCopy(question.needed()) && !(question.read() instanceof PartitionRead.Size)) {
            question.fail("partition " + id + ANOTHER_COPY);
            return;
        }
        var lacking = question.read().past(contents);
        if (lacking.isEmpty()) {
            question.answer(contents);
        } else {
            past.read(
                            id,
                            lacking.get(),
                            contents.whole(),
                            question.needed(),
                            question.read(),
                            settings.catchUpTimeout())
                    .whenComplete((answer, failure) -> {
                        if (failure == null) {
                            question.replyTo().tell(StatusReply.success(answer));
                        } else {
                            question.fail("partition " + id + ", an old version: " + failure.getMessage());
                        }
                    });
        }
    }

    /// The newest two stay. As long as nothing was let go of, older ones are good for nothing; from then on the
    /// further back, the further apart are those that stay: of all numbers that 2^k divides, but no higher power
    /// of 2, the last one.
    private void eraseOld(PartitionContents contents, long newest) {
        var isWhole =
                contents.floor().equals(Version.NONE) && contents.localFloor().equals(Version.NONE);
        var last = newest - (isWhole ? 2 : 2 * Long.lowestOneBit(newest));
        if (last > 0) {
            var erased =
                    isWhole ? CheckpointEraser.eraseUpTo(context, id, last) : CheckpointEraser.erase(context, id, last);
            erased.whenComplete((done, failure) -> {
                if (failure != null) { // as where the partition stops just then
                    LOG.info(
                            "partition [{}]: checkpoint [{}] stays, though nobody needs it: {}",
                            id,
                            last,
                            failure.toString());
                }
            });
        }
    }

    private void apply(PartitionContents contents, LogRow row) {
        tail += contents.apply(row);
    }

    private Effect<PartitionEvent, PartitionContents> checkpointed(PartitionContents contents) {
        if (tail >= worthACheckpoint(contents)) {
            askForATurn();
        } else {
            watch(contents);
        }
        return Effect().none();
    }

    private long worthACheckpoint(PartitionContents contents) {
        return Math.max(settings.checkpointMinBytes(), contents.weight() / 2);
    }

    /// Partitions of a catalog grow alike, and images and their rows take memory until they are stored.
    private void askForATurn() {
        if (turn.isEmpty()) {
            var self = context.getSelf(); // whoever had the turn before may be on another thread
            turn = Optional.of(turns.ask(() -> self.tell(new Turn())));
        }
    }

    private Effect<PartitionEvent, PartitionContents> checkpointInTurn(PartitionContents contents) {
        if (retired || turn.isEmpty() || storing.isPresent()) {
            endTurn();
            return Effect().none();
        }
        contents.retain(settings.retainVersions());
        return checkpoint(contents);
    }

    private void endTurn() {
        turn.ifPresent(Turns.Turn::end);
        turn = Optional.empty();
    }

    /// While rows come fast, one checkpoint in a while is enough. After them a shorter tail is worth one: whoever
    /// comes back after an import reads no more of it than that.
    private void watch(PartitionContents contents) {
        if (!watched && tail >= worthACheckpoint(contents) / QUIET_SHARE) {
            watched = true;
            context.scheduleOnce(QUIET, context.getSelf(), new Quiet(contents.position()));
        }
    }

    private Effect<PartitionEvent, PartitionContents> quiet(PartitionContents contents, Quiet quiet) {
        watched = false;
        if (quiet.position().equals(contents.position()) && tail >= worthACheckpoint(contents) / QUIET_SHARE) {
            askForATurn();
        } else {
            watch(contents);
        }
        return Effect().none();
    }

    /// The image is made when its mark is journaled, and is dropped when it is written.
    private EffectBuilder<PartitionEvent, PartitionContents> checkpoint(PartitionContents contents) {
        tail = 0;
        told = 0;
        return Effect().persist(new Checkpointed(contents.position())).thenRun(marked -> {
            var number = lastSequenceNumber(context);
            storing = Optional.of(new Storing(number, marked.position(), System.nanoTime()));
            context.pipeToSelf(
                    CheckpointWriter.write(context, id, number, marked.image()),
                    (done, failure) -> new Stored(number, Optional.ofNullable(failure)));
        });
    }

    private Effect<PartitionEvent, PartitionContents> checkpointStored(PartitionContents contents, Stored done) {
        var ours = storing.filter(one -> one.number() == done.number());
        if (ours.isEmpty()) {
            return Effect().none(); // begun before a restart
        }
        storing = Optional.empty();
        endTurn();
        done.failure()
                .ifPresentOrElse(
                        failure -> context.getLog()
                                .warn("partition [{}]: no checkpoint was stored: {}", id, failure.toString()),
                        () -> {
                            stored = ours.get().position();
                            measures.checkpoints().since(ours.get().since());
                            eraseOld(contents, done.number());
                        });
        if (done.failure().isEmpty() && !keeping.isEmpty() && keptUpTo.isAfter(stored)) {
            return checkpoint(contents); // begun before they asked
        }
        kept();
        return Effect().none();
    }

    private Effect<PartitionEvent, PartitionContents> keep(PartitionContents contents, KeepCheckpoint keep) {
        if (contents.position().equals(stored)) {
            return Effect().reply(keep.replyTo(), StatusReply.ack());
        }
        keeping.add(keep.replyTo());
        keptUpTo = contents.position();
        return storing.isEmpty() ? checkpoint(contents) : Effect().none();
    }

    private void kept() {
        keeping.forEach(keeper -> keeper.tell(StatusReply.ack()));
        keeping.clear();
        stopIfAnswered();
    }

    private Effect<PartitionEvent, PartitionContents> retire() {
        if (!retired) {
            retired = true;
            awaitGrace();
        }
        return Effect().none();
    }

    private void awaitGrace() {
        asked = false;
        context.scheduleOnce(settings.retireAfter(), context.getSelf(), new GraceOver());
    }

    private Effect<PartitionEvent, PartitionContents> graceOver() {
        if (asked || storing.isPresent()) {
            awaitGrace();
        } else {
            erase();
        }
        return Effect().none();
    }

    private void erase() {
        context.pipeToSelf(
                CheckpointEraser.erase(context, id), (done, failure) -> new Erased(Optional.ofNullable(failure)));
    }

    private Effect<PartitionEvent, PartitionContents> erased(Erased erased) {
        erased.failure()
                .ifPresent(failure -> context.getLog()
                        .warn(
                                "partition [{}]: its checkpoints stay, though nobody needs them: {}",
                                id,
                                failure.toString()));
        shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        return Effect().none();
    }
}
