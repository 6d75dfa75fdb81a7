package dev.storemesh.protocol.access;

import dev.storemesh.protocol.access.Access.Enrolment;
import dev.storemesh.protocol.access.Access.Invitation;
import dev.storemesh.protocol.access.Access.Store;
import dev.storemesh.protocol.access.Access.Token;
import dev.storemesh.protocol.access.AccessEvent.CredentialUsed;
import dev.storemesh.protocol.access.AccessEvent.NamespaceClaimed;
import dev.storemesh.protocol.access.AccessEvent.SiteOpened;
import dev.storemesh.protocol.access.AccessEvent.StoreEnrolled;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The rules of enrolment, of bearer tokens and of namespaces. Pure.
///
/// ```
/// invited --join token--> enrolled --credential used--> linked --invited again--> …
///             ^  |
///             +--+ the same node may repeat it, until its credential is used
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

    /// Whether this invitation may be given: a store is one catalog's for ever, since its credential opens that one.
    public static boolean mayInvite(Access access, StoreInvited invitation) {
        return Optional.ofNullable(access.stores().get(invitation.store()))
                .map(store -> store.catalog().equals(invitation.catalog()))
                .orElse(true);
    }

    /// The principal that a secret names, if it names one now.
    public static Optional<Principal> authenticate(Access access, SecretHash secret, Instant now) {
        var token = access.tokens().values().stream()
                .filter(candidate -> candidate.secret().equals(secret))
                .filter(candidate -> !candidate.revoked())
                .filter(candidate -> candidate.expiresAt().map(now::isBefore).orElse(true))
                .map(candidate -> new Principal(
                        candidate.id(),
                        candidate.name(),
                        candidate.role(),
                        candidate.catalog(),
                        Optional.empty(),
                        candidate.app()))
                .findFirst();
        return token.or(() -> access.stores().values().stream()
                .filter(store -> store.enrolment().map(Enrolment::credential).equals(Optional.of(secret)))
                .map(store -> new Principal(
                        store.id().text(),
                        store.id().text(),
                        Role.STORE,
                        Optional.of(store.catalog()),
                        Optional.of(store.id()),
                        Optional.empty()))
                .findFirst());
    }

    /// The fact to journal before a store's request is answered: that its credential works. Empty: it stands already.
    public static Optional<CredentialUsed> firstUse(Access access, StoreId store, Instant now) {
        return Optional.ofNullable(access.stores().get(store))
                .flatMap(Store::enrolment)
                .filter(enrolment -> !enrolment.used())
                .map(unused -> new CredentialUsed(now, store));
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
                new Access(pageKey, access.tokens(), access.stores(), access.namespaces());
            case TokenIssued issued ->
                withToken(
                        access,
                        new Token(
                                issued.id(),
                                issued.name(),
                                issued.role(),
                                issued.catalog(),
                                issued.app(),
                                issued.secret(),
                                issued.at(),
                                issued.expiresAt(),
                                false));
            case TokenRevoked(var at, var id) ->
                Optional.ofNullable(access.tokens().get(id))
                        .map(token -> withToken(
                                access,
                                new Token(
                                        token.id(),
                                        token.name(),
                                        token.role(),
                                        token.catalog(),
                                        token.app(),
                                        token.secret(),
                                        token.createdAt(),
                                        token.expiresAt(),
                                        true)))
                        .orElse(access);
            case StoreInvited invited -> withStore(access, invited(access, invited));
            case StoreEnrolled enrolled ->
                change(
                        access,
                        enrolled.store(),
                        store -> new Store(
                                store.id(),
                                store.catalog(),
                                store.createdAt(),
                                store.invitation(),
                                Optional.of(new Enrolment(
                                        enrolled.node(), enrolled.credential(), enrolled.epoch(), false, true))));
            case CredentialUsed(var at, var id) ->
                change(
                        access,
                        id,
                        store -> new Store(
                                store.id(),
                                store.catalog(),
                                store.createdAt(),
                                store.invitation(),
                                store.enrolment()
                                        .map(enrolment -> new Enrolment(
                                                enrolment.node(),
                                                enrolment.credential(),
                                                enrolment.epoch(),
                                                true,
                                                enrolment.byInvitation()))));
            case NamespaceClaimed(var at, var namespace, var app) ->
                new Access(
                        access.pageKey(),
                        access.tokens(),
                        access.stores(),
                        access.namespaces().with(namespace, app));
        };
    }

    /// A store that is invited again keeps its credential until the new join token is used.
    private static Store invited(Access access, StoreInvited event) {
        var former = Optional.ofNullable(access.stores().get(event.store()));
        return new Store(
                event.store(),
                event.catalog(),
                former.map(Store::createdAt).orElse(event.at()),
                Optional.of(new Invitation(event.joinToken(), event.expiresAt())),
                former.flatMap(Store::enrolment)
                        .map(enrolment -> new Enrolment(
                                enrolment.node(), enrolment.credential(), enrolment.epoch(), enrolment.used(), false)));
    }

    private static Access change(Access access, StoreId id, java.util.function.UnaryOperator<Store> change) {
        return Optional.ofNullable(access.stores().get(id))
                .map(store -> withStore(access, change.apply(store)))
                .orElse(access);
    }

    private static Access withToken(Access access, Token token) {
        var tokens = new HashMap<>(access.tokens());
        tokens.put(token.id(), token);
        return new Access(access.pageKey(), tokens, access.stores(), access.namespaces());
    }

    private static Access withStore(Access access, Store store) {
        Map<StoreId, Store> stores = new HashMap<>(access.stores());
        stores.put(store.id(), store);
        return new Access(access.pageKey(), access.tokens(), stores, access.namespaces());
    }
}
