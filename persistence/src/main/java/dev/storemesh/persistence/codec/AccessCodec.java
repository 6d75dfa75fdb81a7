package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessEvent;
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
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Who may do what at a site: its events, and their fold.
final class AccessCodec {
    private AccessCodec() {}

    static void write(RowWriter out, AccessEvent event) {
        switch (event) {
            case SiteOpened(var at, var pageKey) -> {
                out.tag(Tags.AccessEvents.SITE_OPENED);
                out.instant(at);
                out.hex(pageKey);
            }
            case TokenIssued issued -> {
                out.tag(
                        issued.store().isPresent()
                                ? Tags.AccessEvents.TOKEN_ISSUED_FOR_STORE
                                : issued.app().isPresent()
                                        ? Tags.AccessEvents.TOKEN_ISSUED_TO_APP
                                        : Tags.AccessEvents.TOKEN_ISSUED);
                out.instant(issued.at());
                out.text(issued.id());
                out.text(issued.name());
                write(out, issued.role());
                out.optional(issued.catalog(), only -> ValueCodec.write(out, only));
                if (issued.store().isPresent()) {
                    out.optional(issued.app(), program -> ValueCodec.write(out, program));
                    ValueCodec.write(out, issued.store().get());
                } else {
                    issued.app().ifPresent(program -> ValueCodec.write(out, program));
                }
                write(out, issued.secret());
                out.optional(issued.expiresAt(), out::instant);
            }
            case TokenRevoked(var at, var id) -> {
                out.tag(Tags.AccessEvents.TOKEN_REVOKED);
                out.instant(at);
                out.text(id);
            }
            case StoreInvited(var at, var store, var catalog, var joinToken, var expiresAt) -> {
                out.tag(Tags.AccessEvents.STORE_INVITED);
                out.instant(at);
                ValueCodec.write(out, store);
                ValueCodec.write(out, catalog);
                write(out, joinToken);
                out.instant(expiresAt);
            }
            case StoreEnrolled(var at, var store, var node, var credential, var epoch) -> {
                out.tag(Tags.AccessEvents.STORE_ENROLLED);
                out.instant(at);
                ValueCodec.write(out, store);
                out.text(node);
                write(out, credential);
                out.number(epoch);
            }
            case CredentialUsed(var at, var store) -> {
                out.tag(Tags.AccessEvents.CREDENTIAL_USED);
                out.instant(at);
                ValueCodec.write(out, store);
            }
            case NamespaceClaimed(var at, var namespace, var app) -> {
                out.tag(Tags.AccessEvents.NAMESPACE_CLAIMED);
                out.instant(at);
                out.text(namespace.text());
                ValueCodec.write(out, app);
            }
            case CredentialRenewed(var at, var store, var credential) -> {
                out.tag(Tags.AccessEvents.CREDENTIAL_RENEWED);
                out.instant(at);
                ValueCodec.write(out, store);
                write(out, credential);
            }
            case CredentialReplaced(var at, var store) -> write(out, Tags.AccessEvents.CREDENTIAL_REPLACED, at, store);
            case StoreSuspended(var at, var store) -> write(out, Tags.AccessEvents.STORE_SUSPENDED, at, store);
            case StoreResumed(var at, var store) -> write(out, Tags.AccessEvents.STORE_RESUMED, at, store);
            case StoreRemoved(var at, var store) -> write(out, Tags.AccessEvents.STORE_REMOVED, at, store);
            case StaffReceived(var at, var list) -> {
                out.tag(Tags.AccessEvents.STAFF_RECEIVED);
                out.instant(at);
                write(out, list);
            }
            case VerificationOrdered(var store, var order) -> {
                out.tag(Tags.AccessEvents.VERIFICATION_ORDERED);
                ValueCodec.write(out, store);
                VerificationCodec.write(out, order);
            }
            case VerificationKept(var at, var store, var verification) -> {
                out.tag(Tags.AccessEvents.VERIFICATION_KEPT);
                out.instant(at);
                ValueCodec.write(out, store);
                VerificationCodec.write(out, verification);
            }
            case StaffConfirmed(var at) -> {
                out.tag(Tags.AccessEvents.STAFF_CONFIRMED);
                out.instant(at);
            }
        }
    }

    private static void write(RowWriter out, int tag, Instant at, StoreId store) {
        out.tag(tag);
        out.instant(at);
        ValueCodec.write(out, store);
    }

    static AccessEvent event(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.AccessEvents.SITE_OPENED -> new SiteOpened(in.instant(), in.hex());
            case Tags.AccessEvents.TOKEN_ISSUED -> issued(in, Optional::empty, Optional::empty);
            case Tags.AccessEvents.TOKEN_ISSUED_TO_APP ->
                issued(in, () -> Optional.of(ValueCodec.app(in)), Optional::empty);
            case Tags.AccessEvents.TOKEN_ISSUED_FOR_STORE ->
                issued(in, () -> in.optional(() -> ValueCodec.app(in)), () -> Optional.of(ValueCodec.store(in)));
            case Tags.AccessEvents.TOKEN_REVOKED -> new TokenRevoked(in.instant(), in.text());
            case Tags.AccessEvents.STORE_INVITED ->
                new StoreInvited(in.instant(), ValueCodec.store(in), ValueCodec.catalog(in), secret(in), in.instant());
            case Tags.AccessEvents.STORE_ENROLLED ->
                new StoreEnrolled(in.instant(), ValueCodec.store(in), in.text(), secret(in), in.number());
            case Tags.AccessEvents.CREDENTIAL_USED -> new CredentialUsed(in.instant(), ValueCodec.store(in));
            case Tags.AccessEvents.NAMESPACE_CLAIMED ->
                new NamespaceClaimed(in.instant(), new Namespace(in.text()), ValueCodec.app(in));
            case Tags.AccessEvents.CREDENTIAL_RENEWED ->
                new CredentialRenewed(in.instant(), ValueCodec.store(in), secret(in));
            case Tags.AccessEvents.CREDENTIAL_REPLACED -> new CredentialReplaced(in.instant(), ValueCodec.store(in));
            case Tags.AccessEvents.STORE_SUSPENDED -> new StoreSuspended(in.instant(), ValueCodec.store(in));
            case Tags.AccessEvents.STORE_RESUMED -> new StoreResumed(in.instant(), ValueCodec.store(in));
            case Tags.AccessEvents.STORE_REMOVED -> new StoreRemoved(in.instant(), ValueCodec.store(in));
            case Tags.AccessEvents.STAFF_RECEIVED -> new StaffReceived(in.instant(), staffList(in));
            case Tags.AccessEvents.STAFF_CONFIRMED -> new StaffConfirmed(in.instant());
            case Tags.AccessEvents.VERIFICATION_ORDERED ->
                new VerificationOrdered(ValueCodec.store(in), VerificationCodec.order(in));
            case Tags.AccessEvents.VERIFICATION_KEPT ->
                new VerificationKept(in.instant(), ValueCodec.store(in), VerificationCodec.verification(in));
            default -> throw in.unknownTag("access event", tag);
        };
    }

    private static TokenIssued issued(
            RowReader in, Supplier<Optional<AppName>> app, Supplier<Optional<StoreId>> store) {
        return new TokenIssued(
                in.instant(),
                in.text(),
                in.text(),
                role(in),
                in.optional(() -> ValueCodec.catalog(in)),
                app.get(),
                store.get(),
                secret(in),
                in.optional(in::instant));
    }

    static void write(RowWriter out, Access access) {
        out.hex(access.pageKey());
        out.map(access.tokens(), out::text, token -> write(out, token));
        out.map(access.stores(), store -> ValueCodec.write(out, store), store -> write(out, store));
        out.map(
                access.namespaces().claims(),
                namespace -> out.text(namespace.text()),
                app -> ValueCodec.write(out, app));
        out.optional(access.staff(), staff -> {
            out.instant(staff.heardAt());
            write(out, staff.list());
        });
        out.map(
                access.verifications(),
                store -> ValueCodec.write(out, store),
                verifications -> VerificationCodec.write(out, verifications));
    }

    static Access access(RowReader in) {
        return new Access(
                in.hex(),
                in.map(in::text, () -> token(in)),
                in.map(() -> ValueCodec.store(in), () -> store(in)),
                namespaces(in),
                in.optional(() -> new Access.Staff(in.instant(), staffList(in))),
                in.map(() -> ValueCodec.store(in), () -> VerificationCodec.verifications(in)));
    }

    /// As it was before stores were verified.
    static Access accessWithoutVerifications(RowReader in) {
        return new Access(
                in.hex(),
                in.map(in::text, () -> token(in)),
                in.map(() -> ValueCodec.store(in), () -> store(in)),
                namespaces(in),
                in.optional(() -> new Access.Staff(in.instant(), staffList(in))),
                Map.of());
    }

    /// As it was before tokens were for stores.
    static Access accessWithoutStaff(RowReader in) {
        return new Access(
                in.hex(),
                in.map(in::text, () -> token(in, () -> in.optional(() -> ValueCodec.app(in)), Optional::empty)),
                in.map(() -> ValueCodec.store(in), () -> formerStore(in)),
                namespaces(in));
    }

    /// As it was before there were apps.
    static Access formerAccess(RowReader in) {
        return new Access(
                in.hex(),
                in.map(in::text, () -> token(in, Optional::empty, Optional::empty)),
                in.map(() -> ValueCodec.store(in), () -> formerStore(in)),
                Namespaces.NONE);
    }

    private static Namespaces namespaces(RowReader in) {
        return new Namespaces(in.map(() -> new Namespace(in.text()), () -> ValueCodec.app(in)));
    }

    private static void write(RowWriter out, StaffList list) {
        out.text(list.version());
        out.list(list.tokens(), token -> write(out, token));
    }

    private static StaffList staffList(RowReader in) {
        return new StaffList(in.text(), in.list(() -> token(in)));
    }

    private static void write(RowWriter out, Access.Token token) {
        out.text(token.id());
        out.text(token.name());
        write(out, token.role());
        out.optional(token.catalog(), only -> ValueCodec.write(out, only));
        out.optional(token.app(), app -> ValueCodec.write(out, app));
        out.optional(token.store(), store -> ValueCodec.write(out, store));
        write(out, token.secret());
        out.instant(token.createdAt());
        out.optional(token.expiresAt(), out::instant);
        out.flag(token.revoked());
    }

    private static Access.Token token(RowReader in) {
        return token(in, () -> in.optional(() -> ValueCodec.app(in)), () -> in.optional(() -> ValueCodec.store(in)));
    }

    private static Access.Token token(
            RowReader in, Supplier<Optional<AppName>> app, Supplier<Optional<StoreId>> store) {
        return new Access.Token(
                in.text(),
                in.text(),
                role(in),
                in.optional(() -> ValueCodec.catalog(in)),
                app.get(),
                store.get(),
                secret(in),
                in.instant(),
                in.optional(in::instant),
                in.flag());
    }

    private static void write(RowWriter out, Access.Store store) {
        ValueCodec.write(out, store.id());
        ValueCodec.write(out, store.catalog());
        out.instant(store.createdAt());
        out.optional(store.invitation(), invitation -> {
            write(out, invitation.joinToken());
            out.instant(invitation.expiresAt());
        });
        out.optional(store.enrolment(), enrolment -> {
            out.text(enrolment.node());
            write(out, enrolment.credential());
            out.number(enrolment.epoch());
            out.flag(enrolment.used());
            out.flag(enrolment.byInvitation());
            out.optional(enrolment.next(), next -> write(out, next));
        });
        out.tag(
                switch (store.standing()) {
                    case ACTIVE -> Tags.StoreStandings.ACTIVE;
                    case SUSPENDED -> Tags.StoreStandings.SUSPENDED;
                    case REMOVED -> Tags.StoreStandings.REMOVED;
                });
    }

    private static Access.Store store(RowReader in) {
        return new Access.Store(
                ValueCodec.store(in),
                ValueCodec.catalog(in),
                in.instant(),
                in.optional(() -> new Access.Invitation(secret(in), in.instant())),
                in.optional(() -> new Access.Enrolment(
                        in.text(), secret(in), in.number(), in.flag(), in.flag(), in.optional(() -> secret(in)))),
                standing(in));
    }

    private static Access.Standing standing(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.StoreStandings.ACTIVE -> Access.Standing.ACTIVE;
            case Tags.StoreStandings.SUSPENDED -> Access.Standing.SUSPENDED;
            case Tags.StoreStandings.REMOVED -> Access.Standing.REMOVED;
            default -> throw in.unknownTag("standing of a store", tag);
        };
    }

    private static Access.Store formerStore(RowReader in) {
        return new Access.Store(
                ValueCodec.store(in),
                ValueCodec.catalog(in),
                in.instant(),
                in.optional(() -> new Access.Invitation(secret(in), in.instant())),
                in.optional(() -> new Access.Enrolment(in.text(), secret(in), in.number(), in.flag(), in.flag())));
    }

    private static void write(RowWriter out, SecretHash hash) {
        out.hex(hash.hex());
    }

    private static SecretHash secret(RowReader in) {
        return new SecretHash(in.hex());
    }

    private static void write(RowWriter out, Role role) {
        out.tag(
                switch (role) {
                    case OPERATOR -> Tags.Roles.OPERATOR;
                    case EDITOR -> Tags.Roles.EDITOR;
                    case APPROVER -> Tags.Roles.APPROVER;
                    case READER -> Tags.Roles.READER;
                    case STORE -> Tags.Roles.STORE;
                    case LANE -> Tags.Roles.LANE;
                    case CLERK -> Tags.Roles.CLERK;
                    case STORE_MANAGER -> Tags.Roles.STORE_MANAGER;
                    case APP -> Tags.Roles.APP;
                    case AUDITOR -> Tags.Roles.AUDITOR;
                });
    }

    private static Role role(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.Roles.OPERATOR -> Role.OPERATOR;
            case Tags.Roles.EDITOR -> Role.EDITOR;
            case Tags.Roles.APPROVER -> Role.APPROVER;
            case Tags.Roles.READER -> Role.READER;
            case Tags.Roles.STORE -> Role.STORE;
            case Tags.Roles.LANE -> Role.LANE;
            case Tags.Roles.CLERK -> Role.CLERK;
            case Tags.Roles.STORE_MANAGER -> Role.STORE_MANAGER;
            case Tags.Roles.APP -> Role.APP;
            case Tags.Roles.AUDITOR -> Role.AUDITOR;
            default -> throw in.unknownTag("role", tag);
        };
    }
}
