package dev.storemesh.node.replica;

import dev.storemesh.node.replica.ReplicaEntity.Shown;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.write.WriteJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a store's queue looks like from outside: requests that HQ has not recorded, by their ids. Pure.
final class QueueView {
    /// What one answer carries: it may have to travel to another node.
    private static final long BYTES = 2 << 20;

    private QueueView() {}

    static Shown find(Following replica, RequestId id) {
        return new Shown(
                replica.store(),
                replica.head(),
                replica.queue().find(id).map(request -> shown(replica, request)).stream()
                        .toList(),
                false);
    }

    /// At most as many as are asked for, and about [#BYTES], at least one.
    static Shown list(Following replica, RequestsQuery query) {
        if (query.store().map(store -> !store.equals(replica.store())).orElse(false)) {
            return new Shown(replica.store(), replica.head(), List.of(), false);
        }
        var fitting = replica.queue().unrecorded().stream()
                .filter(request -> query.after()
                        .map(after -> request.id().compareTo(after) > 0)
                        .orElse(true))
                .filter(request -> query.status()
                        .map(replica.queue().status(request)::equals)
                        .orElse(true))
                .sorted(Comparator.comparing(QueuedRequest::id))
                .limit(query.limit() + 1L)
                .toList();
        var some = new ArrayList<ChangeRequest>();
        var bytes = 0L;
        for (var request : fitting) {
            bytes += request.weight();
            if (some.size() == query.limit() || !some.isEmpty() && bytes > BYTES) {
                break;
            }
            some.add(shown(replica, request));
        }
        return new Shown(replica.store(), replica.head(), some, some.size() < fitting.size());
    }

    private static ChangeRequest shown(Following replica, QueuedRequest request) {
        return new ChangeRequest(
                request.id(),
                replica.store(),
                replica.queue().status(request),
                replica.epoch(),
                request.sequence(),
                request.base(),
                CanonicalJson.text(WriteJson.write(request.operations())),
                request.provenance().caller(),
                request.provenance().reason(),
                request.queuedAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ChangeRequest.Details.queued(request.role(), request.withdraws()));
    }
}
