package dev.storemesh.node.catalog;

import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionEvent;
import dev.storemesh.protocol.object.PartitionEvent.Checkpointed;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Bounded;
import dev.storemesh.protocol.query.Part;
import dev.storemesh.protocol.query.Place;
import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.Queries;
import dev.storemesh.protocol.query.Targets;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
/// time.
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
    public sealed interface Question extends Message {
        Position needed();
    }

    public record Fetch(Position needed, Set<Lookup> lookups, Version version, ActorRef<StatusReply<Fetched>> replyTo)
            implements Question {}

    public record FindObject(
            Position needed,
            ObjectToken token,
            Version version,
            Scope scope,
            ActorRef<StatusReply<Optional<ObjectView.Live>>> replyTo)
            implements Question {}

    public record ReadPage(
            Position needed,
            Selection selection,
            Version version,
            Order order,
            Optional<ObjectToken> after,
            int limit,
            ActorRef<StatusReply<Slice>> replyTo)
            implements Question {}

    public record ReadChanges(
            Position needed,
            Selection selection,
            Version since,
            Version version,
            Optional<ObjectToken> after,
            int limit,
            ActorRef<StatusReply<Slice>> replyTo)
            implements Question {}

    public record FindByKey(
            Position needed,
            DefinitionName attribute,
            Value value,
            Version version,
            Scope scope,
            ActorRef<StatusReply<Optional<ObjectView.Live>>> replyTo)
            implements Question {}

    public record FollowLinks(
            Position needed, Plan plan, Version version, ActorRef<StatusReply<Bounded<Targets>>> replyTo)
            implements Question {}

    public record Query(
            Position needed,
            Plan plan,
            Version version,
            Optional<Place> after,
            ActorRef<StatusReply<Bounded<Part>>> replyTo)
            implements Question {}

    public record ReadHistory(
            Position needed,
            ObjectToken token,
            ObjectHistory.Query query,
            ActorRef<StatusReply<Optional<ObjectHistory>>> replyTo)
            implements Question {}

    public record ReadDifferences(
            Position needed,
            Selection selection,
            Version from,
            Version to,
            Optional<ObjectToken> after,
            int limit,
            ActorRef<StatusReply<ObjectDifference.Slice>> replyTo)
            implements Question {}

    public record Count(Position needed, ActorRef<StatusReply<Long>> replyTo) implements Question {}

    private record Reread(Position from, List<LogRow> rows) implements Message {}

    private record RereadFailed(Throwable cause) implements Message {}

    private record GiveUp(Question question) implements Message {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY = EntityTypeKey.create(Message.class, "partition");
    private static final int REREAD_ROWS = 256;
    private static final long REREAD_BYTES = 8 << 20;
    private static final int MAX_WAITING = 10_000;

    private final ActorContext<Message> context;
    private final PartitionId id;
    private final LogReader log;
    private final PartitionSettings settings;
    private final List<Question> waiting = new ArrayList<>(); // for the log; in memory only
    private long tail; // weight of the rows since the last checkpoint
    private boolean rereading;

    private ObjectPartition(ActorContext<Message> context, PartitionId id, LogReader log, PartitionSettings settings) {
        super(
                PersistenceId.of(TYPE_KEY.name(), id.text()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.context = context;
        this.id = id;
        this.log = log;
        this.settings = settings;
    }

    public static Behavior<Message> create(PartitionId id, LogReader log, PartitionSettings settings) {
        return Behaviors.setup(context -> new ObjectPartition(context, id, log, settings));
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
                    waiting.forEach(question -> fail(question, "partition " + id + " restarted"));
                    waiting.clear();
                })
                .build();
    }

    @Override
    public CommandHandler<Message, PartitionEvent, PartitionContents> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Feed.class, this::take)
                .onCommand(Question.class, this::ask)
                .onCommand(Reread.class, this::reread)
                .onCommand(RereadFailed.class, this::failed)
                .onCommand(GiveUp.class, this::giveUp)
                .build();
    }

    private Effect<PartitionEvent, PartitionContents> take(PartitionContents contents, Feed feed) {
        if (feed.previous().isAfter(contents.position())) {
            return Effect().none(); // a feed before it was lost: the log has both
        }
        apply(contents, feed.row());
        answerWaiting(contents);
        return checkpointed(contents);
    }

    private Effect<PartitionEvent, PartitionContents> ask(PartitionContents contents, Question question) {
        if (!question.needed().isAfter(contents.position())) {
            answer(contents, question);
            return Effect().none();
        }
        if (waiting.size() == MAX_WAITING) {
            fail(question, "too many questions wait for partition " + id);
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
        waiting.forEach(question -> fail(question, "partition " + id + " cannot read the log"));
        waiting.clear();
        return Effect().none();
    }

    private Effect<PartitionEvent, PartitionContents> giveUp(PartitionContents contents, GiveUp giveUp) {
        if (waiting.remove(giveUp.question())) {
            fail(giveUp.question(), "partition " + id + " is behind");
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

    private static void answer(PartitionContents contents, Question question) {
        switch (question) {
            case Fetch fetch ->
                fetch.replyTo().tell(StatusReply.success(contents.fetch(fetch.lookups(), fetch.version())));
            case FindObject find ->
                find.replyTo()
                        .tell(StatusReply.success(
                                contents.objectsAt(find.version()).object(find.token(), find.version(), find.scope())));
            case ReadPage page ->
                page.replyTo()
                        .tell(StatusReply.success(contents.objectsAt(page.version())
                                .page(page.selection(), page.version(), page.order(), page.after(), page.limit())));
            case ReadChanges changes ->
                changes.replyTo()
                        .tell(StatusReply.success(contents.objectsAt(changes.version())
                                .changes(
                                        changes.selection(),
                                        changes.since(),
                                        changes.version(),
                                        changes.after(),
                                        changes.limit())));
            case FindByKey find ->
                find.replyTo()
                        .tell(StatusReply.success(Queries.holder(
                                contents.objectsAt(find.version()),
                                find.attribute(),
                                find.value(),
                                find.version(),
                                find.scope())));
            case FollowLinks follow ->
                follow.replyTo()
                        .tell(StatusReply.success(Queries.targets(
                                contents.objectsAt(follow.version()), follow.plan(), follow.version())));
            case Query query ->
                query.replyTo()
                        .tell(StatusReply.success(Queries.part(
                                contents.objectsAt(query.version()), query.plan(), query.version(), query.after())));
            case ReadHistory history ->
                history.replyTo().tell(StatusReply.success(contents.history(history.token(), history.query())));
            case ReadDifferences read ->
                read.replyTo()
                        .tell(StatusReply.success(contents.objectsAt(later(read.from(), read.to()))
                                .differences(read.selection(), read.from(), read.to(), read.after(), read.limit())));
            case Count count ->
                count.replyTo().tell(StatusReply.success(contents.objects().liveCount()));
        }
    }

    private static Version later(Version one, Version other) {
        return one.isAfter(other) ? one : other;
    }

    private static void fail(Question question, String reason) {
        switch (question) {
            case Fetch fetch -> fetch.replyTo().tell(StatusReply.error(reason));
            case FindObject find -> find.replyTo().tell(StatusReply.error(reason));
            case ReadPage page -> page.replyTo().tell(StatusReply.error(reason));
            case ReadChanges changes -> changes.replyTo().tell(StatusReply.error(reason));
            case FindByKey find -> find.replyTo().tell(StatusReply.error(reason));
            case FollowLinks follow -> follow.replyTo().tell(StatusReply.error(reason));
            case Query query -> query.replyTo().tell(StatusReply.error(reason));
            case ReadHistory history -> history.replyTo().tell(StatusReply.error(reason));
            case ReadDifferences read -> read.replyTo().tell(StatusReply.error(reason));
            case Count count -> count.replyTo().tell(StatusReply.error(reason));
        }
    }
}
