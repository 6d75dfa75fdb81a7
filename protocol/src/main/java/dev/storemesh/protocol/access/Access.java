package dev.storemesh.protocol.access;

import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verifications;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who may do what at a site: the fold of its [AccessEvent]s. `pageKey` is empty before the first start;
/// `namespaces` are the installation's, known at HQ; `staff` is what a store has heard from HQ;
/// `verifications` are those of the stores that had any.
public record Access(
        String pageKey,
        Map<String, Token> tokens,
        Map<StoreId, Store> stores,
        Namespaces namespaces,
        Optional<Staff> staff,
        Map<StoreId, Verifications> verifications) {
    public static final Access NEW = new Access("", Map.of(), Map.of(), Namespaces.NONE);

    /// With `app`, it is a program's own. With `store`, it works for that store alone, and is known there too.
    public record Token(
            String id,
            String name,
            Role role,
            Optional<CatalogId> catalog,
            Optional<AppName> app,
            Optional<StoreId> store,
            SecretHash secret,
            Instant createdAt,
            Optional<Instant> expiresAt,
            boolean revoked) {
        boolean works(Instant now) {
            return !revoked && expiresAt.map(now::isBefore).orElse(true);
        }

        Token ended() {
            return new Token(id, name, role, catalog, app, store, secret, createdAt, expiresAt, true);
        }

        Principal principal() {
            return new Principal(id, name, role, catalog, store, app);
        }
    }

    /// A store of the chain. `invitation` is there until its join token is used up.
    public record Store(
            StoreId id,
            CatalogId catalog,
            Instant createdAt,
            Optional<Invitation> invitation,
            Optional<Enrolment> enrolment,
            Standing standing) {
        public Store(
                StoreId id,
                CatalogId catalog,
                Instant createdAt,
                Optional<Invitation> invitation,
                Optional<Enrolment> enrolment) {
            this(id, catalog, createdAt, invitation, enrolment, Standing.ACTIVE);
        }

        Store with(Standing next) {
            return new Store(id, catalog, createdAt, invitation, enrolment, next);
        }

        Store with(Enrolment next) {
            return new Store(id, catalog, createdAt, invitation, Optional.of(next), standing);
        }
    }

    /// Whether HQ lets a store's link in.
    public enum Standing {
        ACTIVE,
        /// Until it is resumed.
        SUSPENDED,
        /// Until it joins anew.
        REMOVED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public record Invitation(SecretHash joinToken, Instant expiresAt) {}

    /// `next` is good as well, and takes the credential's place when it is used.
    public record Enrolment(
            String node,
            SecretHash credential,
            long epoch,
            boolean used,
            boolean byInvitation,
            Optional<SecretHash> next) {
        public Enrolment(String node, SecretHash credential, long epoch, boolean used, boolean byInvitation) {
            this(node, credential, epoch, used, byInvitation, Optional.empty());
        }

        boolean isOf(SecretHash secret) {
            return credential.equals(secret) || next.equals(Optional.of(secret));
        }
    }

    /// The tokens that HQ issued for this store, as it last told, and when it was last heard.
    public record Staff(Instant heardAt, StaffList list) {}

    public Access {
        tokens = Map.copyOf(tokens);
        stores = Map.copyOf(stores);
        verifications = Map.copyOf(verifications);
    }

    /// Of a site that has heard of no staff.
    public Access(String pageKey, Map<String, Token> tokens, Map<StoreId, Store> stores, Namespaces namespaces) {
        this(pageKey, tokens, stores, namespaces, Optional.empty(), Map.of());
    }

    public Verifications verifications(StoreId store) {
        return verifications.getOrDefault(store, Verifications.NONE);
    }

    Access withTokens(Map<String, Token> next) {
        return new Access(pageKey, next, stores, namespaces, staff, verifications);
    }

    Access withStores(Map<StoreId, Store> next) {
        return new Access(pageKey, tokens, next, namespaces, staff, verifications);
    }

    Access with(Staff next) {
        return new Access(pageKey, tokens, stores, namespaces, Optional.of(next), verifications);
    }

    Access with(StoreId store, Verifications next) {
        var all = new HashMap<>(verifications);
        all.put(store, next);
        return new Access(pageKey, tokens, stores, namespaces, staff, all);
    }

    /// The page key is a secret: it is left out.
    @Override
    public String toString() {
        return "Access[" + tokens.keySet() + ", " + stores + ", " + namespaces.claims() + ", " + staff + "]";
    }
}
