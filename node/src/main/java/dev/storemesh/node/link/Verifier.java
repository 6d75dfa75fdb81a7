package dev.storemesh.node.link;

import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.Verification.Different;
import dev.storemesh.protocol.verify.Verification.Outcome;
import dev.storemesh.protocol.verify.VerificationOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// Has a store's copy compared with HQ's, one at a time, when HQ orders it or when HQ is back after long, and
/// tells HQ what came of it. What cannot be done now, such as while HQ is away, is tried again; an order that is
/// forgotten, since the node restarted or the link is at another one, HQ gives again.
///
/// ```
/// idle --order, reconnected--> comparing --> telling HQ --> the next, or idle
///                                 ^   |          ^   |
///                                 +---+ failed   +---+ failed: after a pause
/// ```
final class Verifier extends AbstractBehavior<Verifier.Message> {
    // Protocol

    sealed interface Message {}

    /// HQ orders it. Never answered; in place of an earlier order that has not begun.
    record Ordered(VerificationOrder order) implements Message {}

    /// HQ was out of reach for long, and all that it has is here. Never answered.
    record Reconnected() implements Message {}

    private record Compared(Outcome outcome) implements Message {}

    private record NotCompared(Throwable cause) implements Message {}

    private record Told() implements Message {}

    private record NotTold(Throwable cause) implements Message {}

    private record CompareAgain() implements Message {}

    private record TellAgain() implements Message {}

    // Creation

    /// What is under way, and why.
    private record Task(Optional<VerificationOrder> order, Instant startedAt) {
        Verification cameTo(Outcome outcome) {
            return new Verification(
                    order.map(VerificationOrder::id),
                    order.map(VerificationOrder::cause).orElse(Cause.RECONNECTED),
                    startedAt,
                    outcome,
                    false);
        }
    }

    private final Supplier<CompletionStage<Outcome>> comparison;
    private final Function<Verification, CompletionStage<?>> teller;
    private final Backoff backoff;
    private final InstantSource clock;
    private Optional<Task> task = Optional.empty();
    private Optional<Verification> result = Optional.empty(); // of the task, until HQ has it
    private Optional<VerificationOrder> ordered = Optional.empty(); // what comes next
    private boolean reconnected;

    private Verifier(
            ActorContext<Message> context,
            Supplier<CompletionStage<Outcome>> comparison,
            Function<Verification, CompletionStage<?>> teller,
            Backoff backoff,
            InstantSource clock) {
        super(context);
        this.comparison = comparison;
        this.teller = teller;
        this.backoff = backoff;
        this.clock = clock;
    }

    /// @param teller done when HQ has kept what came of it
    static Behavior<Message> create(
            Supplier<CompletionStage<Outcome>> comparison,
            Function<Verification, CompletionStage<?>> teller,
            Backoff backoff,
            InstantSource clock) {
        return Behaviors.setup(context -> new Verifier(context, comparison, teller, backoff, clock));
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ordered.class, this::ordered)
                .onMessage(Reconnected.class, again -> reconnected())
                .onMessage(Compared.class, this::compared)
                .onMessage(NotCompared.class, this::notCompared)
                .onMessage(CompareAgain.class, again -> compare())
                .onMessage(Told.class, told -> told())
                .onMessage(NotTold.class, this::notTold)
                .onMessage(TellAgain.class, again -> tell())
                .build();
    }

    private Behavior<Message> ordered(Ordered message) {
        if (!task.flatMap(Task::order).equals(Optional.of(message.order()))) {
            ordered = Optional.of(message.order());
        }
        return next();
    }

    private Behavior<Message> reconnected() {
        reconnected = true;
        return next();
    }

    private Behavior<Message> next() {
        if (task.isPresent() || ordered.isEmpty() && !reconnected) {
            return this;
        }
        if (ordered.isEmpty()) {
            reconnected = false;
        }
        task = Optional.of(new Task(ordered, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        ordered = Optional.empty();
        return compare();
    }

    private Behavior<Message> compare() {
        getContext()
                .pipeToSelf(
                        comparison.get(),
                        (outcome, failure) -> failure == null ? new Compared(outcome) : new NotCompared(failure));
        return this;
    }

    private Behavior<Message> compared(Compared compared) {
        backoff.reset();
        var verification = task.orElseThrow().cameTo(compared.outcome());
        if (compared.outcome() instanceof Different different) {
            getContext()
                    .getLog()
                    .warn(
                            "version [{}]: this store's copy differs from HQ's, in {}{} objects",
                            different.version(),
                            different.more() ? "more than " : "",
                            different.objects().size());
        }
        result = Optional.of(verification);
        return tell();
    }

    private Behavior<Message> notCompared(NotCompared failed) {
        getContext()
                .getLog()
                .debug(
                        "the copy could not be compared with HQ's: {}",
                        HqClient.cause(failed.cause()).toString());
        getContext().scheduleOnce(backoff.next(), getContext().getSelf(), new CompareAgain());
        return this;
    }

    private Behavior<Message> tell() {
        getContext()
                .pipeToSelf(
                        teller.apply(result.orElseThrow()),
                        (kept, failure) -> failure == null ? new Told() : new NotTold(failure));
        return this;
    }

    private Behavior<Message> told() {
        backoff.reset();
        task = Optional.empty();
        result = Optional.empty();
        return next();
    }

    /// An HQ that refuses it, since it is older or does not let the store in, does so again: then nobody is
    /// told.
    private Behavior<Message> notTold(NotTold failed) {
        var cause = HqClient.cause(failed.cause());
        if (cause instanceof Refused refused && refused.status() / 100 == 4 && refused.status() != 429) {
            getContext().getLog().warn("HQ does not take what came of a verification: {}", cause.toString());
            return told();
        }
        getContext().scheduleOnce(backoff.next(), getContext().getSelf(), new TellAgain());
        return this;
    }
}
