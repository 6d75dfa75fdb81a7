package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.access.AccessEvent.CredentialUsed;
import dev.storemesh.protocol.access.AccessEvent.NamespaceClaimed;
import dev.storemesh.protocol.access.AccessEvent.SiteOpened;
import dev.storemesh.protocol.access.AccessEvent.StoreEnrolled;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
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
            case TokenIssued(var at, var id, var name, var role, var catalog, var app, var secret, var expiresAt) -> {
                out.tag(app.isPresent() ? Tags.AccessEvents.TOKEN_ISSUED_TO_APP : Tags.AccessEvents.TOKEN_ISSUED);
                out.instant(at);
                out.text(id);
                out.text(name);
                write(out, role);
                out.optional(catalog, only -> ValueCodec.write(out, only));
                app.ifPresent(program -> ValueCodec.write(out, program));
                write(out, secret);
                out.optional(expiresAt, out::instant);
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
        }
    }

    static AccessEvent event(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.AccessEvents.SITE_OPENED -> new SiteOpened(in.instant(), in.hex());
            case Tags.AccessEvents.TOKEN_ISSUED -> issued(in, Optional::empty);
            case Tags.AccessEvents.TOKEN_ISSUED_TO_APP -> issued(in, () -> Optional.of(ValueCodec.app(in)));
            case Tags.AccessEvents.TOKEN_REVOKED -> new TokenRevoked(in.instant(), in.text());
            case Tags.AccessEvents.STORE_INVITED ->
                new StoreInvited(in.instant(), ValueCodec.store(in), ValueCodec.catalog(in), secret(in), in.instant());
            case Tags.AccessEvents.STORE_ENROLLED ->
                new StoreEnrolled(in.instant(), ValueCodec.store(in), in.text(), secret(in), in.number());
            case Tags.AccessEvents.CREDENTIAL_USED -> new CredentialUsed(in.instant(), ValueCodec.store(in));
            case Tags.AccessEvents.NAMESPACE_CLAIMED ->
                new NamespaceClaimed(in.instant(), new Namespace(in.text()), ValueCodec.app(in));
            default -> throw in.unknownTag("access event", tag);
        };
    }

    private static TokenIssued issued(RowReader in, Supplier<Optional<AppName>> app) {
        return new TokenIssued(
                in.instant(),
                in.text(),
                in.text(),
                role(in),
                in.optional(() -> ValueCodec.catalog(in)),
                app.get(),
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
    }

    static Access access(RowReader in) {
        return new Access(
                in.hex(),
                in.map(in::text, () -> token(in, () -> in.optional(() -> ValueCodec.app(in)))),
                in.map(() -> ValueCodec.store(in), () -> store(in)),
                new Namespaces(in.map(() -> new Namespace(in.text()), () -> ValueCodec.app(in))));
    }

    /// As it was before there were apps.
    static Access formerAccess(RowReader in) {
        return new Access(
                in.hex(),
                in.map(in::text, () -> token(in, Optional::empty)),
                in.map(() -> ValueCodec.store(in), () -> store(in)),
                Namespaces.NONE);
    }

    private static void write(RowWriter out, Access.Token token) {
        out.text(token.id());
        out.text(token.name());
        write(out, token.role());
        out.optional(token.catalog(), only -> ValueCodec.write(out, only));
        out.optional(token.app(), app -> ValueCodec.write(out, app));
        write(out, token.secret());
        out.instant(token.createdAt());
        out.optional(token.expiresAt(), out::instant);
        out.flag(token.revoked());
    }

    private static Access.Token token(RowReader in, Supplier<Optional<AppName>> app) {
        return new Access.Token(
                in.text(),
                in.text(),
                role(in),
                in.optional(() -> ValueCodec.catalog(in)),
                app.get(),
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
        });
    }

    private static Access.Store store(RowReader in) {
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
            default -> throw in.unknownTag("role", tag);
        };
    }
}
