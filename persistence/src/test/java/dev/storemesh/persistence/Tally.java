package dev.storemesh.persistence;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/// A real persistent actor: remembers, in order, every word it was told. A word is answered once it is in the
/// journal.
public final class Tally extends EventSourcedBehavior<Tally.Message, String, Tally.Words> {
    public sealed interface Message {}

    public record Add(String word, ActorRef<Done> replyTo) implements Message {}

    public record Ask(ActorRef<List<String>> replyTo) implements Message {}

    /// State, stored as one string: Pekko serializes strings by itself.
    public record Words(List<String> list) {
        public Words {
            list = List.copyOf(list);
        }

        Words and(String word) {
            var more = new ArrayList<>(list);
            more.add(word);
            return new Words(more);
        }
    }

    private final int snapshotEvery;

    private Tally(String id, int snapshotEvery) {
        super(PersistenceId.ofUniqueId(id));
        this.snapshotEvery = snapshotEvery;
    }

    /// `snapshotEvery`: 0 for never.
    public static Behavior<Message> create(String id, int snapshotEvery) {
        return new Tally(id, snapshotEvery);
    }

    @Override
    public Words emptyState() {
        return new Words(List.of());
    }

    @Override
    public CommandHandler<Message, String, Words> commandHandler() {
        return (words, message) -> switch (message) {
            case Add add -> Effect().persist(add.word()).thenReply(add.replyTo(), after -> Done.getInstance());
            case Ask ask -> Effect().reply(ask.replyTo(), words.list());
        };
    }

    @Override
    public EventHandler<Words, String> eventHandler() {
        return Words::and;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return snapshotEvery == 0 ? RetentionCriteria.disabled() : RetentionCriteria.snapshotEvery(snapshotEvery, 1);
    }

    @Override
    public SnapshotAdapter<Words> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(Words state) {
                return String.join(" ", state.list());
            }

            @Override
            public Words fromJournal(Object from) {
                return new Words(List.of(((String) from).split(" ", -1)));
            }
        };
    }
}
