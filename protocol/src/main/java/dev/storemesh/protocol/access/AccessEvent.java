package dev.storemesh.protocol.access;

import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import java.time.Instant;
import java.util.Optional;

/// A fact about who may do what at a site. Stored forever; never edited, never renamed. Holds hashes of secrets
/// alone, but for the key that page tokens are signed with.
public sealed interface AccessEvent {
    Instant at();

    /// The site's first start. `pageKey`: 32 random bytes in hexadecimal.
    record SiteOpened(Instant at, String pageKey) implements AccessEvent {
        /// The key is a secret: it is left out.
        @Override
        public String toString() {
            return "SiteOpened[" + at + "]";
        }
    }

    record TokenIssued(
            Instant at,
            String id,
            String name,
            Role role,
            Optional<CatalogId> catalog,
            Optional<AppName> app,
            Optional<StoreId> store,
            SecretHash secret,
            Optional<Instant> expiresAt)
            implements AccessEvent {}

    record TokenRevoked(Instant at, String id) implements AccessEvent {}

    /// A store may join, once, by a join token; an earlier one of the same store ends.
    record StoreInvited(Instant at, StoreId store, CatalogId catalog, SecretHash joinToken, Instant expiresAt)
            implements AccessEvent {}

    /// A node joined as the store: it has a credential, and numbers its requests in a new epoch. A repeated
    /// enrolment by the same node has the same epoch and a new credential; the former one ends.
    record StoreEnrolled(Instant at, StoreId store, String node, SecretHash credential, long epoch)
            implements AccessEvent {}

    /// The credential was used for the first time: the join token ends.
    record CredentialUsed(Instant at, StoreId store) implements AccessEvent {}

    /// From here on only this app names anything in the namespace, in all catalogs of the installation.
    record NamespaceClaimed(Instant at, Namespace namespace, AppName app) implements AccessEvent {}

    /// The store's link asked for a credential to come after its present one: both are good. An earlier such one
    /// ends.
    record CredentialRenewed(Instant at, StoreId store, SecretHash credential) implements AccessEvent {}

    /// The one that was to come was used: the one before it ends.
    record CredentialReplaced(Instant at, StoreId store) implements AccessEvent {}

    /// The store's link is not let in until it is resumed.
    record StoreSuspended(Instant at, StoreId store) implements AccessEvent {}

    record StoreResumed(Instant at, StoreId store) implements AccessEvent {}

    /// The store's link is not let in any more, its invitation and the tokens of its staff end. It can be invited
    /// anew.
    record StoreRemoved(Instant at, StoreId store) implements AccessEvent {}

    /// A store is to hold its copy against HQ's; an earlier order does no more.
    record VerificationOrdered(StoreId store, VerificationOrder order) implements AccessEvent {
        @Override
        public Instant at() {
            return order.at();
        }
    }

    /// What came of it, as the store said. The order that it answers is over.
    record VerificationKept(Instant at, StoreId store, Verification verification) implements AccessEvent {}

    /// At a store: HQ told of these tokens, in place of those before.
    record StaffReceived(Instant at, StaffList list) implements AccessEvent {}

    /// At a store: HQ said that nothing has changed. Not every time is journaled.
    record StaffConfirmed(Instant at) implements AccessEvent {}
}
