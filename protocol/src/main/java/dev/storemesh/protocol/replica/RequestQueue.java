package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation.Put;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A store's change requests: those HQ has not recorded yet, in order, and what was answered to those that carried an
/// idempotency key. Immutable.
///
/// `offered`: HQ may have all up to this sequence. `last`: the newest sequence given out. `answers` of recorded
/// requests are kept for [#KEPT].
public record RequestQueue(
        List<QueuedRequest> unrecorded, long offered, long last, Map<IdempotencyKey, KeptAnswer> answers) {
    public static final RequestQueue EMPTY = new RequestQueue(List.of(), 0, 0, Map.of());

    /// How long after it was queued a repeated request is still known by its key; one that HQ has not recorded always
    /// is.
    public static final Duration KEPT = Duration.ofDays(30);

    /// What was answered to a request that carried a key.
    public record KeptAnswer(RequestId id, String digest, Map<String, ObjectToken> names, Instant queuedAt) {
        public KeptAnswer {
            names = Map.copyOf(names);
        }
    }

    public RequestQueue {
        unrecorded = List.copyOf(unrecorded);
        answers = Map.copyOf(answers);
    }

    public Optional<KeptAnswer> answer(IdempotencyKey key) {
        return Optional.ofNullable(answers.get(key));
    }

    /// The objects that unrecorded requests want to make, with their types.
    public Map<ObjectToken, TypeName> making() {
        var making = new HashMap<ObjectToken, TypeName>();
        for (var request : unrecorded) {
            for (var operation : request.operations()) {
                if (operation instanceof Put put
                        && put.create()
                        && put.object() instanceof ObjectRef.Known(var token)
                        && put.type().isPresent()) {
                    making.put(token, put.type().get());
                }
            }
        }
        return making;
    }

    /// The first requests after `sequence` that HQ has not recorded, at most `limit`.
    public List<QueuedRequest> next(long sequence, int limit) {
        return unrecorded.stream()
                .filter(request -> request.sequence() > sequence)
                .limit(limit)
                .toList();
    }

    /// Where one of the unrecorded requests stands. Of a recorded one its object tells.
    public Status status(QueuedRequest request) {
        return request.sequence() <= offered ? Status.SENT : Status.QUEUED;
    }

    RequestQueue plus(QueuedRequest request) {
        var more = new ArrayList<>(unrecorded);
        more.add(request);
        var kept = new LinkedHashMap<>(answers);
        var waiting = unrecorded.stream().map(QueuedRequest::id).collect(Collectors.toSet());
        kept.values()
                .removeIf(answer -> !waiting.contains(answer.id())
                        && answer.queuedAt().isBefore(request.queuedAt().minus(KEPT)));
        IdempotencyKey.of(request.provenance())
                .ifPresent(key -> kept.put(
                        key, new KeptAnswer(request.id(), request.digest(), request.names(), request.queuedAt())));
        return new RequestQueue(more, offered, Math.max(last, request.sequence()), kept);
    }

    RequestQueue offeredUpTo(long sequence) {
        return new RequestQueue(unrecorded, Math.max(offered, sequence), last, answers);
    }

    RequestQueue recorded(Set<ObjectToken> records) {
        var rest = unrecorded.stream()
                .filter(request -> !records.contains(request.id().token()))
                .toList();
        return new RequestQueue(rest, offered, last, answers);
    }

    /// Numbers what HQ has not recorded from 1 on.
    RequestQueue renumbered() {
        var numbered = new ArrayList<QueuedRequest>(unrecorded.size());
        for (var request : unrecorded) {
            numbered.add(request.withSequence(numbered.size() + 1L));
        }
        return new RequestQueue(numbered, 0, numbered.size(), answers);
    }
}
