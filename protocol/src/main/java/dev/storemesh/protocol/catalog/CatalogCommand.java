package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the single writer of a catalog is asked to do.
public sealed interface CatalogCommand {
    /// Make the catalog, with this history; a made one stays as it is.
    record Create(HistoryId history, Provenance provenance) implements CatalogCommand {}

    /// What a transaction's holder may do in it.
    sealed interface Change extends CatalogCommand {}

    /// Carry out a write; `names` has a token for each of its temporary names. `namespaces`: who
    /// may write which names.
    record Submit(Write write, Map<String, ObjectToken> names, Namespaces namespaces) implements Change {
        public Submit {
            names = Map.copyOf(names);
        }
    }

    /// Make all objects, or these, what they were at version `to`; bookkeeping is left alone.
    record Revert(
            Version to,
            Optional<Set<ObjectToken>> objects,
            Optional<Version> ifVersion,
            Provenance provenance,
            String digest,
            Namespaces namespaces)
            implements Change {
        /// More than this in one version takes a transaction.
        public static final int MAX_OBJECTS = 10_000;

        public Revert {
            objects = objects.map(Set::copyOf);
        }
    }

    /// Record what a store offers, in the order of its sequences. `history`: the one that it follows, where it
    /// says so.
    record RecordRequests(
            StoreId store,
            long epoch,
            List<OfferedRequest> requests,
            Provenance provenance,
            Optional<HistoryId> history)
            implements CatalogCommand {
        public RecordRequests {
            requests = List.copyOf(requests);
        }

        /// By a store that does not say what it follows.
        public RecordRequests(StoreId store, long epoch, List<OfferedRequest> requests, Provenance provenance) {
            this(store, epoch, requests, provenance, Optional.empty());
        }
    }

    /// Approve a waiting request and apply it. `seen` is the version the reviewer looked at; without it, the
    /// request's base.
    record Approve(RequestId id, Optional<Version> seen, Provenance provenance) implements CatalogCommand {}

    /// Reject an undecided request, and those that wait for it.
    record Reject(RequestId id, Provenance provenance) implements CatalogCommand {}

    /// Take an undecided request back, for whose store it is; what waits for it is rejected.
    record Withdraw(RequestId id, Provenance provenance) implements CatalogCommand {}

    /// Say something about a request.
    record Comment(RequestId id, String text, Provenance provenance) implements CatalogCommand {
        /// So many characters at most.
        public static final int MAX_LENGTH = 4_096;

        /// So many of one request at most.
        public static final int MAX_COMMENTS = 100;
    }

    /// Open a transaction whose lock gets this `id`, with its first step, if there is one. It ends when nothing is
    /// written for as long as `idle`, and after `longest` in any case; it takes about `maxBytes` at most.
    record Open(
            String id,
            Provenance provenance,
            String digest,
            Duration idle,
            Duration longest,
            long maxBytes,
            Optional<Submit> first)
            implements CatalogCommand {}

    /// Make a step of the transaction with this lock.
    record Step(LockToken lock, Change change) implements CatalogCommand {}

    /// Make the version of the transaction with this lock visible; `closing` is its last step, with nothing in it
    /// but an answer to remember.
    record Commit(LockToken lock, Optional<Closing> closing) implements CatalogCommand {
        public Commit(LockToken lock) {
            this(lock, Optional.empty());
        }
    }

    /// Say what was answered to an accepted request with this key, if there was one; changes nothing.
    record Recall(IdempotencyKey key) implements CatalogCommand {}

    record RollBack(LockToken lock) implements CatalogCommand {}

    /// End the transaction with this lock, if its time is up.
    record Expire(LockToken lock) implements CatalogCommand {}
}
