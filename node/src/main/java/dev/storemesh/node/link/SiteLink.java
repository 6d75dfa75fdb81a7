package dev.storemesh.node.link;

import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.protocol.access.SitePort.LinkState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// A store's link, of which there is one however many nodes the store has: a singleton of its cluster, at the
/// oldest of them, and soon at another one when that is lost. It begins with what is kept of the enrolment, tells
/// the replica as whom it follows, and then runs the loops; where the store has enrolled anew meanwhile, it begins
/// again.
///
/// ```
/// begin -> enrolment as it is kept -> replica knows it -> loops run -> another enrolment: begin
/// ```
///
/// One that is still there on a node that was frozen, and given up by the others, does no harm: what it gets from
/// HQ its node cannot journal any more, and HQ passes over what it was offered before.
public final class SiteLink extends AbstractBehavior<SiteLink.Message> {
    // Protocol

    public sealed interface Message {}

    /// How does the link stand? Answered at once, unless who asks is on its node. `epoch` is that of the enrolment
    /// which that node knows, `clock` what its clock shows.
    record Inspect(long epoch, Instant clock, ActorRef<Told> replyTo) implements Message {}

    /// How the link stands, and how far the clock of who asks is ahead of HQ's.
    record Told(LinkState state, Optional<Duration> clockOffset) {}

    private record Begin() implements Message {}

    private record Known(Enrolment enrolment) implements Message {}

    private record Failed(Throwable cause) implements Message {}

    // Creation

    /// What a link runs with.
    ///
    /// @param enrolled makes the replica know this enrolment
    /// @param loops what does the work
    /// @param state how the link stands as this node knows
    record Parts(
            HeldEnrolment held,
            Function<Enrolment, CompletionStage<?>> enrolled,
            Supplier<List<Behavior<?>>> loops,
            Supplier<LinkState> state,
            LinkReports reports,
            InstantSource clock,
            LinkSettings settings) {}

    private final Parts parts;
    private Optional<Long> epoch = Optional.empty(); // by which the loops run
    private List<ActorRef<Void>> running = List.of();
    private boolean beginning;

    private SiteLink(ActorContext<Message> context, Parts parts) {
        super(context);
        this.parts = parts;
        context.getSelf().tell(new Begin());
    }

    static Behavior<Message> create(Parts parts) {
        var settings = parts.settings();
        return Behaviors.supervise(Behaviors.<Message>setup(context -> new SiteLink(context, parts)))
                .onFailure(SupervisorStrategy.restartWithBackoff(settings.backoffMin(), settings.backoffMax(), 0.2));
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Begin.class, begin -> begin())
                .onMessage(Known.class, this::run)
                .onMessage(Failed.class, this::failed)
                .onMessage(Inspect.class, this::inspect)
                .build();
    }

    private Behavior<Message> begin() {
        beginning = true;
        var blocking = getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        var known = CompletableFuture.supplyAsync(this::enrolment, blocking)
                .thenCompose(enrolment -> parts.enrolled().apply(enrolment).thenApply(done -> new Known(enrolment)));
        getContext().pipeToSelf(known, (message, failure) -> failure == null ? message : new Failed(failure));
        return this;
    }

    private Enrolment enrolment() {
        try {
            parts.held().reload();
            return parts.held().now();
        } catch (IOException e) {
            throw new UncheckedIOException("the enrolment cannot be read", e);
        }
    }

    private Behavior<Message> run(Known known) {
        beginning = false;
        if (epoch.equals(Optional.of(known.enrolment().epoch()))) {
            return this;
        }
        running.forEach(getContext()::stop);
        epoch = Optional.of(known.enrolment().epoch());
        running = parts.loops().get().stream().map(this::spawn).toList();
        return this;
    }

    private ActorRef<Void> spawn(Behavior<?> loop) {
        return getContext().spawnAnonymous(loop).unsafeUpcast();
    }

    private Behavior<Message> failed(Failed failed) {
        getContext()
                .getLog()
                .warn(
                        "the link of the store does not begin: {}",
                        HqClient.cause(failed.cause()).toString());
        getContext().scheduleOnce(parts.settings().backoffMin(), getContext().getSelf(), new Begin());
        return this;
    }

    private Behavior<Message> inspect(Inspect inspect) {
        if (!inspect.replyTo().path().address().hasLocalScope()) { // else it is known there
            var ahead = Duration.between(parts.clock().instant(), inspect.clock());
            inspect.replyTo()
                    .tell(new Told(
                            parts.state().get(), parts.reports().clockOffset().map(ahead::plus)));
        }
        if (!beginning && epoch.isPresent() && isOlder(epoch.get(), inspect.epoch())) {
            return begin();
        }
        return this;
    }

    /// Than what another node knows, or what is held here since HQ refused the credential.
    private boolean isOlder(long mine, long others) {
        return others > mine || parts.held().now().epoch() != mine;
    }
}
