package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.HashRange;
import dev.storemesh.protocol.object.LoadPart;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.pattern.StatusReply;

/// Answers what a partition holds no more: from the newest of its checkpoints that still had it, and the log after
/// that, of which it lets nothing go. It reads on as far as it is asked to, and goes when it is not asked for a
/// while.
///
/// ```
/// looking for a checkpoint -> reading the log <-> idle -> gone
/// ```
final class PastReader extends AbstractBehavior<PastReader.Message> {
    // Protocol

    sealed interface Message {}

    /// Answered when it holds all of `past`, as it is since the row at `whole`; fails when that cannot be had.
    record Ask<T>(Past past, Position whole, Position needed, PartitionRead<T> read, ActorRef<StatusReply<T>> replyTo)
            implements Message {
        private void answer(PartitionContents contents) {
            replyTo.tell(
                    read.past(contents).isEmpty()
                            ? StatusReply.success(read.of(contents))
                            : StatusReply.error("an old version is not held by who should hold it"));
        }
    }

    private record Found(Optional<CheckpointReader.Checkpoint> checkpoint) implements Message {}

    private record Read(List<LogRow> rows) implements Message {}

    private record ReadFailed(Throwable cause) implements Message {}

    private record Idle() implements Message {}

    private record Leave() implements Message {}

    // Creation

    private final PartitionId id;
    private final Version lowest;
    private final SharedLog log;
    private final PastReaders.Place place;
    private final MemoryBudget.Resident memory;
    private final List<Ask<?>> waiting = new ArrayList<>();
    private PartitionContents contents;
    private Version seen = Version.NONE; // there are entries of it: those before it are complete
    private boolean begun;
    private boolean reading;

    private PastReader(
            ActorContext<Message> context,
            PartitionId id,
            Version lowest,
            SharedLog log,
            PastReaders.Place place,
            MemoryBudget budget,
            Duration idle) {
        super(context);
        this.id = id;
        this.lowest = lowest;
        this.log = log;
        this.place = place;
        var self = context.getSelf();
        this.memory = budget.enter("old versions of " + id, () -> self.tell(new Leave()));
        this.contents = PartitionContents.of(id.range(), PartitionImage.EMPTY);
        context.setReceiveTimeout(idle, new Idle());
        look(Long.MAX_VALUE);
    }

    /// @param lowest the first version that it can be asked for
    /// @param place is told when it goes
    static Behavior<Message> create(
            PartitionId id,
            Version lowest,
            SharedLog log,
            PastReaders.Place place,
            MemoryBudget budget,
            Duration idle) {
        return Behaviors.setup(context -> new PastReader(context, id, lowest, log, place, budget, idle));
    }

    /// Asks it to go.
    static Message leave() {
        return new Leave();
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ask.class, this::ask)
                .onMessage(Found.class, this::found)
                .onMessage(Read.class, this::read)
                .onMessage(ReadFailed.class, this::failed)
                .onMessage(Idle.class, idle -> leaveUnlessAsked())
                .onMessage(Leave.class, leave -> leaveUnlessAsked())
                .onSignal(PostStop.class, stopped -> {
                    place.gone();
                    memory.left();
                    return this;
                })
                .build();
    }

    private void look(long upTo) {
        getContext()
                .pipeToSelf(
                        CheckpointReader.newest(getContext(), id, upTo),
                        (found, failure) -> new Found(failure == null ? found : Optional.empty()));
    }

    private Behavior<Message> found(Found found) {
        var image = found.checkpoint().map(CheckpointReader.Checkpoint::image);
        var held = image.map(one -> PartitionContents.of(id.range(), one)).orElse(contents);
        if (held.floor().isAfter(lowest) || held.localFloor().isAfter(lowest)) {
            look(found.checkpoint().orElseThrow().number() - 1);
            return this;
        }
        contents = held;
        seen = held.newest();
        begun = true;
        return goOn();
    }

    private Behavior<Message> ask(Ask<?> question) {
        if (waiting.size() == ObjectPartition.MAX_WAITING) {
            question.replyTo().tell(StatusReply.error("too many questions wait for old versions of partition " + id));
            return this;
        }
        waiting.add(question);
        return goOn();
    }

    /// Answers those that can be answered, and reads on for the others.
    private Behavior<Message> goOn() {
        if (!begun) {
            return this;
        }
        memory.holds(contents.heapBytes());
        waiting.removeIf(question -> {
            var held = isHeld(question);
            if (held) {
                question.answer(contents);
            }
            return held;
        });
        if (!waiting.isEmpty() && !reading) {
            reading = true;
            getContext()
                    .pipeToSelf(
                            log.rows(id.catalog(), contents.position().next(), HashRange.WHOLE, needed()),
                            (rows, failure) -> failure == null ? new Read(rows) : new ReadFailed(failure));
        }
        return this;
    }

    /// About how far it will have to read.
    private Position needed() {
        return waiting.stream().map(Ask::needed).max(Position::compareTo).orElse(contents.position());
    }

    private boolean isHeld(Ask<?> question) {
        return !question.whole().isAfter(contents.position())
                && (seen.isAfter(question.past().highest())
                        || !question.needed().isAfter(contents.position()));
    }

    private Behavior<Message> read(Read read) {
        reading = false;
        if (read.rows().isEmpty()) {
            return failed(new ReadFailed(new IllegalStateException("the log ends before the needed position")));
        }
        for (var row : read.rows()) {
            contents.apply(row);
            row.load().flatMap(LoadPart::whole).ifPresent(version -> seen = version);
            for (LogEntry entry : row.entries()) {
                seen = entry.version(); // they come in order
            }
        }
        return goOn();
    }

    private Behavior<Message> failed(ReadFailed failure) {
        reading = false;
        getContext()
                .getLog()
                .warn(
                        "partition [{}]: old versions cannot be read: {}",
                        id,
                        failure.cause().toString());
        waiting.forEach(question ->
                question.replyTo().tell(StatusReply.error("old versions of partition " + id + " cannot be read")));
        waiting.clear();
        return this;
    }

    /// Unless somebody asks just now.
    private Behavior<Message> leaveUnlessAsked() {
        if (waiting.isEmpty() && place.leave()) {
            return Behaviors.stopped();
        }
        memory.stays();
        return this;
    }
}
