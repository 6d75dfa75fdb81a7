package dev.storemesh.node.access;

import dev.storemesh.node.catalog.Standings;
import dev.storemesh.node.cluster.Questions;
import dev.storemesh.node.site.AccessSettings;
import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessDecider;
import dev.storemesh.protocol.access.AccessDecider.ClaimOutcome;
import dev.storemesh.protocol.access.AccessDecider.ClaimReserved;
import dev.storemesh.protocol.access.AccessDecider.ClaimStands;
import dev.storemesh.protocol.access.AccessDecider.ClaimTaken;
import dev.storemesh.protocol.access.AccessDecider.EnrolOutcome;
import dev.storemesh.protocol.access.AccessDecider.Enrolled;
import dev.storemesh.protocol.access.AccessDecider.IssueOutcome;
import dev.storemesh.protocol.access.AccessDecider.JoinTokenUsed;
import dev.storemesh.protocol.access.AccessDecider.NewClaim;
import dev.storemesh.protocol.access.AccessDecider.NewOrder;
import dev.storemesh.protocol.access.AccessDecider.NoRoomForToken;
import dev.storemesh.protocol.access.AccessDecider.NoStoreForToken;
import dev.storemesh.protocol.access.AccessDecider.NoSuchStore;
import dev.storemesh.protocol.access.AccessDecider.NobodyToOrder;
import dev.storemesh.protocol.access.AccessDecider.NotInvited;
import dev.storemesh.protocol.access.AccessDecider.OrderOutcome;
import dev.storemesh.protocol.access.AccessDecider.OrderStands;
import dev.storemesh.protocol.access.AccessDecider.StandingChanged;
import dev.storemesh.protocol.access.AccessDecider.StandingOutcome;
import dev.storemesh.protocol.access.AccessDecider.StandingStands;
import dev.storemesh.protocol.access.AccessDecider.StoreGone;
import dev.storemesh.protocol.access.AccessDecider.TokenMade;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.VerifySchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.japi.function.Function;

/// The tokens, stores and namespaces of a site. Makes secrets, and hands the entity their hashes. A secret that was
/// good is taken for good again for a moment, so that not every request asks the entity; a revocation at this
/// node ends that at once. The namespaces are kept in the same way, since every write of a schema asks for them.
public final class SiteAccess implements AccessPort {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /// Of [#TIMEOUT], so many tries.
    private static final int TRIES = 10;

    private static final Duration OPENING = Duration.ofSeconds(60); // while the cluster comes up
    private static final int MAX_CACHED = 10_000;
    private static final Duration CONTACTS_APART = Duration.ofSeconds(1);
    private static final Duration FLEET_TIMEOUT = Duration.ofSeconds(3);
    private final EntityRef<AccessEntity.Message> entity;
    private final Optional<Standings> catalogs;
    private final Optional<StoreId> store;
    private final AccessSettings settings;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Secrets secrets;
    private final Map<SecretHash, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong endings = new AtomicLong(); // what was found good before one is not kept after it
    private final Optional<EntityRef<FleetEntity.Message>> fleet; // at HQ
    private final Map<StoreId, Instant> lastContacts = new ConcurrentHashMap<>(); // that the fleet was told of

    private final AtomicReference<Optional<Claims>> claims = new AtomicReference<>(Optional.empty());

    private record Known(Authentication.Known answer, Instant until) {}

    private record Claims(Namespaces namespaces, Instant until) {
        /// Nobody gives a namespace back: of two, the larger is the younger.
        static Claims younger(Claims one, Claims other) {
            return one.namespaces().claims().size()
                            > other.namespaces().claims().size()
                    ? one
                    : other;
        }
    }

    /// Starts the entity.
    ///
    /// @param catalogs those of HQ; empty: this site is no HQ and has no stores
    /// @param store the one that this site is
    /// @param nights when HQ has its stores verified
    public SiteAccess(
            ActorSystem<?> system,
            Optional<Standings> catalogs,
            Optional<StoreId> store,
            AccessSettings settings,
            Optional<VerifySchedule> nights,
            InstantSource clock,
            RandomGenerator random,
            Secrets secrets) {
        var sharding = ClusterSharding.get(system);
        var night = nights.filter(any -> catalogs.isPresent())
                .map(schedule -> new AccessEntity.Nights(schedule, () -> Ulid.make(clock.instant(), random)));
        sharding.init(Entity.of(
                AccessEntity.TYPE_KEY,
                context -> night.map(when -> AccessEntity.create(settings.staffAge(), clock, when))
                        .orElseGet(() -> AccessEntity.create(settings.staffAge(), clock))));
        this.entity = sharding.entityRefFor(AccessEntity.TYPE_KEY, AccessEntity.ID);
        this.fleet = catalogs.map(own -> FleetEntity.start(sharding, clock));
        this.catalogs = catalogs;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.secrets = secrets;
    }

    /// At the first start, journals the site's page key; and the operator token, where it is new. Answers what
    /// stands.
    public CompletionStage<Access> open(String operatorToken) {
        var operator = issued(
                new NewToken(
                        "operator",
                        Role.OPERATOR,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                operatorToken);
        var asked = clock.instant();
        return entity.<Access>ask(replyTo -> new AccessEntity.Open(secrets.key(), operator, replyTo), OPENING)
                .thenApply(access -> {
                    remember(access.namespaces(), asked);
                    return access;
                });
    }

    private TokenIssued issued(NewToken asked, String secret) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new TokenIssued(
                now,
                Ulid.make(now, random),
                asked.name(),
                asked.role(),
                asked.catalog(),
                asked.app(),
                asked.store(),
                SecretHash.of(secret),
                asked.valid().map(now::plus));
    }

    @Override
    public CompletionStage<Authentication> authenticate(String secret) {
        var hash = SecretHash.of(secret);
        var now = clock.instant();
        var endingsBefore = endings.get();
        var cached = Optional.ofNullable(known.get(hash)).filter(entry -> now.isBefore(entry.until()));
        var answer = cached.isPresent()
                ? CompletableFuture.<Authentication>completedFuture(cached.get().answer())
                : this.<Authentication>question(replyTo -> new AccessEntity.Authenticate(hash, replyTo))
                        .whenComplete((found, failure) -> {
                            if (failure == null) {
                                remember(hash, found, now, endingsBefore);
                            }
                        });
        return answer.thenApply(found -> {
            found.known().filter(Principal::isLink).flatMap(Principal::store).ifPresent(link -> contacted(link, now));
            return found;
        });
    }

    /// The fleet is told once a second at most: a queue that empties sends many requests.
    private void contacted(StoreId link, Instant now) {
        var told = lastContacts.get(link);
        if (told == null || !now.isBefore(told.plus(CONTACTS_APART))) {
            lastContacts.put(link, now);
            tellFleet(link, StoreContact.at(now));
        }
    }

    private void tellFleet(StoreId link, StoreContact contact) {
        fleet.ifPresent(entity -> entity.tell(new FleetEntity.Heard(link, contact)));
    }

    @Override
    public Duration heard(StoreId link, StoreReport report) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        lastContacts.put(link, now);
        tellFleet(link, StoreContact.of(report, now));
        return Duration.between(now, report.clock());
    }

    private void remember(SecretHash hash, Authentication found, Instant now, long endingsBefore) {
        if (known.size() >= MAX_CACHED) {
            known.clear();
        }
        if (found instanceof Authentication.Known good) {
            known.put(hash, new Known(good, now.plus(settings.cache())));
        } else {
            known.remove(hash);
        }
        if (endings.get() != endingsBefore) { // the entity may have answered before the secret ended
            known.remove(hash);
        }
    }

    private void endKnown() {
        endings.incrementAndGet();
        known.clear();
    }

    @Override
    public CompletionStage<Issued> issue(NewToken asked) {
        var secret = secrets.token();
        var event = issued(asked, secret);
        return entity.<IssueOutcome>ask(replyTo -> new AccessEntity.Issue(event, store, replyTo), TIMEOUT)
                .thenApply(outcome -> switch (outcome) {
                    case TokenMade(var made) -> new Issued.Token(AccessDecider.token(made), secret);
                    case NoStoreForToken() -> new Issued.UnknownStore();
                    case NoRoomForToken(var limit) -> new Issued.TooMany(limit);
                });
    }

    @Override
    public CompletionStage<Boolean> revoke(String id) {
        return entity.<Boolean>ask(replyTo -> new AccessEntity.Revoke(id, replyTo), TIMEOUT)
                .thenApply(revoked -> {
                    endKnown();
                    return revoked;
                });
    }

    @Override
    public CompletionStage<List<Access.Token>> tokens() {
        return inspect()
                .thenApply(access -> access.tokens().values().stream()
                        .sorted(Comparator.comparing(Access.Token::id))
                        .toList());
    }

    private CompletionStage<Access> inspect() {
        return question(AccessEntity.Inspect::new);
    }

    private <T> CompletionStage<T> question(Function<ActorRef<T>, AccessEntity.Message> message) {
        return Questions.ask(TRIES, () -> entity.ask(message, TIMEOUT.dividedBy(TRIES)));
    }

    @Override
    public CompletionStage<Invited> invite(StoreId store, CatalogId catalog, Duration valid) {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(new Invited.NotHq());
        }
        return catalogs.get()
                .now(catalog)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedFuture(new Invited.UnknownCatalog())
                        : invited(store, catalog, valid));
    }

    private CompletionStage<Invited> invited(StoreId store, CatalogId catalog, Duration valid) {
        var secret = secrets.joinToken();
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var event = new StoreInvited(now, store, catalog, SecretHash.of(secret), now.plus(valid));
        return entity.<Boolean>ask(replyTo -> new AccessEntity.Invite(event, replyTo), TIMEOUT)
                .thenApply(invited -> invited
                        ? new Invited.JoinToken(store, catalog, secret, event.expiresAt())
                        : new Invited.OfAnotherCatalog());
    }

    @Override
    public CompletionStage<Joined> enrol(String joinToken, String node) {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(new Joined.NotHq());
        }
        var credential = secrets.credential();
        return entity.<EnrolOutcome>ask(
                        replyTo -> new AccessEntity.Enrol(
                                SecretHash.of(joinToken), node, SecretHash.of(credential), replyTo),
                        TIMEOUT)
                .thenCompose(outcome -> joined(catalogs.get(), outcome, credential));
    }

    private CompletionStage<Joined> joined(Standings standings, EnrolOutcome outcome, String credential) {
        return switch (outcome) {
            case NotInvited() -> CompletableFuture.completedFuture(new Joined.NotInvited());
            case JoinTokenUsed() -> CompletableFuture.completedFuture(new Joined.JoinTokenUsed());
            case Enrolled(var event, var store) -> {
                endKnown(); // a former credential of the store ends now
                yield standings
                        .now(store.catalog())
                        .thenApply(found -> new Joined.Credential(
                                store.id(),
                                store.catalog(),
                                found.orElseThrow(() ->
                                                new IllegalStateException("catalog " + store.catalog() + " is gone"))
                                        .history(),
                                event.epoch(),
                                credential));
            }
        };
    }

    @Override
    public CompletionStage<Optional<List<StoreStanding>>> stores() {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return inspect().thenCombine(fleet(), (access, heard) -> {
            var now = clock.instant();
            return Optional.of(access.stores().values().stream()
                    .sorted(Comparator.comparing(Access.Store::id))
                    .map(store -> new StoreStanding(
                            store,
                            Optional.ofNullable(heard.contacts().get(store.id())),
                            heard.since(),
                            now,
                            access.verifications(store.id())))
                    .toList());
        });
    }

    /// Where nobody can tell, such as while the node that knew is replaced, nothing is known as of now.
    private CompletionStage<FleetEntity.Fleet> fleet() {
        return fleet.orElseThrow()
                .<FleetEntity.Fleet>ask(FleetEntity.Inspect::new, FLEET_TIMEOUT)
                .exceptionally(unknown -> new FleetEntity.Fleet(clock.instant(), Map.of()));
    }

    @Override
    public CompletionStage<Changed> change(StoreId id, Access.Standing standing) {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(new Changed.NotHq());
        }
        return entity.<StandingOutcome>ask(replyTo -> new AccessEntity.Change(id, standing, replyTo), TIMEOUT)
                .thenApply(outcome -> {
                    endKnown();
                    return switch (outcome) {
                        case StandingChanged(var event) -> new Changed.Done();
                        case StandingStands() -> new Changed.Done();
                        case NoSuchStore() -> new Changed.UnknownStore();
                        case StoreGone() -> new Changed.Removed();
                    };
                });
    }

    @Override
    public CompletionStage<Optional<String>> renew(StoreId id) {
        var credential = secrets.credential();
        return entity.<Boolean>ask(replyTo -> new AccessEntity.Renew(id, SecretHash.of(credential), replyTo), TIMEOUT)
                .thenApply(renewed -> renewed ? Optional.of(credential) : Optional.empty());
    }

    @Override
    public CompletionStage<StaffNews> staff(StoreId id, String version, Optional<String> order, Duration patience) {
        return entity.ask(
                replyTo -> new AccessEntity.FollowStaff(id, version, order, patience, replyTo), patience.plus(TIMEOUT));
    }

    @Override
    public CompletionStage<Ordered> verify(StoreId id, boolean repair) {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(new Ordered.NotHq());
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var order = new VerificationOrder(Ulid.make(now, random), Cause.ORDERED, repair, now);
        return entity.<OrderOutcome>ask(replyTo -> new AccessEntity.Verify(id, order, replyTo), TIMEOUT)
                .thenApply(outcome -> switch (outcome) {
                    case NewOrder(var event) -> new Ordered.Order(event.order(), true);
                    case OrderStands(var standing) -> new Ordered.Order(standing, false);
                    case NobodyToOrder() -> new Ordered.Nobody();
                });
    }

    @Override
    public CompletionStage<Boolean> keep(StoreId id, Verification verification) {
        return entity.ask(replyTo -> new AccessEntity.Keep(id, verification, replyTo), TIMEOUT);
    }

    /// At a store: the version of what HQ last told of its staff.
    public CompletionStage<String> heardStaff() {
        return inspect()
                .thenApply(access ->
                        access.staff().map(staff -> staff.list().version()).orElse(StaffList.NONE));
    }

    /// At a store: what HQ told of its staff. Done when it is journaled; from then on it holds at this node.
    public CompletionStage<Boolean> hear(StaffList list) {
        return entity.<Boolean>ask(replyTo -> new AccessEntity.HearStaff(list, replyTo), TIMEOUT)
                .thenApply(anew -> {
                    if (anew) {
                        endKnown();
                    }
                    return anew;
                });
    }

    @Override
    public CompletionStage<Claim> claim(Namespace namespace, AppName app) {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(new Claim.NotHq());
        }
        return entity.<ClaimOutcome>ask(replyTo -> new AccessEntity.Claim(namespace, app, replyTo), TIMEOUT)
                .thenCompose(outcome -> switch (outcome) {
                    case NewClaim(var event) -> refreshed().thenApply(fresh -> new Claim.Claimed(true));
                    case ClaimStands() -> CompletableFuture.completedFuture(new Claim.Claimed(false));
                    case ClaimTaken(var claimed, var owner) ->
                        CompletableFuture.completedFuture(new Claim.Taken(claimed, owner));
                    case ClaimReserved() -> CompletableFuture.completedFuture(new Claim.Reserved());
                });
    }

    /// From memory, where they were asked for within the cache's age.
    @Override
    public CompletionStage<Namespaces> namespaces() {
        if (catalogs.isEmpty()) {
            return CompletableFuture.completedFuture(Namespaces.NONE);
        }
        var now = clock.instant();
        return claims.get()
                .filter(kept -> now.isBefore(kept.until()))
                .<CompletionStage<Namespaces>>map(kept -> CompletableFuture.completedFuture(kept.namespaces()))
                .orElseGet(this::refreshed);
    }

    private CompletionStage<Namespaces> refreshed() {
        var asked = clock.instant();
        return inspect().thenApply(access -> remember(access.namespaces(), asked));
    }

    /// What is known once this answer is: an answer that another one overtook changes nothing.
    private Namespaces remember(Namespaces namespaces, Instant asked) {
        var answer = new Claims(namespaces, asked.plus(settings.cache()));
        return claims.updateAndGet(kept -> Optional.of(
                        kept.map(known -> Claims.younger(known, answer)).orElse(answer)))
                .orElse(answer)
                .namespaces();
    }
}
