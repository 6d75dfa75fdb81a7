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
/// tells HQ what came of it. Where it differs and the order says so, the copy is loaded anew and compared again.
/// What cannot be done now, such as while HQ is away, is tried again; an order that is forgotten, since the node
/// restarted or the link is at another one, HQ gives again.
///
/// ```
/// idle --order, reconnected--> comparing --> telling HQ --> the next, or idle
///                               ^  ^  |        ^   | |
///                               |  +--+ failed +---+ failed: after a pause
///                               |                    | it differs, and is to be mended
///                               +---- it is whole -- loading
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

    private record LoadAgain() implements Message {}

    private record Loading(boolean isUnderWay) implements Message {}

    private record NotLoaded(Throwable cause) implements Message {}

    private record LookAgain() implements Message {}

    // Creation

    /// The store's copy, as far as it can be had anew.
    interface Copy {
        /// Asks for it anew; done when that is kept.
        CompletionStage<?> loadAnew();

        /// Whether that is still under way.
        CompletionStage<Boolean> isLoading();
    }

    /// What is under way, and why.
    ///
    /// @param repaired whether the copy was loaded anew for it
    private record Task(Optional<VerificationOrder> order, Instant startedAt, boolean repaired) {
        Verification cameTo(Outcome outcome) {
            return new Verification(
                    order.filter(known -> !isToRepair(outcome)).map(VerificationOrder::id), // else it is not over
                    order.map(VerificationOrder::cause).orElse(Cause.RECONNECTED),
                    startedAt,
                    outcome,
                    repaired);
        }

        boolean isToRepair(Outcome outcome) {
            return !repaired && order.filter(VerificationOrder::repair).isPresent() && outcome.isMendedByLoading();
        }
    }

    private final Supplier<CompletionStage<Outcome>> comparison;
    private final Copy copy;
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
            Copy copy,
            Function<Verification, CompletionStage<?>> teller,
            Backoff backoff,
            InstantSource clock) {
        super(context);
        this.comparison = comparison;
        this.copy = copy;
        this.teller = teller;
        this.backoff = backoff;
        this.clock = clock;
    }

    /// @param teller done when HQ has kept what came of it
    static Behavior<Message> create(
            Supplier<CompletionStage<Outcome>> comparison,
            Copy copy,
            Function<Verification, CompletionStage<?>> teller,
            Backoff backoff,
            InstantSource clock) {
        return Behaviors.setup(context -> new Verifier(context, comparison, copy, teller, backoff, clock));
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
                .onMessage(LoadAgain.class, again -> load())
                .onMessage(LookAgain.class, again -> look())
                .onMessage(Loading.class, this::loading)
                .onMessage(NotLoaded.class, this::notLoaded)
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
        task = Optional.of(new Task(ordered, clock.instant().truncatedTo(ChronoUnit.MILLIS), false));
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
        var outcome = result.orElseThrow().outcome();
        result = Optional.empty();
        if (task.orElseThrow().isToRepair(outcome)) {
            return load();
        }
        task = Optional.empty();
        return next();
    }

    private Behavior<Message> load() {
        getContext()
                .pipeToSelf(
                        copy.loadAnew(),
                        (asked, failure) -> failure == null ? new Loading(true) : new NotLoaded(failure));
        return this;
    }

    private Behavior<Message> look() {
        getContext().pipeToSelf(copy.isLoading(), (isUnderWay, failure) -> new Loading(failure != null || isUnderWay));
        return this;
    }

    private Behavior<Message> loading(Loading loading) {
        if (loading.isUnderWay()) {
            getContext().scheduleOnce(backoff.next(), getContext().getSelf(), new LookAgain());
            return this;
        }
        backoff.reset();
        task = task.map(one -> new Task(one.order(), clock.instant().truncatedTo(ChronoUnit.MILLIS), true));
        return compare();
    }

    private Behavior<Message> notLoaded(NotLoaded failed) {
        getContext()
                .getLog()
                .debug(
                        "the copy could not be asked for anew: {}",
                        failed.cause().toString());
        getContext().scheduleOnce(backoff.next(), getContext().getSelf(), new LoadAgain());
        return this;
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
