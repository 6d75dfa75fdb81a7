package dev.storemesh.protocol.access;

import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Who may do what at a site: the fold of its [AccessEvent]s. `pageKey` is empty before the first start;
/// `namespaces` are the installation's, known at HQ.
public record Access(String pageKey, Map<String, Token> tokens, Map<StoreId, Store> stores, Namespaces namespaces) {
    public static final Access NEW = new Access("", Map.of(), Map.of(), Namespaces.NONE);

    /// With `app`, it is a program's own.
    public record Token(
            String id,
            String name,
            Role role,
            Optional<CatalogId> catalog,
            Optional<AppName> app,
            SecretHash secret,
            Instant createdAt,
            Optional<Instant> expiresAt,
            boolean revoked) {}

    /// A store of the chain. `invitation` is there until its join token is used up.
    public record Store(
            StoreId id,
            CatalogId catalog,
            Instant createdAt,
            Optional<Invitation> invitation,
            Optional<Enrolment> enrolment) {}

    public record Invitation(SecretHash joinToken, Instant expiresAt) {}

    public record Enrolment(String node, SecretHash credential, long epoch, boolean used, boolean byInvitation) {}

    public Access {
        tokens = Map.copyOf(tokens);
        stores = Map.copyOf(stores);
    }

    /// The page key is a secret: it is left out.
    @Override
    public String toString() {
        return "Access[" + tokens.keySet() + ", " + stores.keySet() + ", " + namespaces.claims() + "]";
    }
}
