package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The way to change requests: at HQ to record and decide them, at a store to see its queue and what became of
/// it. At a store everything but reading is refused as [Refusal.HqOnly]. Answered when the journal has it.
public interface ChangeRequestPort {
    /// The same requests; what an open transaction keeps out waits for its end as long as the patience lasts, and
    /// is refused as [Refusal.Locked] then. At a store [#withdraw] waits as long for what HQ makes of it.
    ChangeRequestPort waiting(Duration patience);

    /// Answered with [Answer.Recorded]. `history`: the one that the store follows, where it says so; in another one
    /// nothing is recorded.
    CompletionStage<Answer> record(
            CatalogId catalog,
            StoreId store,
            long epoch,
            Optional<HistoryId> history,
            List<OfferedRequest> requests,
            Provenance provenance);

    /// Answered with [Answer.Decided]. `seen`: the version the reviewer looked at; without it, the request's base.
    CompletionStage<Answer> approve(CatalogId catalog, RequestId id, Optional<Version> seen, Provenance provenance);

    /// Answered with [Answer.Decided].
    CompletionStage<Answer> reject(CatalogId catalog, RequestId id, Provenance provenance);

    /// Answered with [Answer.Commented].
    CompletionStage<Answer> comment(CatalogId catalog, RequestId id, String text, Provenance provenance);

    /// Takes a request back. At HQ answered with [Answer.Decided]; at its store with [Answer.Queued], for HQ may
    /// have decided it meanwhile, or as at HQ when that has answered while there was patience.
    ///
    /// @param role the caller's
    CompletionStage<Answer> withdraw(CatalogId catalog, RequestId id, Provenance provenance, Optional<String> role);

    CompletionStage<Reading<ChangeRequest>> get(CatalogId catalog, RequestId id);

    /// What a request asks to change: each slot with its value at the request's base, the one asked for, and the
    /// one that stands; of the first [#VALUED] objects.
    CompletionStage<List<Conflict>> values(CatalogId catalog, ChangeRequest request);

    /// Of so many objects the values are shown.
    int VALUED = 100;

    /// At most `limit` requests by id (oldest first), from the one after `query.after()` on; at a store those still
    /// in the queue are among them.
    CompletionStage<Reading<Requests>> list(CatalogId catalog, RequestsQuery query);

    record RequestsQuery(
            Optional<Status> status,
            Optional<StoreId> store,
            Optional<Version> version,
            Optional<RequestId> after,
            int limit) {
        /// The same about one store's.
        public RequestsQuery of(StoreId one) {
            return new RequestsQuery(status, Optional.of(one), version, after, limit);
        }
    }

    record Requests(List<ChangeRequest> requests, boolean more) {
        public Requests {
            requests = List.copyOf(requests);
        }
    }
}
