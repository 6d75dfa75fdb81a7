package dev.storemesh.protocol.access;

import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.Verifications;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The way to a site's tokens and stores. Answered when the journal has what changed; a failed future means that
/// nothing can be told.
public interface AccessPort {
    /// Who presents this secret.
    CompletionStage<Authentication> authenticate(String secret);

    /// Makes a bearer token; its secret is told once and never again.
    CompletionStage<Issued> issue(NewToken token);

    /// Whether there was such a token. It ends at once at this node, and within the cache's age elsewhere.
    CompletionStage<Boolean> revoke(String id);

    CompletionStage<List<Access.Token>> tokens();

    /// Lets a store join, once; a former join token of it ends. At a site that is no HQ: `HQ_ONLY`.
    CompletionStage<Invited> invite(StoreId store, CatalogId catalog, Duration valid);

    /// Trades a join token for the store's credential.
    CompletionStage<Joined> enrol(String joinToken, String node);

    /// All stores, by id; empty at a site that is no HQ.
    CompletionStage<Optional<List<StoreStanding>>> stores();

    /// At HQ, what a store's link reported. Kept in memory only.
    ///
    /// @return how far the store's clock is ahead of this site's; negative: behind
    Duration heard(StoreId store, StoreReport report);

    /// Whether HQ lets a store's link in: another answer of a credential holds at once at this node, and within the
    /// cache's age elsewhere.
    CompletionStage<Changed> change(StoreId store, Access.Standing standing);

    /// At HQ, a credential for a store's link to come after its present one; empty: it is not let in.
    CompletionStage<Optional<String>> renew(StoreId store);

    /// At HQ, the tokens of a store: at once where they are other ones than those of the version `known`,
    /// else when they are or the patience is over.
    ///
    /// @param order the id of the last order that the store knows, which it is not told again; empty: it
    /// takes none
    CompletionStage<StaffNews> staff(StoreId store, String known, Optional<String> order, Duration patience);

    /// At HQ: orders a store to hold its copy against HQ's.
    ///
    /// @param repair whether it is to load its copy anew where it differs
    CompletionStage<Ordered> verify(StoreId store, boolean repair);

    /// At HQ: keeps what a store says came of it, once however often it is said.
    CompletionStage<?> keep(StoreId store, Verification verification);

    /// Gives a namespace to an app, for the whole installation and for good.
    CompletionStage<Claim> claim(Namespace namespace, AppName app);

    /// All claims; at a site that is no HQ, [Namespaces#NONE]. Those made at this node are in it at once, those
    /// made at another within the cache's age.
    CompletionStage<Namespaces> namespaces();

    /// What a token is to be.
    ///
    /// @param app the program that holds it; empty: a person, or a program of no name
    /// @param store the only one that it works for; at a store, none is its own for a role that needs one
    /// @param valid empty: without end
    record NewToken(
            String name,
            Role role,
            Optional<CatalogId> catalog,
            Optional<AppName> app,
            Optional<StoreId> store,
            Optional<Duration> valid) {}

    /// What making a token comes to.
    sealed interface Issued {
        record Token(Access.Token token, String secret) implements Issued {}

        /// There is no such store here, or it follows another catalog.
        record UnknownStore() implements Issued {}

        record TooMany(int limit) implements Issued {}
    }

    /// What a change of a store's standing comes to.
    sealed interface Changed {
        record Done() implements Changed {}

        record UnknownStore() implements Changed {}

        /// Only a new enrolment brings it back.
        record Removed() implements Changed {}

        record NotHq() implements Changed {}
    }

    /// A store, and what is known of its link since `knownSince`; the same at every node of HQ.
    ///
    /// @param asOf when this was so, by HQ's clock
    record StoreStanding(
            Access.Store store,
            Optional<StoreContact> contact,
            Instant knownSince,
            Instant asOf,
            Verifications verifications) {
        /// Of one that was never verified.
        public StoreStanding(Access.Store store, Optional<StoreContact> contact, Instant knownSince, Instant asOf) {
            this(store, contact, knownSince, asOf, Verifications.NONE);
        }
    }

    /// What a store's link hears: the tokens, and what it is to do that it does not know yet.
    record StaffNews(StaffList list, Optional<VerificationOrder> order) {}

    /// What ordering a verification comes to.
    sealed interface Ordered {
        /// The order that stands; `anew`: it did not before.
        record Order(VerificationOrder order, boolean anew) implements Ordered {}

        /// There is no such store, or its link is not let in.
        record Nobody() implements Ordered {}

        record NotHq() implements Ordered {}
    }

    /// What an invitation comes to.
    sealed interface Invited {
        record JoinToken(StoreId store, CatalogId catalog, String joinToken, Instant expiresAt) implements Invited {}

        record UnknownCatalog() implements Invited {}

        /// There is a store of that name, and it follows another catalog.
        record OfAnotherCatalog() implements Invited {}

        record NotHq() implements Invited {}
    }

    /// What claiming a namespace comes to.
    sealed interface Claim {
        /// It is the app's; `anew`: it was not before.
        record Claimed(boolean anew) implements Claim {}

        /// Another app has claimed it, part of it, or what it lies in.
        record Taken(Namespace claimed, AppName owner) implements Claim {}

        /// It lies in `sys` or `retail`.
        record Reserved() implements Claim {}

        record NotHq() implements Claim {}
    }

    /// What an enrolment comes to.
    sealed interface Joined {
        record Credential(StoreId store, CatalogId catalog, HistoryId history, long epoch, String credential)
                implements Joined {}

        record NotInvited() implements Joined {}

        record JoinTokenUsed() implements Joined {}

        /// Stores join HQ, and this site is one of them.
        record NotHq() implements Joined {}
    }
}
