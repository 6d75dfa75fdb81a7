package dev.storemesh.node.link;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadedJson;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.replica.LoadPage;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Value.Moment;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
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
/// load:   in place of that, where the replica is new or wants another copy:
///         ask replica how far -> get the next page of HQ's state at one version -> replica journals -> … -> follow
/// offer:  replica says what is due (waits until something is) -> post to HQ -> what is due after that …
/// ```
public final class StoreLink extends AbstractBehavior<StoreLink.Message> {
    // Protocol

    public sealed interface Message {}

    private record Poll() implements Message {}

    private record Standing(Optional<LogStanding> standing, int queued) implements Message {}

    private record Polled(HqClient.Answer answer) implements Message {}

    private record Followed(ReplicaEntity.Outcome outcome) implements Message {}

    private record Paged(HqClient.Answer answer) implements Message {}

    private record PageTaken(ReplicaEntity.Outcome outcome) implements Message {}

    private record PageFailed(Throwable cause) implements Message {}

    private record PollFailed(Throwable cause) implements Message {}

    private record ReplicaFailed(Throwable cause) implements Message {}

    private record AskOffer() implements Message {}

    private record Due(Offer offer) implements Message {}

    private record Offered(long epoch, long sequence) implements Message {}

    private record Numbered(long epoch, Throwable refusal) implements Message {}

    private record NothingDue() implements Message {}

    private record OfferFailed(long epoch, Throwable cause) implements Message {}

    // Creation

    private static final Duration REPLICA_TIMEOUT = Duration.ofSeconds(20);
    /// The replica is asked anew after this time: one that restarted has forgotten the question.
    private static final Duration OFFER_WAIT = Duration.ofSeconds(20);
    /// What HQ says to who asks for a version that it does not have, or has no more.
    private static final Set<String> VERSION_GONE = Set.of("invalid_parameter", "below_floor");

    /// What the other loop tells of, and that a transaction is open.
    private static final Set<String> USUAL = Set.of("locked", "diverged");

    private static final int PAGE = 1_000; // objects of HQ's state at once
    private static final int OFFER_BYTES = 2 << 20; // below the least body that HQ takes

    private final CatalogId catalog;
    private final EntityRef<ReplicaEntity.Message> replica;
    private final HqClient hq;
    private final LinkSettings settings;
    private final Consumer<LinkState> state;
    private final LinkReports reports;
    private final Runnable reconnected;
    private final Cuts cuts;
    private final Backoff pollBackoff;
    private final Backoff offerBackoff;
    private Optional<LinkState> last = Optional.empty();
    private Optional<String> refused = Optional.empty(); // why HQ refused the last offer
    private boolean caughtUp; // there was no more in the last poll
    private LogPlace polledAfter = LogPlace.of(Version.NONE);
    private SchemaHistory followed = SchemaHistory.EMPTY; // by which what comes after it is read
    private Optional<LocationId> location = Optional.empty(); // of what HQ was asked for last; empty: all
    private boolean isNew; // nothing has come down yet
    private Optional<Load> load = Optional.empty(); // what the replica takes over
    private Position pagedAt = Position.START; // the replica's, when it was last given a page
    private boolean anew; // HQ cannot go on with what was begun
    private boolean tellsHistory = true; // an HQ of an older version does not know that field
    private long offeredIn; // the epoch of the next
    private long offeredUpTo; // known to be recorded at HQ; after a restart from 0, since HQ passes over what it has

    private StoreLink(
            ActorContext<Message> context,
            CatalogId catalog,
            EntityRef<ReplicaEntity.Message> replica,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            RandomGenerator random,
            LinkReports reports,
            Runnable reconnected) {
        super(context);
        this.reconnected = reconnected;
        this.cuts = new Cuts(settings.verifyAfter());
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

    /// Keeps a link going: one that a bug ended is followed, after a pause, by a new one, since all that must
    /// survive is in the replica. A new actor, so that no answer to the old one starts a second loop.
    ///
    /// @param reconnected run when HQ was out of reach for longer than `link.verify-after`, and all that it
    /// has is here
    static Behavior<Begin> kept(
            CatalogId catalog,
            EntityRef<ReplicaEntity.Message> replica,
            HqClient hq,
            LinkSettings settings,
            Consumer<LinkState> state,
            RandomGenerator random,
            LinkReports reports,
            Runnable reconnected) {
        return Behaviors.setup(context -> {
            context.getSelf().tell(new Begin());
            return Behaviors.receive(Begin.class)
                    .onMessage(Begin.class, begin -> {
                        context.watch(context.spawnAnonymous(
                                create(catalog, replica, hq, settings, state, random, reports, reconnected)));
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
            LinkReports reports,
            Runnable reconnected) {
        return Behaviors.setup(
                context -> new StoreLink(context, catalog, replica, hq, settings, state, random, reports, reconnected));
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Poll.class, poll -> standing())
                .onMessage(Standing.class, this::poll)
                .onMessage(Polled.class, this::follow)
                .onMessage(Followed.class, this::followed)
                .onMessage(Paged.class, this::page)
                .onMessage(PageTaken.class, this::pageTaken)
                .onMessage(PageFailed.class, this::pageFailed)
                .onMessage(PollFailed.class, this::pollFailed)
                .onMessage(ReplicaFailed.class, this::replicaFailed)
                .onMessage(AskOffer.class, ask -> askOffer())
                .onMessage(Due.class, this::offer)
                .onMessage(Offered.class, this::offered)
                .onMessage(Numbered.class, this::numbered)
                .onMessage(NothingDue.class, nothing -> askOffer())
                .onMessage(OfferFailed.class, this::offerFailed)
                .build();
    }

    private Behavior<Message> standing() {
        getContext()
                .pipeToSelf(
                        replica.<Optional<LogStanding>>ask(ReplicaEntity.Inspect::new, REPLICA_TIMEOUT)
                                .thenCombine(
                                        replica.<Integer>ask(ReplicaEntity.CountQueued::new, REPLICA_TIMEOUT),
                                        Standing::new),
                        (standing, failure) -> failure == null ? standing : new ReplicaFailed(failure));
        return this;
    }

    private Behavior<Message> poll(Standing message) {
        if (message.standing().isEmpty()) {
            return replicaFailed(new ReplicaFailed(new IllegalStateException("the replica is not enrolled")));
        }
        var at = message.standing().get();
        if (at.load().isPresent()) {
            load = at.load();
            if (pagedAt.equals(at.position())) { // the page was not the one that was due
                pagedAt = Position.START;
                getContext().scheduleOnce(settings.backoffMin(), getContext().getSelf(), new Poll());
                return this;
            }
            pagedAt = at.position();
            return askPage();
        }
        isNew = at.place().equals(LogPlace.of(Version.NONE)) && at.floor().isEmpty();
        polledAfter = at.place();
        followed = at.staged().map(StagedVersion::schemas).orElse(at.schemas());
        var chain = at.staged().map(StagedVersion::chain).orElse(at.chain());
        var step = polledAfter.steps() > 0 ? "&step=" + polledAfter.steps() : "";
        location = at.location();
        var query = "/api/v1/catalogs/" + catalog + "/log?after=" + at.head() + step + "&chain=" + chain
                + scope(location) + "&limit=1000&wait=" + settings.pollWait().toSeconds();
        pipe(
                hq.get(query, settings.pollWait(), reports.headers(at.head(), message.queued(), last)),
                Polled::new,
                PollFailed::new);
        return this;
    }

    private static String scope(Optional<LocationId> location) {
        return location.map(place -> "&location=" + URLEncoder.encode(place.text(), UTF_8))
                .orElse("");
    }

    /// The location that an answer is limited to, as HQ says: one that knows of no scopes would send all.
    private static Optional<LocationId> checkedScope(Fields fields, Optional<LocationId> asked) {
        var told = fields.optional("scope").map(scope -> Fields.of(scope).parsed("location", LocationId::new));
        if (!told.equals(asked)) {
            throw new IllegalArgumentException(
                    "scope: " + told.map(LocationId::text).orElse("all") + " (expected: "
                            + asked.map(LocationId::text).orElse("all") + ")");
        }
        return told;
    }

    private Behavior<Message> follow(Polled polled) {
        polled.answer().clockOffset().ifPresent(reports::measured);
        try {
            var fields = HqClient.fields(polled.answer());
            var history = fields.parsed("history", HistoryId::new);
            var scope = checkedScope(fields, location);
            var isRestored = fields.optionalText("origin").isPresent(); // its chain does not begin in this history
            if (isNew && (isRestored || fields.number("version") > settings.loadBeyond())) {
                load = Optional.empty();
                return askPage();
            }
            caughtUp = !fields.flag("more", false);
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
                            replyTo -> new ReplicaEntity.Follow(history, entries, scope, replyTo), REPLICA_TIMEOUT),
                    Followed::new,
                    ReplicaFailed::new);
        } catch (IllegalArgumentException e) {
            return unreadable("HQ's log cannot be read: " + e.getMessage());
        }
        return this;
    }

    /// Where nothing came, HQ has held the poll; one that does not is not asked faster for it.
    private Behavior<Message> followed(Followed followed) {
        return switch (followed.outcome()) {
            case Applied(var place) -> {
                pollBackoff.reset();
                show(LinkState.REACHABLE);
                if (caughtUp && cuts.isOver(reports.now())) {
                    reconnected.run();
                }
                if (place.isAfter(polledAfter)) {
                    yield standing();
                }
                getContext().scheduleOnce(settings.backoffMin(), getContext().getSelf(), new Poll());
                yield this;
            }
            case NotApplied(var reason) -> diverged(reason);
        };
    }

    /// The page after those that are here, or the first of the newest version.
    private Behavior<Message> askPage() {
        var begun = load.flatMap(Load::begun).filter(known -> !anew);
        location = load.map(Load::location).orElse(location);
        var query = "/api/v1/catalogs/" + catalog + "/snapshot?limit=" + PAGE + scope(location)
                + begun.map(known -> "&version=" + known.floor().version()
                                + known.after()
                                        .map(token -> "&last=" + URLEncoder.encode(token.text(), UTF_8))
                                        .orElse(""))
                        .orElse("");
        pipe(hq.get(query, Duration.ZERO), Paged::new, PageFailed::new);
        return this;
    }

    private Behavior<Message> page(Paged paged) {
        paged.answer().clockOffset().ifPresent(reports::measured);
        try {
            var page = page(
                    HqClient.fields(paged.answer()), load.flatMap(Load::begun).filter(known -> !anew));
            if (isOfAnotherHistory(page)) {
                anew = true;
                return askPage();
            }
            pipe(
                    replica.<ReplicaEntity.Outcome>ask(
                            replyTo -> new ReplicaEntity.Load(page, replyTo), REPLICA_TIMEOUT),
                    PageTaken::new,
                    ReplicaFailed::new);
        } catch (IllegalArgumentException e) {
            return unreadable("HQ's state cannot be read: " + e.getMessage());
        }
        return this;
    }

    /// HQ was restored since the copy was begun: that one cannot be had any more.
    private boolean isOfAnotherHistory(LoadPage page) {
        return page.after().isPresent()
                && load.flatMap(Load::begun)
                        .filter(begun -> !begun.history().equals(page.history()))
                        .isPresent();
    }

    /// Objects of the schema come first: what the values of the others mean they say.
    private LoadPage page(Fields fields, Optional<Load.Begun> begun) {
        var version = new Version(fields.number("version"));
        var nodes = fields.list("objects", (node, pointer) -> node);
        var ofSchema = nodes.stream()
                .filter(LoadedJson::isOfSchema)
                .map(node -> LoadedJson.read(node, StandardSchema.SCHEMA))
                .toList();
        var schema = SchemaHistory.of(
                        Stream.concat(begun.stream().flatMap(known -> known.schema().stream()), ofSchema.stream())
                                .map(LoadedObject::held)
                                .toList())
                .now();
        var after = begun.flatMap(Load.Begun::after);
        return new LoadPage(
                fields.parsed("history", HistoryId::new),
                version,
                after.isPresent()
                        ? Optional.empty()
                        : Optional.of(new Floor(
                                version, fields.parsed("chain", ChainHash::new), fields.parsed("at", Moment::parse))),
                after,
                nodes.stream().map(node -> LoadedJson.read(node, schema)).toList(),
                fields.flag("more", false),
                checkedScope(fields, location));
    }

    private Behavior<Message> pageTaken(PageTaken taken) {
        return switch (taken.outcome()) {
            case Applied applied -> {
                anew = false;
                pollBackoff.reset();
                show(LinkState.REACHABLE);
                yield standing();
            }
            case NotApplied(var reason) -> diverged(reason);
        };
    }

    /// Where HQ says no to a page, but not to the store: the version that was begun is not there any more.
    private Behavior<Message> pageFailed(PageFailed failed) {
        var cause = HqClient.cause(failed.cause());
        if (cause instanceof Refused refused && VERSION_GONE.contains(refused.code())) {
            anew = true;
        }
        return pollFailed(new PollFailed(failed.cause()));
    }

    private Behavior<Message> diverged(String reason) {
        return stopped(
                reason + "; HQ was restored from an older copy, or is another one: where that is as it should be,"
                        + " `storemesh store resync` at this store takes HQ's state over and keeps what waits here");
    }

    /// A newer program may have written it.
    private Behavior<Message> unreadable(String reason) {
        return stopped(reason);
    }

    /// Nothing is applied until somebody mends it; the link looks again from time to time.
    private Behavior<Message> stopped(String reason) {
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
        cuts.lost(reports.now());
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
        var epoch = offeredIn;
        var after = offeredUpTo;
        getContext()
                .pipeToSelf(
                        replica.<Offer>ask(
                                replyTo -> new ReplicaEntity.NextOffer(epoch, after, settings.batch(), replyTo),
                                OFFER_WAIT),
                        (offer, failure) -> failure == null ? new Due(offer) : new NothingDue());
        return this;
    }

    private Behavior<Message> offer(Due due) {
        var epoch = due.offer().epoch();
        if (epoch != offeredIn) { // the store numbers them anew
            offeredIn = epoch;
            offeredUpTo = 0;
        }
        var body = Json.object().put("catalog", catalog.text()).put("epoch", epoch);
        if (tellsHistory) {
            body.put("history", due.offer().history().text());
        }
        var requests = body.putArray("requests");
        var size = 0;
        var sent = 0L;
        for (var request : due.offer().requests()) {
            var node = ChangeRequestJson.offer(request);
            size += Json.bytes(node).length;
            if (!requests.isEmpty() && size > OFFER_BYTES) {
                break;
            }
            requests.add(node);
            sent = request.sequence();
        }
        var last = sent; // under later numbers HQ may know others, which a restored store has forgotten
        pipe(
                hq.post("/api/v1/change-requests", body)
                        .thenApply(answer -> Math.min(Fields.of(answer.body()).number("sequence"), last)),
                sequence -> new Offered(epoch, sequence),
                failure -> new OfferFailed(epoch, failure));
        return this;
    }

    private Behavior<Message> offered(Offered offered) {
        if (offered.sequence() <= offeredUpTo) {
            return offerFailed(new OfferFailed(
                    offered.epoch(), new IllegalStateException("HQ recorded nothing of what was offered to it")));
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
            return openEpoch(no, failed.epoch(), failed.epoch(), no.number("sequence"));
        }
        if (cause instanceof Refused no
                && no.code().equals("stale_epoch")
                && no.number("epoch").isPresent()) {
            return openEpoch(no, failed.epoch(), no.number("epoch").get(), Optional.empty());
        }
        if (tellsHistory && cause instanceof Refused no && no.code().equals("unknown_field")) {
            tellsHistory = false;
            return askOffer();
        }
        var isUsual = cause instanceof IOException // that HQ is out of reach the other loop says
                || cause instanceof Refused no && USUAL.contains(no.code());
        if (!isUsual) {
            warnOnce(cause.toString());
        }
        return offerLater();
    }

    private Behavior<Message> offerLater() {
        getContext().scheduleOnce(offerBackoff.next(), getContext().getSelf(), new AskOffer());
        return this;
    }

    /// The replica decides whether its requests have to be numbered anew. However often HQ refuses that, there is a
    /// pause before the next.
    /// The replica decides whether its requests have to be numbered anew. However often HQ refuses them, there is a
    /// pause before the next.
    private Behavior<Message> openEpoch(Refused refusal, long offered, long known, Optional<Long> gapAfter) {
        getContext()
                .pipeToSelf(
                        replica.<Long>ask(
                                replyTo -> new ReplicaEntity.OpenEpoch(offered, known, gapAfter, replyTo),
                                REPLICA_TIMEOUT),
                        (epoch, failure) -> new Numbered(failure == null ? epoch : offered, refusal));
        return this;
    }

    private Behavior<Message> numbered(Numbered numbered) {
        if (numbered.epoch() == offeredIn) {
            warnOnce(numbered.refusal().toString());
        }
        return offerLater();
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
