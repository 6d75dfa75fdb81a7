package dev.storemesh.node.link;

import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.verify.VerificationOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// How a store hears who its staff is: by long polls, each of which is journaled before the next. The answers
/// also say when HQ wants the store's copy verified. It has the store's credential replaced before that is
/// too old, too.
///
/// ```
/// is the credential due? -> HQ gives a new one -> on disk
/// ask what is known -> poll HQ with that -> journal what it told -> …
/// ```
final class StaffLink extends AbstractBehavior<StaffLink.Message> {
    // Protocol

    sealed interface Message {}

    private record Begin() implements Message {}

    private record Renewed() implements Message {}

    private record Known(String version) implements Message {}

    private record Told(HqClient.Answer answer) implements Message {}

    private record Heard(boolean isNew) implements Message {}

    private record Failed(Throwable cause) implements Message {}

    /// Another credential is tried after this pause.
    private record Reconsidered(Duration pause) implements Message {}

    /// Where a store keeps what it heard of its staff.
    interface Book {
        /// The version of the list that is known.
        CompletionStage<String> known();

        /// Done when it is journaled.
        CompletionStage<?> hear(StaffList list);
    }

    // Creation

    private final HeldEnrolment enrolment;
    private final Book book;
    private final HqClient hq;
    private final LinkSettings settings;
    private final Consumer<LinkState> state;
    private final InstantSource clock;
    private final Backoff backoff;
    private final Executor blocking;
    private final Consumer<VerificationOrder> orders;
    private String polledWith = StaffList.NONE;
    private String order = ""; // the id of the last one that was told

    private StaffLink(
            ActorContext<Message> context,
            HeldEnrolment enrolment,
            Book book,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            InstantSource clock,
            RandomGenerator random,
            Consumer<VerificationOrder> orders) {
        super(context);
        this.orders = orders;
        this.enrolment = enrolment;
        this.book = book;
        this.hq = hq;
        this.settings = settings;
        this.state = state;
        this.clock = clock;
        this.backoff = new Backoff(settings, random);
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        context.getSelf().tell(new Begin());
    }

    /// @param state told where HQ does not let the store in
    /// @param orders told what HQ orders the store to verify, each once
    static Behavior<Message> create(
            HeldEnrolment enrolment,
            Book book,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            InstantSource clock,
            RandomGenerator random,
            Consumer<VerificationOrder> orders) {
        return Behaviors.supervise(Behaviors.<Message>setup(
                        context -> new StaffLink(context, enrolment, book, hq, settings, state, clock, random, orders)))
                .onFailure(SupervisorStrategy.restartWithBackoff(settings.backoffMin(), settings.backoffMax(), 0.2));
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Begin.class, begin -> begin())
                .onMessage(Renewed.class, renewed -> ask())
                .onMessage(Known.class, this::poll)
                .onMessage(Told.class, this::told)
                .onMessage(Heard.class, this::heard)
                .onMessage(Failed.class, this::failed)
                .onMessage(Reconsidered.class, reconsidered -> again(reconsidered.pause()))
                .build();
    }

    private Behavior<Message> begin() {
        return enrolment.isDue(clock.instant(), settings.credentialAge()) ? renew() : ask();
    }

    private Behavior<Message> renew() {
        var renewed = hq.post(path("credential"))
                .thenApply(answer -> HqClient.fields(answer).text("credential"))
                .thenAcceptAsync(this::keep, blocking);
        return pipe(renewed, done -> new Renewed());
    }

    private void keep(String credential) {
        try {
            enrolment.replace(credential, clock.instant());
        } catch (IOException e) {
            throw new UncheckedIOException("the new credential cannot be kept", e);
        }
    }

    private String path(String what) {
        return "/api/v1/stores/" + enrolment.now().store() + "/" + what;
    }

    private Behavior<Message> ask() {
        return pipe(book.known(), Known::new);
    }

    private Behavior<Message> poll(Known known) {
        polledWith = known.version();
        var query = path("access") + "?known=" + URLEncoder.encode(known.version(), StandardCharsets.UTF_8) + "&order="
                + order + "&wait=" + settings.pollWait().toSeconds();
        return pipe(hq.get(query, settings.pollWait()), Told::new);
    }

    private Behavior<Message> told(Told told) {
        try {
            var list = StaffList.read(told.answer().body(), enrolment.now().store());
            var isNew = !list.version().equals(polledWith);
            HqClient.fields(told.answer())
                    .optional("order")
                    .map(node -> VerificationOrder.read(Fields.of(node)))
                    .filter(next -> !next.id().equals(order))
                    .ifPresent(next -> {
                        order = next.id();
                        orders.accept(next);
                    });
            return pipe(book.hear(list), heard -> new Heard(isNew));
        } catch (IllegalArgumentException e) {
            return failed(new Failed(e));
        }
    }

    /// Where nothing is new, HQ has held the poll; one that does not is not asked faster for it.
    private Behavior<Message> heard(Heard heard) {
        backoff.reset();
        if (heard.isNew()) {
            return begin();
        }
        getContext().scheduleOnce(settings.backoffMin(), getContext().getSelf(), new Begin());
        return this;
    }

    /// That HQ is out of reach the other loops of the link say.
    private Behavior<Message> failed(Failed failed) {
        var cause = HqClient.cause(failed.cause());
        var pause = backoff.next();
        if (cause instanceof Refused refused) {
            refused.ending().ifPresent(state);
        }
        getContext()
                .getLog()
                .debug(
                        "store [{}] did not hear of its staff: {}",
                        enrolment.now().store(),
                        cause.toString());
        if (cause instanceof Refused refused && refused.status() == 401) {
            return pipe(CompletableFuture.runAsync(enrolment::tryAnother, blocking), done -> new Reconsidered(pause));
        }
        return again(pause);
    }

    private Behavior<Message> again(Duration pause) {
        getContext().scheduleOnce(pause, getContext().getSelf(), new Begin());
        return this;
    }

    private <T> Behavior<Message> pipe(CompletionStage<T> stage, Function<T, Message> success) {
        getContext()
                .pipeToSelf(stage, (value, failure) -> failure == null ? success.apply(value) : new Failed(failure));
        return this;
    }
}
