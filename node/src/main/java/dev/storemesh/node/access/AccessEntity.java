package dev.storemesh.node.access;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.Access.Standing;
import dev.storemesh.protocol.access.AccessDecider;
import dev.storemesh.protocol.access.AccessDecider.ClaimOutcome;
import dev.storemesh.protocol.access.AccessDecider.EnrolOutcome;
import dev.storemesh.protocol.access.AccessDecider.Enrolled;
import dev.storemesh.protocol.access.AccessDecider.IssueOutcome;
import dev.storemesh.protocol.access.AccessDecider.NewClaim;
import dev.storemesh.protocol.access.AccessDecider.NewOrder;
import dev.storemesh.protocol.access.AccessDecider.OrderOutcome;
import dev.storemesh.protocol.access.AccessDecider.StandingChanged;
import dev.storemesh.protocol.access.AccessDecider.StandingOutcome;
import dev.storemesh.protocol.access.AccessDecider.TokenMade;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.access.AccessEvent.SiteOpened;
import dev.storemesh.protocol.access.AccessEvent.StaffReceived;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.access.AccessEvent.VerificationOrdered;
import dev.storemesh.protocol.access.AccessPort.StaffNews;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.VerifySchedule;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/// The single writer of a site's tokens, stores and namespaces; one per site. [AccessDecider] decides. Knows hashes
/// of secrets alone. At HQ the links of stores wait here for what changes about their staff; at a store HQ's
/// answers are journaled here before they count.
public final class AccessEntity extends EventSourcedBehavior<AccessEntity.Message, AccessEvent, Access> {
    // Protocol

    public sealed interface Message {}

    /// Makes the site's page key and operator token, unless that was done; an operator token that is not known yet
    /// (its file was lost, and made anew) is taken as one more. Answered when it is journaled.
    public record Open(String pageKey, TokenIssued operator, ActorRef<Access> replyTo) implements Message {}

    /// Who presents this secret? The first use of a store's credential is journaled before it is answered.
    public record Authenticate(SecretHash secret, ActorRef<Authentication> replyTo) implements Message {}

    /// Journal this new token. Answered when it is, or with why not. `site`: the store that this is; empty: HQ.
    public record Issue(TokenIssued token, Optional<StoreId> site, ActorRef<IssueOutcome> replyTo) implements Message {}

    /// Ends a token. Answered when it is journaled; false: there is none.
    public record Revoke(String id, ActorRef<Boolean> replyTo) implements Message {}

    /// Journal this invitation. Answered when it is; false: the store is one of another catalog.
    public record Invite(StoreInvited invitation, ActorRef<Boolean> replyTo) implements Message {}

    /// Trade a join token for this credential. Answered when it is journaled, or with why not.
    public record Enrol(SecretHash joinToken, String node, SecretHash credential, ActorRef<EnrolOutcome> replyTo)
            implements Message {}

    /// Give a namespace to an app. Answered when it is journaled, or with why not.
    public record Claim(Namespace namespace, AppName app, ActorRef<ClaimOutcome> replyTo) implements Message {}

    /// Let a store's link in, or not. Answered when it is journaled, or with why not.
    public record Change(StoreId store, Standing standing, ActorRef<StandingOutcome> replyTo) implements Message {}

    /// Let a store have this credential after its present one. Answered when it is journaled; false: it is not
    /// let in.
    public record Renew(StoreId store, SecretHash credential, ActorRef<Boolean> replyTo) implements Message {}

    /// The tokens of a store. Answered at once where they are others than those of the version `known`, or
    /// where another
    /// order stands than `order` (empty: the store takes none), and else when that is so, when the store's
    /// standing changes, or when the patience is over.
    public record FollowStaff(
            StoreId store, String known, Optional<String> order, Duration patience, ActorRef<StaffNews> replyTo)
            implements Message {}

    /// Order a store to hold its copy against HQ's. Answered when it is journaled, or with why not.
    public record Verify(StoreId store, VerificationOrder order, ActorRef<OrderOutcome> replyTo) implements Message {}

    /// Keep what a store says came of it. Answered when it is journaled; false: it was known.
    public record Keep(StoreId store, Verification verification, ActorRef<Boolean> replyTo) implements Message {}

    private record Look() implements Message {}

    private record PatienceOver(long follower) implements Message {}

    /// At a store: HQ tells of these tokens. Answered when they are journaled; false: they are the known ones.
    public record HearStaff(StaffList list, ActorRef<Boolean> replyTo) implements Message {}

    /// Answered at once.
    public record Inspect(ActorRef<Access> replyTo) implements Message {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY = EntityTypeKey.create(Message.class, "access");
    /// There is one for the whole site.
    public static final String ID = "site";

    private static final int SNAPSHOT_EVERY = 200;
    private static final int MAX_FOLLOWERS = 10_000;
    /// That nothing has changed is journaled so often in the time that staff may go on without HQ, and each hour.
    private static final int CONFIRMATIONS = 20;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    /// When stores are verified, and where the ids of the orders come from.
    record Nights(VerifySchedule schedule, Supplier<String> ids) {}

    private static final Duration HOUR = Duration.ofHours(1);
    private final ActorContext<Message> context;
    private final Duration staffAge;
    private final Optional<Nights> nights;
    private final InstantSource clock;
    private final Map<Long, FollowStaff> followers = new HashMap<>(); // they ask again if they are forgotten
    private long nextFollower;

    private AccessEntity(
            ActorContext<Message> context, Duration staffAge, InstantSource clock, Optional<Nights> nights) {
        super(
                PersistenceId.of(TYPE_KEY.name(), ID),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.context = context;
        this.staffAge = staffAge;
        this.nights = nights;
        nights.ifPresent(any -> context.scheduleOnce(LOOK_EVERY, context.getSelf(), new Look()));
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS); // what rows can hold
    }

    /// The access of a site.
    ///
    /// @param staffAge how long what HQ issued holds at a store that does not hear from it
    public static Behavior<Message> create(Duration staffAge, InstantSource clock) {
        return Behaviors.setup(context -> new AccessEntity(context, staffAge, clock, Optional.empty()));
    }

    /// The access of HQ, which has its stores verified by a schedule.
    static Behavior<Message> create(Duration staffAge, InstantSource clock, Nights nights) {
        return Behaviors.setup(context -> new AccessEntity(context, staffAge, clock, Optional.of(nights)));
    }

    // Behavior

    @Override
    public Access emptyState() {
        return Access.NEW;
    }

    @Override
    public EventHandler<Access, AccessEvent> eventHandler() {
        return AccessDecider::evolve;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
    }

    @Override
    public CommandHandler<Message, AccessEvent, Access> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Open.class, this::open)
                .onCommand(Authenticate.class, this::authenticate)
                .onCommand(Issue.class, this::issue)
                .onCommand(Revoke.class, this::revoke)
                .onCommand(Invite.class, this::invite)
                .onCommand(Enrol.class, this::enrol)
                .onCommand(Claim.class, this::claim)
                .onCommand(Change.class, this::change)
                .onCommand(Renew.class, this::renew)
                .onCommand(FollowStaff.class, this::followStaff)
                .onCommand(PatienceOver.class, this::patienceOver)
                .onCommand(HearStaff.class, this::hearStaff)
                .onCommand(Verify.class, this::verify)
                .onCommand(Keep.class, this::keep)
                .onCommand(Look.class, (access, look) -> look(access))
                .onCommand(Inspect.class, (access, inspect) -> Effect().reply(inspect.replyTo(), access))
                .build();
    }

    private Effect<AccessEvent, Access> open(Access access, Open open) {
        var events = new ArrayList<AccessEvent>();
        if (access.pageKey().isEmpty()) {
            events.add(new SiteOpened(clock.instant(), open.pageKey()));
        }
        var isKnown = access.tokens().values().stream()
                .anyMatch(token -> token.secret().equals(open.operator().secret()));
        if (!isKnown) {
            events.add(open.operator());
        }
        return events.isEmpty()
                ? Effect().reply(open.replyTo(), access)
                : Effect().persist(events).thenReply(open.replyTo(), opened -> opened);
    }

    private Effect<AccessEvent, Access> authenticate(Access access, Authenticate authenticate) {
        var now = clock.instant();
        var found = AccessDecider.authenticate(access, authenticate.secret(), now, staffAge);
        var firstUse = found.known()
                .filter(Principal::isLink)
                .flatMap(Principal::store)
                .flatMap(store -> AccessDecider.firstUse(access, store, authenticate.secret(), now));
        return firstUse.isPresent()
                ? Effect().persist(firstUse.get()).thenReply(authenticate.replyTo(), used -> found)
                : Effect().reply(authenticate.replyTo(), found);
    }

    private Effect<AccessEvent, Access> issue(Access access, Issue issue) {
        var outcome = AccessDecider.issue(access, issue.token(), issue.site(), clock.instant());
        return outcome instanceof TokenMade(var event)
                ? Effect()
                        .persist(event)
                        .thenRun(issued -> tellFollowers(issued, event.store()))
                        .thenReply(issue.replyTo(), issued -> outcome)
                : Effect().reply(issue.replyTo(), outcome);
    }

    private Effect<AccessEvent, Access> revoke(Access access, Revoke revoke) {
        var token = Optional.ofNullable(access.tokens().get(revoke.id()));
        if (token.isEmpty() || token.get().revoked()) {
            return Effect().reply(revoke.replyTo(), token.isPresent());
        }
        return Effect()
                .persist(new TokenRevoked(clock.instant(), revoke.id()))
                .thenRun(revoked -> tellFollowers(revoked, token.get().store()))
                .thenReply(revoke.replyTo(), revoked -> true);
    }

    private Effect<AccessEvent, Access> change(Access access, Change change) {
        var outcome = AccessDecider.change(access, change.store(), change.standing(), clock.instant());
        return outcome instanceof StandingChanged(var event)
                ? Effect()
                        .persist(event)
                        .thenRun(changed -> tellFollowers(changed, Optional.of(change.store())))
                        .thenReply(change.replyTo(), changed -> outcome)
                : Effect().reply(change.replyTo(), outcome);
    }

    private Effect<AccessEvent, Access> renew(Access access, Renew renew) {
        var event = AccessDecider.renew(access, renew.store(), renew.credential(), clock.instant());
        return event.isPresent()
                ? Effect().persist(event.get()).thenReply(renew.replyTo(), renewed -> true)
                : Effect().reply(renew.replyTo(), false);
    }

    private Effect<AccessEvent, Access> followStaff(Access access, FollowStaff follow) {
        var news = news(access, follow);
        if (!news.list().version().equals(follow.known())
                || news.order().isPresent()
                || follow.patience().isZero()
                || followers.size() >= MAX_FOLLOWERS) {
            return Effect().reply(follow.replyTo(), news);
        }
        var follower = nextFollower++;
        followers.put(follower, follow);
        context.scheduleOnce(follow.patience(), context.getSelf(), new PatienceOver(follower));
        return Effect().none();
    }

    private Effect<AccessEvent, Access> patienceOver(Access access, PatienceOver over) {
        Optional.ofNullable(followers.remove(over.follower())).ifPresent(follower -> tell(access, follower));
        return Effect().none();
    }

    private void tellFollowers(Access access, Optional<StoreId> changed) {
        changed.ifPresent(store -> followers.values().removeIf(follower -> {
            var isConcerned = follower.store().equals(store);
            if (isConcerned) {
                tell(access, follower);
            }
            return isConcerned;
        }));
    }

    private void tell(Access access, FollowStaff follower) {
        follower.replyTo().tell(news(access, follower));
    }

    private StaffNews news(Access access, FollowStaff follower) {
        return new StaffNews(
                StaffList.of(access, follower.store(), clock.instant()),
                follower.order()
                        .flatMap(known -> access.verifications(follower.store())
                                .order()
                                .filter(order -> !order.id().equals(known))));
    }

    private Effect<AccessEvent, Access> verify(Access access, Verify verify) {
        var outcome = AccessDecider.order(access, verify.store(), verify.order());
        return outcome instanceof NewOrder(var event)
                ? Effect()
                        .persist(event)
                        .thenRun(ordered -> tellFollowers(ordered, Optional.of(verify.store())))
                        .thenReply(verify.replyTo(), ordered -> outcome)
                : Effect().reply(verify.replyTo(), outcome);
    }

    private Effect<AccessEvent, Access> keep(Access access, Keep keep) {
        var event = AccessDecider.keep(access, keep.store(), keep.verification(), clock.instant());
        if (event.isEmpty()) {
            return Effect().reply(keep.replyTo(), false);
        }
        warnOf(keep);
        return Effect().persist(event.get()).thenReply(keep.replyTo(), kept -> true);
    }

    private void warnOf(Keep keep) {
        if (keep.verification().outcome() instanceof Verification.Different different) {
            context.getLog()
                    .warn(
                            "store [{}] version [{}]: its copy differs from what is here, in {}{} objects",
                            keep.store(),
                            different.version(),
                            different.more() ? "more than " : "",
                            different.objects().size());
        }
    }

    /// Whom the night has come for.
    private Effect<AccessEvent, Access> look(Access access) {
        var now = clock.instant();
        context.scheduleOnce(LOOK_EVERY, context.getSelf(), new Look());
        var orders = nights.stream()
                .flatMap(night -> AccessDecider.due(access, night.schedule(), now).stream()
                        .<AccessEvent>map(store -> new VerificationOrdered(
                                store, new VerificationOrder(night.ids().get(), Cause.NIGHTLY, false, now))))
                .toList();
        return orders.isEmpty()
                ? Effect().none()
                : Effect()
                        .persist(orders)
                        .thenRun(ordered -> orders.forEach(event -> {
                            if (event instanceof VerificationOrdered(var store, var order)) {
                                tellFollowers(ordered, Optional.of(store));
                            }
                        }));
    }

    private Effect<AccessEvent, Access> hearStaff(Access access, HearStaff hear) {
        var often = staffAge.dividedBy(CONFIRMATIONS);
        var event = AccessDecider.hear(access, hear.list(), clock.instant(), often.compareTo(HOUR) < 0 ? often : HOUR);
        return event.isPresent()
                ? Effect().persist(event.get()).thenReply(hear.replyTo(), heard -> event.get() instanceof StaffReceived)
                : Effect().reply(hear.replyTo(), false);
    }

    private Effect<AccessEvent, Access> invite(Access access, Invite invite) {
        return AccessDecider.mayInvite(access, invite.invitation())
                ? Effect().persist(invite.invitation()).thenReply(invite.replyTo(), invited -> true)
                : Effect().reply(invite.replyTo(), false);
    }

    private Effect<AccessEvent, Access> enrol(Access access, Enrol enrol) {
        var outcome = AccessDecider.enrol(access, enrol.joinToken(), enrol.node(), enrol.credential(), clock.instant());
        return outcome instanceof Enrolled(var event, var store)
                ? Effect().persist(event).thenReply(enrol.replyTo(), enrolled -> outcome)
                : Effect().reply(enrol.replyTo(), outcome);
    }

    private Effect<AccessEvent, Access> claim(Access access, Claim claim) {
        var outcome = AccessDecider.claim(access, claim.namespace(), claim.app(), clock.instant());
        return outcome instanceof NewClaim(var event)
                ? Effect().persist(event).thenReply(claim.replyTo(), claimed -> outcome)
                : Effect().reply(claim.replyTo(), outcome);
    }
}
