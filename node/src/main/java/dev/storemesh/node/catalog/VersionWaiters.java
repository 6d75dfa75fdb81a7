package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Version;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/// Long polls: those who wait for a version after the one they have. Owned by one actor; bounded, and who comes when
/// it is full is answered at once, as if the time were up.
///
/// @param <T> what they are answered with
public final class VersionWaiters<T> {
    private static final int MAX_WAITING = 10_000;
    private final List<Waiter<T>> waiting = new ArrayList<>();

    private record Waiter<T>(Version after, ActorRef<T> replyTo) {}

    /// Whether there was room.
    public boolean add(Version after, ActorRef<T> replyTo) {
        return waiting.size() < MAX_WAITING && waiting.add(new Waiter<>(after, replyTo));
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Answers all as if their time were up.
    public void giveUp(T answer) {
        waiting.forEach(waiter -> waiter.replyTo().tell(answer));
        waiting.clear();
    }

    /// Answers all who waited for less than `head`.
    public void reached(Version head, T answer) {
        waiting.removeIf(waiter -> {
            var done = head.isAfter(waiter.after());
            if (done) {
                waiter.replyTo().tell(answer);
            }
            return done;
        });
    }

    /// Its time is up; nothing happens if it was answered before.
    public void giveUp(ActorRef<T> replyTo, T answer) {
        if (waiting.removeIf(waiter -> waiter.replyTo().equals(replyTo))) {
            replyTo.tell(answer);
        }
    }
}
