package dev.storemesh.protocol.access;

import dev.storemesh.protocol.access.Access.Enrolment;
import dev.storemesh.protocol.access.Access.Invitation;
import dev.storemesh.protocol.access.Access.Staff;
import dev.storemesh.protocol.access.Access.Standing;
import dev.storemesh.protocol.access.Access.Store;
import dev.storemesh.protocol.access.Access.Token;
import dev.storemesh.protocol.access.AccessEvent.CredentialRenewed;
import dev.storemesh.protocol.access.AccessEvent.CredentialReplaced;
import dev.storemesh.protocol.access.AccessEvent.CredentialUsed;
import dev.storemesh.protocol.access.AccessEvent.NamespaceClaimed;
import dev.storemesh.protocol.access.AccessEvent.SiteOpened;
import dev.storemesh.protocol.access.AccessEvent.StaffConfirmed;
import dev.storemesh.protocol.access.AccessEvent.StaffReceived;
import dev.storemesh.protocol.access.AccessEvent.StoreEnrolled;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.StoreRemoved;
import dev.storemesh.protocol.access.AccessEvent.StoreResumed;
import dev.storemesh.protocol.access.AccessEvent.StoreSuspended;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.access.AccessEvent.VerificationKept;
import dev.storemesh.protocol.access.AccessEvent.VerificationOrdered;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.VerifySchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The rules of enrolment, of bearer tokens and of namespaces. Pure.
///
/// ```
/// invited --join token--> enrolled --credential used--> linked --invited again--> …
///             ^  |
///             +--+ the same node may repeat it, until its credential is used
///
/// linked --asks for another credential--> both are good --the new one is used--> linked
/// linked <--> suspended; linked, suspended --> removed --join token--> enrolled
/// ```
public final class AccessDecider {
    private AccessDecider() {}

    /// What an attempt to enrol comes to.
    public sealed interface EnrolOutcome {}

    /// The fact to journal; the credential may be given out when it is.
    public record Enrolled(StoreEnrolled event, Store store) implements EnrolOutcome {}

    /// No such join token, or it is over.
    public record NotInvited() implements EnrolOutcome {}

    /// Another node used it, or this one has used its credential already.
    public record JoinTokenUsed() implements EnrolOutcome {}

    public static EnrolOutcome enrol(
            Access access, SecretHash joinToken, String node, SecretHash credential, Instant now) {
        var invited = access.stores().values().stream()
                .filter(store -> store.invitation().map(Invitation::joinToken).equals(Optional.of(joinToken)))
                .findFirst();
        if (invited.isEmpty()
                || !invited.get().invitation().orElseThrow().expiresAt().isAfter(now)) {
            return new NotInvited();
        }
        var store = invited.get();
        var present = store.enrolment().filter(Enrolment::byInvitation);
        if (present.isPresent()
                && (present.get().used() || !present.get().node().equals(node))) {
            return new JoinTokenUsed();
        }
        var epoch = present.map(Enrolment::epoch)
                .orElseGet(() ->
                        store.enrolment().map(former -> former.epoch() + 1).orElse(1L));
        return new Enrolled(new StoreEnrolled(now, store.id(), node, credential, epoch), store);
    }

    /// Whether this invitation may be given: a store is one catalog's for ever, since its credential opens that
    /// one.
    public static boolean mayInvite(Access access, StoreInvited invitation) {
        return Optional.ofNullable(access.stores().get(invitation.store()))
                .map(store -> store.catalog().equals(invitation.catalog()))
                .orElse(true);
    }

    /// Whom a secret names now.
    ///
    /// @param staffAge how long what HQ issued holds at a store that does not hear from it
    public static Authentication authenticate(Access access, SecretHash secret, Instant now, Duration staffAge) {
        return named(access.tokens().values(), secret, now)
                .<Authentication>map(token -> new Authentication.Known(token.principal()))
                .or(() -> access.staff().flatMap(staff -> authenticate(staff, secret, now, staffAge)))
                .or(() -> access.stores().values().stream()
                        .filter(store -> store.enrolment()
                                .filter(enrolment -> enrolment.isOf(secret))
                                .isPresent())
                        .findFirst()
                        .map(AccessDecider::link))
                .orElseGet(Authentication.Unknown::new);
    }

    private static Optional<Token> named(Collection<Token> tokens, SecretHash secret, Instant now) {
        return tokens.stream()
                .filter(token -> token.secret().equals(secret))
                .filter(token -> token.works(now))
                .findFirst();
    }

    private static Optional<Authentication> authenticate(
            Staff staff, SecretHash secret, Instant now, Duration staffAge) {
        return named(staff.list().tokens(), secret, now)
                .map(token -> now.isAfter(staff.heardAt().plus(staffAge))
                        ? new Authentication.OutOfDate(staff.heardAt(), staffAge)
                        : new Authentication.Known(token.principal()));
    }

    private static Authentication link(Store store) {
        return store.standing() == Standing.ACTIVE
                ? new Authentication.Known(new Principal(
                        store.id().text(),
                        store.id().text(),
                        Role.STORE,
                        Optional.of(store.catalog()),
                        Optional.of(store.id()),
                        Optional.empty()))
                : new Authentication.StoreEnded(store.id(), store.standing());
    }

    /// The fact to journal before a store's request is answered: that its credential works. Empty: it stands
    /// already.
    public static Optional<AccessEvent> firstUse(Access access, StoreId store, SecretHash secret, Instant now) {
        return Optional.ofNullable(access.stores().get(store))
                .flatMap(Store::enrolment)
                .flatMap(enrolment -> enrolment.next().equals(Optional.of(secret))
                        ? Optional.of(new CredentialReplaced(now, store))
                        : enrolment.used() ? Optional.empty() : Optional.of(new CredentialUsed(now, store)));
    }

    /// The fact to journal; the credential may be given out when it is. Empty: the store is not let in.
    public static Optional<CredentialRenewed> renew(Access access, StoreId store, SecretHash credential, Instant now) {
        return Optional.ofNullable(access.stores().get(store))
                .filter(known ->
                        known.standing() == Standing.ACTIVE && known.enrolment().isPresent())
                .map(known -> new CredentialRenewed(now, store, credential));
    }

    /// What suspending, resuming or removing a store comes to.
    public sealed interface StandingOutcome {}

    /// The fact to journal.
    public record StandingChanged(AccessEvent event) implements StandingOutcome {}

    /// It stands so already; there is nothing to journal.
    public record StandingStands() implements StandingOutcome {}

    public record NoSuchStore() implements StandingOutcome {}

    /// It was removed; only a new enrolment brings it back.
    public record StoreGone() implements StandingOutcome {}

    public static StandingOutcome change(Access access, StoreId id, Standing wanted, Instant now) {
        var store = Optional.ofNullable(access.stores().get(id));
        if (store.isEmpty()) {
            return new NoSuchStore();
        }
        if (store.get().standing() == wanted) {
            return new StandingStands();
        }
        if (store.get().standing() == Standing.REMOVED) {
            return new StoreGone();
        }
        return new StandingChanged(
                switch (wanted) {
                    case ACTIVE -> new StoreResumed(now, id);
                    case SUSPENDED -> new StoreSuspended(now, id);
                    case REMOVED -> new StoreRemoved(now, id);
                });
    }

    /// What making a token comes to.
    public sealed interface IssueOutcome {}

    /// The fact to journal; the secret may be given out when it is.
    public record TokenMade(TokenIssued event) implements IssueOutcome {}

    /// There is no such store here, or it follows another catalog.
    public record NoStoreForToken() implements IssueOutcome {}

    public record NoRoomForToken(int limit) implements IssueOutcome {}

    /// A token for a store is for its catalog, too.
    ///
    /// @param site the store whose site this is; empty: HQ
    public static IssueOutcome issue(Access access, TokenIssued asked, Optional<StoreId> site, Instant now) {
        var store = asked.store().or(() -> asked.role().needsStore() ? site : Optional.empty());
        if (store.isEmpty()) {
            return asked.role().needsStore() ? new NoStoreForToken() : new TokenMade(asked);
        }
        if (site.isPresent()) {
            return site.equals(store)
                    ? new TokenMade(with(asked, store.get(), asked.catalog()))
                    : new NoStoreForToken();
        }
        var known = Optional.ofNullable(access.stores().get(store.get()))
                .filter(there -> there.standing() != Standing.REMOVED)
                .filter(there -> asked.catalog().map(there.catalog()::equals).orElse(true));
        if (known.isEmpty()) {
            return new NoStoreForToken();
        }
        return hasRoom(access, store.get(), now)
                ? new TokenMade(with(asked, store.get(), Optional.of(known.get().catalog())))
                : new NoRoomForToken(StaffList.LIMIT);
    }

    private static TokenIssued with(TokenIssued asked, StoreId store, Optional<CatalogId> catalog) {
        return new TokenIssued(
                asked.at(),
                asked.id(),
                asked.name(),
                asked.role(),
                catalog,
                asked.app(),
                Optional.of(store),
                asked.secret(),
                asked.expiresAt());
    }

    static boolean hasRoom(Access access, StoreId store, Instant now) {
        return StaffList.of(access, store, now).tokens().size() < StaffList.LIMIT;
    }

    /// What a store journals of what HQ told. Empty: it is known, and was journaled within `every`.
    public static Optional<AccessEvent> hear(Access access, StaffList told, Instant now, Duration every) {
        var known = access.staff().filter(staff -> staff.list().version().equals(told.version()));
        if (known.isEmpty()) {
            return Optional.of(new StaffReceived(now, told));
        }
        var since = Duration.between(known.get().heardAt(), now).abs(); // a clock may have been set back
        return since.compareTo(every) < 0 ? Optional.empty() : Optional.of(new StaffConfirmed(now));
    }

    /// What ordering a verification comes to.
    public sealed interface OrderOutcome {}

    /// The fact to journal.
    public record NewOrder(VerificationOrdered event) implements OrderOutcome {}

    /// One like it stands already; there is nothing to journal.
    public record OrderStands(VerificationOrder order) implements OrderOutcome {}

    /// There is no such store, or its link is not let in: nobody would carry it out.
    public record NobodyToOrder() implements OrderOutcome {}

    /// Decides an order.
    ///
    /// @param asked its time is not before that of any other
    public static OrderOutcome order(Access access, StoreId store, VerificationOrder asked) {
        if (!isLinked(access, store)) {
            return new NobodyToOrder();
        }
        return access.verifications(store)
                .order()
                .filter(standing -> standing.repair() || !asked.repair())
                .<OrderOutcome>map(OrderStands::new)
                .orElseGet(() -> new NewOrder(new VerificationOrdered(store, asked)));
    }

    private static boolean isLinked(Access access, StoreId store) {
        return Optional.ofNullable(access.stores().get(store))
                .filter(known -> known.standing() == Standing.ACTIVE)
                .flatMap(Store::enrolment)
                .isPresent();
    }

    /// The stores that are due by the schedule and have no order.
    public static List<StoreId> due(Access access, VerifySchedule schedule, Instant now) {
        return access.stores().keySet().stream()
                .filter(store -> isLinked(access, store))
                .filter(store -> access.verifications(store).order().isEmpty())
                .filter(store -> schedule.lastDue(store, now)
                        .filter(due -> access.verifications(store)
                                .nightlyAt()
                                .map(due::isAfter)
                                .orElse(true))
                        .isPresent())
                .sorted(Comparator.comparing(StoreId::text))
                .toList();
    }

    /// The fact to journal of what a store says; empty: it is known.
    public static Optional<VerificationKept> keep(
            Access access, StoreId store, Verification verification, Instant now) {
        return access.verifications(store).has(verification)
                ? Optional.empty()
                : Optional.of(new VerificationKept(now, store, verification));
    }

    /// What an app's claim to a namespace comes to.
    public sealed interface ClaimOutcome {}

    /// The fact to journal; the namespace is the app's when it is.
    public record NewClaim(NamespaceClaimed event) implements ClaimOutcome {}

    /// It is the app's already, whatever the case of the letters; there is nothing to journal.
    public record ClaimStands() implements ClaimOutcome {}

    /// Another app's claim is the same, holds it, or lies in it.
    public record ClaimTaken(Namespace claimed, AppName owner) implements ClaimOutcome {}

    /// The standard's own: nobody may claim it.
    public record ClaimReserved() implements ClaimOutcome {}

    public static ClaimOutcome claim(Access access, Namespace namespace, AppName app, Instant now) {
        if (namespace.isReserved()) {
            return new ClaimReserved();
        }
        var overlapping = access.namespaces().claims().entrySet().stream()
                .filter(claim -> claim.getKey().overlaps(namespace))
                .sorted(Map.Entry.comparingByKey())
                .toList();
        var taken = overlapping.stream()
                .filter(claim -> !claim.getValue().equals(app))
                .findFirst();
        if (taken.isPresent()) {
            return new ClaimTaken(taken.get().getKey(), taken.get().getValue());
        }
        return overlapping.stream().anyMatch(claim -> claim.getKey().text().equalsIgnoreCase(namespace.text()))
                ? new ClaimStands()
                : new NewClaim(new NamespaceClaimed(now, namespace, app));
    }

    public static Access evolve(Access access, AccessEvent event) {
        return switch (event) {
            case SiteOpened(var at, var pageKey) ->
                new Access(
                        pageKey,
                        access.tokens(),
                        access.stores(),
                        access.namespaces(),
                        access.staff(),
                        access.verifications());
            case TokenIssued issued -> withToken(access, token(issued));
            case TokenRevoked(var at, var id) ->
                Optional.ofNullable(access.tokens().get(id))
                        .map(token -> withToken(access, token.ended()))
                        .orElse(access);
            case StoreInvited invited -> withStore(access, invited(access, invited));
            case StoreEnrolled enrolled -> change(access, enrolled.store(), store -> enrolled(store, enrolled));
            case CredentialUsed(var at, var id) -> changeEnrolment(access, id, AccessDecider::used);
            case CredentialRenewed(var at, var id, var credential) ->
                changeEnrolment(
                        access,
                        id,
                        enrolment -> new Enrolment(
                                enrolment.node(),
                                enrolment.credential(),
                                enrolment.epoch(),
                                enrolment.used(),
                                enrolment.byInvitation(),
                                Optional.of(credential)));
            case CredentialReplaced(var at, var id) ->
                changeEnrolment(
                        access,
                        id,
                        enrolment -> new Enrolment(
                                enrolment.node(),
                                enrolment.next().orElse(enrolment.credential()),
                                enrolment.epoch(),
                                true,
                                enrolment.byInvitation()));
            case StoreSuspended(var at, var id) -> change(access, id, store -> store.with(Standing.SUSPENDED));
            case StoreResumed(var at, var id) -> change(access, id, store -> store.with(Standing.ACTIVE));
            case StoreRemoved(var at, var id) -> removed(access, id);
            case NamespaceClaimed(var at, var namespace, var app) ->
                new Access(
                        access.pageKey(),
                        access.tokens(),
                        access.stores(),
                        access.namespaces().with(namespace, app),
                        access.staff(),
                        access.verifications());
            case VerificationOrdered(var id, var order) ->
                access.with(id, access.verifications(id).ordered(order));
            case VerificationKept(var at, var id, var verification) ->
                access.with(id, access.verifications(id).kept(at, verification));
            case StaffReceived(var at, var list) -> access.with(new Staff(at, list));
            case StaffConfirmed(var at) ->
                access.staff()
                        .map(staff -> access.with(new Staff(at, staff.list())))
                        .orElse(access);
        };
    }

    /// The token that this fact makes.
    public static Token token(TokenIssued issued) {
        return new Token(
                issued.id(),
                issued.name(),
                issued.role(),
                issued.catalog(),
                issued.app(),
                issued.store(),
                issued.secret(),
                issued.at(),
                issued.expiresAt(),
                false);
    }

    /// A store that is invited again keeps its credential until the new join token is used, unless it was removed.
    private static Store invited(Access access, StoreInvited event) {
        var former = Optional.ofNullable(access.stores().get(event.store()));
        return new Store(
                event.store(),
                event.catalog(),
                former.map(Store::createdAt).orElse(event.at()),
                Optional.of(new Invitation(event.joinToken(), event.expiresAt())),
                former.flatMap(Store::enrolment)
                        .map(enrolment -> new Enrolment(
                                enrolment.node(),
                                enrolment.credential(),
                                enrolment.epoch(),
                                enrolment.used(),
                                false,
                                enrolment.next())),
                former.map(Store::standing).orElse(Standing.ACTIVE));
    }

    private static Store enrolled(Store store, StoreEnrolled event) {
        return new Store(
                store.id(),
                store.catalog(),
                store.createdAt(),
                store.invitation(),
                Optional.of(new Enrolment(event.node(), event.credential(), event.epoch(), false, true)),
                store.standing() == Standing.REMOVED ? Standing.ACTIVE : store.standing());
    }

    private static Enrolment used(Enrolment enrolment) {
        return new Enrolment(
                enrolment.node(),
                enrolment.credential(),
                enrolment.epoch(),
                true,
                enrolment.byInvitation(),
                enrolment.next());
    }

    private static Access removed(Access access, StoreId id) {
        var tokens = new HashMap<>(access.tokens());
        tokens.replaceAll((key, token) -> token.store().equals(Optional.of(id)) ? token.ended() : token);
        return change(
                access.withTokens(tokens),
                id,
                store -> new Store(
                        store.id(),
                        store.catalog(),
                        store.createdAt(),
                        Optional.empty(),
                        store.enrolment(),
                        Standing.REMOVED));
    }

    private static Access changeEnrolment(Access access, StoreId id, UnaryOperator<Enrolment> change) {
        return change(
                access,
                id,
                store -> store.enrolment()
                        .map(enrolment -> store.with(change.apply(enrolment)))
                        .orElse(store));
    }

    private static Access change(Access access, StoreId id, UnaryOperator<Store> change) {
        return Optional.ofNullable(access.stores().get(id))
                .map(store -> withStore(access, change.apply(store)))
                .orElse(access);
    }

    private static Access withToken(Access access, Token token) {
        var tokens = new HashMap<>(access.tokens());
        tokens.put(token.id(), token);
        return access.withTokens(tokens);
    }

    private static Access withStore(Access access, Store store) {
        Map<StoreId, Store> stores = new HashMap<>(access.stores());
        stores.put(store.id(), store);
        return access.withStores(stores);
    }
}
