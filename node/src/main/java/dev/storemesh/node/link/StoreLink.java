package dev.storemesh.node.link;

import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.node.replica.ReplicaEntity.Applied;
import dev.storemesh.node.replica.ReplicaEntity.NotApplied;
import dev.storemesh.node.replica.ReplicaEntity.Offer;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.CatalogId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// A store's connection to HQ. Two loops, each with one request under way: one follows HQ's log by long polls and
/// hands it to the replica, which journals it before the next poll; one offers the replica's queued requests, in
/// order. After a failure a loop waits, longer each time, with jitter. All that must survive is in the replica.
///
/// ```
/// follow: ask replica how far -> poll HQ after that -> replica journals -> poll …
/// offer:  replica says what is due (waits until something is) -> post to HQ -> what is due after that …
/// ```
public final class StoreLink extends AbstractBehavior<StoreLink.Message> {
    // Protocol

    public sealed interface Message {}

    private record Poll() implements Message {}

    private record Standing(Optional<LogStanding> standing) implements Message {}

    private record Polled(HqClient.Answer answer) implements Message {}

    private record Followed(ReplicaEntity.Outcome outcome) implements Message {}

    private record PollFailed(Throwable cause) implements Message {}

    private record ReplicaFailed(Throwable cause) implements Message {}

    private record AskOffer() implements Message {}

    private record Due(Offer offer) implements Message {}

    private record Offered(long sequence) implements Message {}

    private record NothingDue() implements Message {}

    private record OfferFailed(Throwable cause) implements Message {}

    // Creation

    private static final Duration REPLICA_TIMEOUT = Duration.ofSeconds(20);
    /// The replica is asked anew after this time: one that restarted has forgotten the question.
    private static final Duration OFFER_WAIT = Duration.ofSeconds(20);
    private static final int OFFER_BYTES = 2 << 20; // below the least body that HQ takes

    private final CatalogId catalog;
    private final EntityRef<ReplicaEntity.Message> replica;
    private final HqClient hq;
    private final LinkSettings settings;
    private final Consumer<LinkState> state;
    private final LinkReports reports;
    private final Backoff pollBackoff;
    private final Backoff offerBackoff;
    private Optional<LinkState> last = Optional.empty();
    private Optional<String> refused = Optional.empty(); // why HQ refused the last offer
    private LogPlace polledAfter = LogPlace.of(Version.NONE);
    private SchemaHistory followed = SchemaHistory.EMPTY; // by which what comes after it is read
    private long offeredUpTo; // known to be recorded at HQ; after a restart from 0, since HQ passes over what it has

    private StoreLink(
            ActorContext<Message> context,
            CatalogId catalog,
            EntityRef<ReplicaEntity.Message> replica,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            RandomGenerator random,
            LinkReports reports) {
        super(context);
        this.catalog = catalog;
        this.replica = replica;
        this.hq = hq;
        this.settings = settings;
        this.state = state;
        this.reports = reports;
        this.pollBackoff = new Backoff(settings, random);
        this.offerBackoff = new Backoff(settings, random);
        context.getSelf().tell(new Poll());
        context.getSelf().tell(new AskOffer());
    }

    /// Begin a new link.
    record Begin() {}

    /// Keeps a link going: one that a bug ended is followed, after a pause, by a new one, since all that must survive
    /// is in the replica. A new actor, so that no answer to the old one starts a second loop.
    static Behavior<Begin> kept(
            CatalogId catalog,
            EntityRef<ReplicaEntity.Message> replica,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            RandomGenerator random,
            LinkReports reports) {
        return Behaviors.setup(context -> {
            context.getSelf().tell(new Begin());
            return Behaviors.receive(Begin.class)
                    .onMessage(Begin.class, begin -> {
                        context.watch(
                                context.spawnAnonymous(create(catalog, replica, hq, settings, state, random, reports)));
                        return Behaviors.same();
                    })
                    .onSignal(Terminated.class, ended -> {
                        context.scheduleOnce(settings.backoffMax(), context.getSelf(), new Begin());
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    /// A link that tells `state` how it stands.
    static Behavior<Message> create(
            CatalogId catalog,
            EntityRef<ReplicaEntity.Message> replica,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            RandomGenerator random,
            LinkReports reports) {
        return Behaviors.setup(
                context -> new StoreLink(context, catalog, replica, hq, settings, state, random, reports));
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Poll.class, poll -> standing())
                .onMessage(Standing.class, this::poll)
                .onMessage(Polled.class, this::follow)
                .onMessage(Followed.class, this::followed)
                .onMessage(PollFailed.class, this::pollFailed)
                .onMessage(ReplicaFailed.class, this::replicaFailed)
                .onMessage(AskOffer.class, ask -> askOffer())
                .onMessage(Due.class, this::offer)
                .onMessage(Offered.class, this::offered)
                .onMessage(NothingDue.class, nothing -> askOffer())
                .onMessage(OfferFailed.class, this::offerFailed)
                .build();
    }

    private Behavior<Message> standing() {
        getContext()
                .pipeToSelf(
                        replica.ask(ReplicaEntity.Inspect::new, REPLICA_TIMEOUT),
                        (standing, failure) -> failure == null ? new Standing(standing) : new ReplicaFailed(failure));
        return this;
    }

    private Behavior<Message> poll(Standing message) {
        if (message.standing().isEmpty()) {
            return replicaFailed(new ReplicaFailed(new IllegalStateException("the replica is not enrolled")));
        }
        var at = message.standing().get();
        polledAfter = at.place();
        followed = at.staged().map(StagedVersion::schemas).orElse(at.schemas());
        var chain = at.staged().map(StagedVersion::chain).orElse(at.chain());
        var step = polledAfter.steps() > 0 ? "&step=" + polledAfter.steps() : "";
        var query = "/api/v1/catalogs/" + catalog + "/log?after=" + at.head() + step + "&chain=" + chain
                + "&limit=1000&wait=" + settings.pollWait().toSeconds();
        pipe(hq.get(query, settings.pollWait(), reports.headers(at, last)), Polled::new, PollFailed::new);
        return this;
    }

    private Behavior<Message> follow(Polled polled) {
        polled.answer().clockOffset().ifPresent(reports::measured);
        try {
            var fields = HqClient.fields(polled.answer());
            var history = fields.parsed("history", HistoryId::new);
            var schemas = followed;
            var entries = new ArrayList<LogEntry>();
            for (var node : fields.any("entries")) {
                var known = schemas;
                var entry = LogJson.read(
                        node, known.now(), changes -> known.after(changes).now());
                schemas = known.after(entry);
                entries.add(entry);
            }
            pipe(
                    replica.<ReplicaEntity.Outcome>ask(
                            replyTo -> new ReplicaEntity.Follow(history, entries, replyTo), REPLICA_TIMEOUT),
                    Followed::new,
                    ReplicaFailed::new);
        } catch (IllegalArgumentException e) {
            return diverged("HQ's log cannot be read: " + e.getMessage());
        }
        return this;
    }

    /// Where nothing came, HQ has held the poll; one that does not is not asked faster for it.
    private Behavior<Message> followed(Followed followed) {
        return switch (followed.outcome()) {
            case Applied(var place) -> {
                pollBackoff.reset();
                show(LinkState.REACHABLE);
                if (place.isAfter(polledAfter)) {
                    yield standing();
                }
                getContext().scheduleOnce(settings.backoffMin(), getContext().getSelf(), new Poll());
                yield this;
            }
            case NotApplied(var reason) -> diverged(reason);
        };
    }

    /// Nothing is applied until somebody mends it; the link looks again from time to time.
    private Behavior<Message> diverged(String reason) {
        if (!last.equals(Optional.of(LinkState.DIVERGED))) {
            getContext().getLog().error("link of catalog [{}]: HQ's log cannot be followed: {}", catalog, reason);
        }
        show(LinkState.DIVERGED);
        getContext().scheduleOnce(settings.backoffMax(), getContext().getSelf(), new Poll());
        return this;
    }

    private Behavior<Message> pollFailed(PollFailed failed) {
        var cause = HqClient.cause(failed.cause());
        if (cause instanceof Refused refused && refused.code().equals("diverged")) {
            return diverged(String.valueOf(refused.getMessage()));
        }
        var ended = cause instanceof Refused refused ? refused.ending() : Optional.<LinkState>empty();
        if (ended.isPresent()) { // it is for somebody at HQ to let this store in again
            show(ended.get());
            getContext().scheduleOnce(settings.backoffMax(), getContext().getSelf(), new Poll());
            return this;
        }
        if (!last.equals(Optional.of(LinkState.UNREACHABLE))) {
            getContext().getLog().warn("link of catalog [{}]: HQ is out of reach: {}", catalog, cause.toString());
        }
        show(LinkState.UNREACHABLE);
        getContext().scheduleOnce(pollBackoff.next(), getContext().getSelf(), new Poll());
        return this;
    }

    /// It says itself what is wrong with it, and at a stop nothing is. Of HQ nothing is known anew.
    private Behavior<Message> replicaFailed(ReplicaFailed failed) {
        getContext()
                .getLog()
                .debug(
                        "link of catalog [{}]: the replica did not answer: {}",
                        catalog,
                        failed.cause().toString());
        getContext().scheduleOnce(pollBackoff.next(), getContext().getSelf(), new Poll());
        return this;
    }

    private void show(LinkState next) {
        if (!last.equals(Optional.of(next))) {
            getContext().getLog().info("link of catalog [{}]: {}", catalog, next.wireName());
        }
        last = Optional.of(next);
        state.accept(next);
    }

    private Behavior<Message> askOffer() {
        var after = offeredUpTo;
        getContext()
                .pipeToSelf(
                        replica.<Offer>ask(
                                replyTo -> new ReplicaEntity.NextOffer(after, settings.batch(), replyTo), OFFER_WAIT),
                        (offer, failure) -> failure == null ? new Due(offer) : new NothingDue());
        return this;
    }

    private Behavior<Message> offer(Due due) {
        var body = Json.object()
                .put("catalog", catalog.text())
                .put("epoch", due.offer().epoch());
        var requests = body.putArray("requests");
        var size = 0;
        for (var request : due.offer().requests()) {
            var node = ChangeRequestJson.offer(request);
            size += Json.bytes(node).length;
            if (!requests.isEmpty() && size > OFFER_BYTES) {
                break;
            }
            requests.add(node);
        }
        pipe(
                hq.post("/api/v1/change-requests", body)
                        .thenApply(answer -> Fields.of(answer.body()).number("sequence")),
                Offered::new,
                OfferFailed::new);
        return this;
    }

    private Behavior<Message> offered(Offered offered) {
        if (offered.sequence() <= offeredUpTo) {
            return offerFailed(
                    new OfferFailed(new IllegalStateException("HQ recorded nothing of what was offered to it")));
        }
        offerBackoff.reset();
        refused = Optional.empty();
        offeredUpTo = offered.sequence();
        return askOffer();
    }

    private Behavior<Message> offerFailed(OfferFailed failed) {
        var cause = HqClient.cause(failed.cause());
        if (cause instanceof Refused no && no.code().equals("sequence_gap")) {
            offeredUpTo = no.number("sequence").orElse(0L);
        }
        var isUsual = cause instanceof IOException // that HQ is out of reach the other loop says
                || cause instanceof Refused no && no.code().equals("locked"); // a transaction is open
        if (!isUsual) {
            warnOnce(cause.toString());
        }
        getContext().scheduleOnce(offerBackoff.next(), getContext().getSelf(), new AskOffer());
        return this;
    }

    private void warnOnce(String reason) {
        if (!refused.equals(Optional.of(reason))) {
            getContext().getLog().warn("link of catalog [{}]: change requests do not reach HQ: {}", catalog, reason);
        }
        refused = Optional.of(reason);
    }

    private <T> void pipe(
            CompletionStage<T> stage, Function<T, Message> success, Function<Throwable, Message> failure) {
        getContext()
                .pipeToSelf(stage, (value, thrown) -> thrown == null ? success.apply(value) : failure.apply(thrown));
    }
}
