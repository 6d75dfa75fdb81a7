package dev.storemesh.protocol.access;

import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The way to a site's tokens and stores. Answered when the journal has what changed; a failed future means that
/// nothing can be told.
public interface AccessPort {
    /// Who presents this secret; empty: nobody known.
    CompletionStage<Optional<Principal>> authenticate(String secret);

    /// Makes a bearer token; its secret is told once and never again.
    CompletionStage<IssuedToken> issue(String name, Role role, Optional<CatalogId> catalog, Optional<Duration> valid);

    /// Whether there was such a token. It ends at once at this node, and within the cache's age elsewhere.
    CompletionStage<Boolean> revoke(String id);

    CompletionStage<List<Access.Token>> tokens();

    /// Lets a store join, once; a former join token of it ends. At a site that is no HQ: `HQ_ONLY`.
    CompletionStage<Invited> invite(StoreId store, CatalogId catalog, Duration valid);

    /// Trades a join token for the store's credential.
    CompletionStage<Joined> enrol(String joinToken, String node);

    /// All stores, by id; empty at a site that is no HQ.
    CompletionStage<Optional<List<StoreStanding>>> stores();

    record IssuedToken(Access.Token token, String secret) {}

    /// A store, and when its link was last heard (since this node's start).
    record StoreStanding(Access.Store store, Optional<Instant> lastContactAt) {}

    /// What an invitation comes to.
    sealed interface Invited {
        record JoinToken(StoreId store, CatalogId catalog, String joinToken, Instant expiresAt) implements Invited {}

        record UnknownCatalog() implements Invited {}

        /// There is a store of that name, and it follows another catalog.
        record OfAnotherCatalog() implements Invited {}

        record NotHq() implements Invited {}
    }

    /// What an enrolment comes to.
    sealed interface Joined {
        record Credential(StoreId store, CatalogId catalog, HistoryId history, long epoch, String credential)
                implements Joined {}

        record NotInvited() implements Joined {}

        record JoinTokenUsed() implements Joined {}
    }
}
