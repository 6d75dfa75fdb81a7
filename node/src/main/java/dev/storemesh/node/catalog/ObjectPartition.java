package dev.storemesh.node.catalog;

import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionEvent;
import dev.storemesh.protocol.object.PartitionEvent.Checkpointed;
import dev.storemesh.protocol.object.PartitionImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

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

    private record Reread(Position from, List<LogRow> rows) implements Message {}

    private record RereadFailed(Throwable cause) implements Message {}

    private record GiveUp(Ask<?> question) implements Message {}

    private record ReadersLeft() implements Message {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY = EntityTypeKey.create(Message.class, "partition");
    private static final int REREAD_ROWS = 256;
    private static final long REREAD_BYTES = 8 << 20;
    private static final int MAX_WAITING = 10_000;

    private final ActorContext<Message> context;
    private final PartitionId id;
    private final LogReader log;
    private final PartitionSettings settings;
    private final LocalPartitions local;
    private final SharedContents shared;
    private final List<Ask<?>> waiting = new ArrayList<>(); // for the log; in memory only
    private long tail; // weight of the rows since the last checkpoint
    private boolean rereading;
    private boolean draining; // what would change the contents waits in the stash for their readers to leave

    private ObjectPartition(
            ActorContext<Message> context,
            PartitionId id,
            LogReader log,
            PartitionSettings settings,
            LocalPartitions local) {
        super(
                PersistenceId.of(TYPE_KEY.name(), id.text()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.context = context;
        this.id = id;
        this.log = log;
        this.settings = settings;
        this.local = local;
        var self = context.getSelf(); // the last reader is on a thread of its own
        this.shared = new SharedContents(() -> self.tell(new ReadersLeft()));
    }

    static Behavior<Message> create(PartitionId id, LogReader log, PartitionSettings settings, LocalPartitions local) {
        return Behaviors.setup(context -> new ObjectPartition(context, id, log, settings, local));
    }

    // Behavior

    /// The contents themselves, so that no image of an earlier checkpoint stays in memory beside them.
    @Override
    public PartitionContents emptyState() {
        return PartitionContents.of(PartitionImage.EMPTY);
    }

    /// A mark changes nothing: it stands where a snapshot was begun. While recovering, one without its snapshot says
    /// nothing.
    @Override
    public EventHandler<PartitionContents, PartitionEvent> eventHandler() {
        return (contents, event) -> contents;
    }

    /// An image is made when a checkpoint is, and dropped when it is written.
    @Override
    public SnapshotAdapter<PartitionContents> snapshotAdapter() {
        return new Images();
    }

    private static final class Images implements SnapshotAdapter<PartitionContents> {
        @Override
        public Object toJournal(PartitionContents contents) {
            return contents.image();
        }

        @Override
        public PartitionContents fromJournal(Object image) {
            return PartitionContents.of((PartitionImage) image);
        }
    }

    @Override
    public boolean shouldSnapshot(PartitionContents contents, PartitionEvent event, long sequenceNumber) {
        return true;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(1, 2);
    }

    @Override
    public SignalHandler<PartitionContents> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), contents -> {
                    tail = 0;
                    rereading = false;
                    waiting.forEach(question -> question.fail("partition " + id + " restarted"));
                    waiting.clear();
                    shared.open(contents);
                    local.put(id, shared);
                    context.getSelf().tell(new ReadersLeft()); // of the contents before
                })
                .onSignal(PostStop.class, (contents, stopped) -> local.remove(id, shared))
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
                .onCommand(RereadFailed.class, this::failed)
                .onCommand(GiveUp.class, this::giveUp)
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

    private Effect<PartitionEvent, PartitionContents> take(PartitionContents contents, Feed feed) {
        if (feed.previous().isAfter(contents.position())) {
            return Effect().none(); // a feed before it was lost: the log has both
        }
        apply(contents, feed.row());
        answerWaiting(contents);
        return checkpointed(contents);
    }

    private Effect<PartitionEvent, PartitionContents> ask(PartitionContents contents, Ask<?> question) {
        if (!question.needed().isAfter(contents.position())) {
            question.answer(contents);
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
        context.scheduleOnce(settings.catchUpTimeout(), context.getSelf(), new GiveUp(question));
        return readOn(contents);
    }

    private Effect<PartitionEvent, PartitionContents> readOn(PartitionContents contents) {
        if (!rereading) {
            rereading = true;
            var from = contents.position().next();
            context.pipeToSelf(
                    log.some(id.catalog(), from, REREAD_ROWS, REREAD_BYTES),
                    (rows, failure) -> failure == null ? new Reread(from, rows) : new RereadFailed(failure));
        }
        return Effect().none();
    }

    private Effect<PartitionEvent, PartitionContents> reread(PartitionContents contents, Reread reread) {
        if (reread.from().isAfter(contents.position().next())) {
            return Effect().none(); // asked for before a restart: the rows between are not held any more
        }
        rereading = false;
        reread.rows().forEach(row -> apply(contents, row));
        answerWaiting(contents);
        if (waiting.isEmpty()) {
            return checkpointed(contents);
        }
        return reread.rows().isEmpty()
                ? failed(
                        contents,
                        new RereadFailed(new IllegalStateException("the log ends before the needed position")))
                : readOn(contents);
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
        return Effect().none();
    }

    private Effect<PartitionEvent, PartitionContents> giveUp(PartitionContents contents, GiveUp giveUp) {
        if (waiting.remove(giveUp.question())) {
            giveUp.question().fail("partition " + id + " is behind");
        }
        return Effect().none();
    }

    private void answerWaiting(PartitionContents contents) {
        waiting.removeIf(question -> {
            var held = !question.needed().isAfter(contents.position());
            if (held) {
                question.answer(contents);
            }
            return held;
        });
    }

    private void apply(PartitionContents contents, LogRow row) {
        if (row.position().isAfter(contents.position())) {
            tail += row.weight();
        }
        contents.apply(row);
    }

    private Effect<PartitionEvent, PartitionContents> checkpointed(PartitionContents contents) {
        if (tail < Math.max(settings.checkpointMinBytes(), contents.weight() / 4)) {
            return Effect().none();
        }
        tail = 0;
        return Effect().persist(new Checkpointed(contents.position()));
    }
}
