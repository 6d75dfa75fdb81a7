package dev.storemesh.node.link;

import dev.storemesh.protocol.access.SitePort.LinkState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Asks how the site's link stands, on a node that may not be the one that has it. While nobody answers, what was
/// told last is held true.
final class LinkWatch {
    private static final Duration EVERY = Duration.ofSeconds(1);

    // Protocol

    sealed interface Message {}

    private record Ask() implements Message {}

    private record Heard(SiteLink.Told told) implements Message {}

    private LinkWatch() {}

    static Behavior<Message> create(
            ActorRef<SiteLink.Message> link,
            HeldEnrolment held,
            Consumer<LinkState> state,
            LinkReports reports,
            InstantSource clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Ask(), Duration.ZERO, EVERY);
            var self = context.messageAdapter(SiteLink.Told.class, Heard::new);
            return Behaviors.receive(Message.class)
                    .onMessage(Ask.class, ask -> {
                        link.tell(new SiteLink.Inspect(held.now().epoch(), clock.instant(), self));
                        return Behaviors.same();
                    })
                    .onMessage(Heard.class, heard -> {
                        state.accept(heard.told().state());
                        heard.told().clockOffset().ifPresent(reports::measured);
                        return Behaviors.same();
                    })
                    .build();
        }));
    }
}
