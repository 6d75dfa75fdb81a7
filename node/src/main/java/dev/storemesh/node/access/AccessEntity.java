package dev.storemesh.node.access;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessDecider;
import dev.storemesh.protocol.access.AccessDecider.ClaimOutcome;
import dev.storemesh.protocol.access.AccessDecider.EnrolOutcome;
import dev.storemesh.protocol.access.AccessDecider.Enrolled;
import dev.storemesh.protocol.access.AccessDecider.NewClaim;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.access.AccessEvent.SiteOpened;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespace;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/// The single writer of a site's tokens, stores and namespaces; one per site. [AccessDecider] decides. Knows hashes
/// of secrets
/// alone.
public final class AccessEntity extends EventSourcedBehavior<AccessEntity.Message, AccessEvent, Access> {
    // Protocol

    public sealed interface Message {}

    /// Makes the site's page key and operator token, unless that was done; an operator token that is not known yet
    /// (its file was lost, and made anew) is taken as one more. Answered when it is journaled.
    public record Open(String pageKey, TokenIssued operator, ActorRef<Access> replyTo) implements Message {}

    /// Who presents this secret? The first use of a store's credential is journaled before it is answered.
    public record Authenticate(SecretHash secret, ActorRef<Optional<Principal>> replyTo) implements Message {}

    /// Journal this new token. Answered when it is.
    public record Issue(TokenIssued token, ActorRef<Access.Token> replyTo) implements Message {}

    /// Ends a token. Answered when it is journaled; false: there is none.
    public record Revoke(String id, ActorRef<Boolean> replyTo) implements Message {}

    /// Journal this invitation. Answered when it is; false: the store is one of another catalog.
    public record Invite(StoreInvited invitation, ActorRef<Boolean> replyTo) implements Message {}

    /// Trade a join token for this credential. Answered when it is journaled, or with why not.
    public record Enrol(SecretHash joinToken, String node, SecretHash credential, ActorRef<EnrolOutcome> replyTo)
            implements Message {}

    /// Give a namespace to an app. Answered when it is journaled, or with why not.
    public record Claim(Namespace namespace, AppName app, ActorRef<ClaimOutcome> replyTo) implements Message {}

    /// Answered at once.
    public record Inspect(ActorRef<Access> replyTo) implements Message {}

    // Creation

    public static final EntityTypeKey<Message> TYPE_KEY = EntityTypeKey.create(Message.class, "access");
    /// There is one for the whole site.
    public static final String ID = "site";

    private static final int SNAPSHOT_EVERY = 200;
    private final InstantSource clock;

    private AccessEntity(InstantSource clock) {
        super(
                PersistenceId.of(TYPE_KEY.name(), ID),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS); // what rows can hold
    }

    public static Behavior<Message> create(InstantSource clock) {
        return Behaviors.setup(context -> new AccessEntity(clock));
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
        var principal = AccessDecider.authenticate(access, authenticate.secret(), now);
        var firstUse = principal.flatMap(Principal::store).flatMap(store -> AccessDecider.firstUse(access, store, now));
        return firstUse.isPresent()
                ? Effect().persist(firstUse.get()).thenReply(authenticate.replyTo(), used -> principal)
                : Effect().reply(authenticate.replyTo(), principal);
    }

    private Effect<AccessEvent, Access> issue(Access access, Issue issue) {
        return Effect()
                .persist(issue.token())
                .thenReply(
                        issue.replyTo(),
                        issued -> new Access.Token(
                                issue.token().id(),
                                issue.token().name(),
                                issue.token().role(),
                                issue.token().catalog(),
                                issue.token().app(),
                                issue.token().secret(),
                                issue.token().at(),
                                issue.token().expiresAt(),
                                false));
    }

    private Effect<AccessEvent, Access> revoke(Access access, Revoke revoke) {
        var token = Optional.ofNullable(access.tokens().get(revoke.id()));
        if (token.isEmpty() || token.get().revoked()) {
            return Effect().reply(revoke.replyTo(), token.isPresent());
        }
        return Effect()
                .persist(new TokenRevoked(clock.instant(), revoke.id()))
                .thenReply(revoke.replyTo(), revoked -> true);
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
