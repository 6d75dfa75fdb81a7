package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation.Put;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A store's change requests: those HQ has not recorded yet, in order, and what was answered to those that
/// carried an idempotency key. Immutable; it grows by one at the same cost however many there are. Compares by
/// what is in it.
public final class RequestQueue {
    public static final RequestQueue EMPTY = new RequestQueue(List.of(), 0, 0, Map.of());

    /// How long after it was queued a repeated request is still known by its key; one that HQ has not recorded
    /// always is.
    public static final Duration KEPT = Duration.ofDays(30);

    private final UnrecordedRequests unrecorded;
    private final PersistentMap<RequestId, QueuedRequest> byId;
    private final PersistentMap<ObjectToken, TypeName> making;
    private final PersistentMap<RequestId, RequestId> withdrawals; // by what they withdraw
    private final long weight;
    private final long offered;
    private final long last;
    private final PersistentMap<IdempotencyKey, KeptAnswer> answers;

    /// What was answered to a request that carried a key.
    public record KeptAnswer(RequestId id, String digest, Map<String, ObjectToken> names, Instant queuedAt) {
        public KeptAnswer {
            names = Map.copyOf(names);
        }
    }

    /// @param unrecorded in the order of their sequences
    /// @param offered HQ may have all up to this sequence
    /// @param last the newest sequence given out
    /// @param answers those of recorded requests are kept for [#KEPT]
    public RequestQueue(
            Collection<QueuedRequest> unrecorded, long offered, long last, Map<IdempotencyKey, KeptAnswer> answers) {
        this(
                UnrecordedRequests.of(unrecorded),
                PersistentMap.of(unrecorded.stream()
                        .collect(Collectors.toMap(QueuedRequest::id, request -> request, (first, second) -> first))),
                PersistentMap.of(making(unrecorded)),
                PersistentMap.of(unrecorded.stream()
                        .filter(request -> request.withdraws().isPresent())
                        .collect(Collectors.toMap(
                                request -> request.withdraws().orElseThrow(),
                                QueuedRequest::id,
                                (first, second) -> first))),
                unrecorded.stream().mapToLong(QueuedRequest::weight).sum(),
                offered,
                last,
                PersistentMap.of(answers));
    }

    private RequestQueue(
            UnrecordedRequests unrecorded,
            PersistentMap<RequestId, QueuedRequest> byId,
            PersistentMap<ObjectToken, TypeName> making,
            PersistentMap<RequestId, RequestId> withdrawals,
            long weight,
            long offered,
            long last,
            PersistentMap<IdempotencyKey, KeptAnswer> answers) {
        this.unrecorded = unrecorded;
        this.byId = byId;
        this.making = making;
        this.withdrawals = withdrawals;
        this.weight = weight;
        this.offered = offered;
        this.last = last;
        this.answers = answers;
    }

    private static Map<ObjectToken, TypeName> making(Collection<QueuedRequest> requests) {
        var making = new HashMap<ObjectToken, TypeName>();
        for (var request : requests) {
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

    /// What HQ has not recorded, in order.
    public List<QueuedRequest> unrecorded() {
        return unrecorded.stream().toList();
    }

    /// How many HQ has not recorded.
    public int size() {
        return byId.size();
    }

    /// About how many bytes they take.
    public long weight() {
        return weight;
    }

    public long offered() {
        return offered;
    }

    public long last() {
        return last;
    }

    public Map<IdempotencyKey, KeptAnswer> answers() {
        return answers.toMap();
    }

    /// What was answered to a request with this key, if it is not too long ago.
    public Optional<KeptAnswer> answer(IdempotencyKey key, Instant now) {
        return answers.get(key).filter(answer -> !isOver(answer, now));
    }

    public Optional<QueuedRequest> find(RequestId id) {
        return byId.get(id);
    }

    /// The type of an object that an unrecorded request wants to make; empty: none does.
    public Optional<TypeName> making(ObjectToken token) {
        return making.get(token);
    }

    /// The unrecorded request that takes another back.
    public Optional<RequestId> withdrawalOf(RequestId target) {
        return withdrawals.get(target);
    }

    /// The first requests after `sequence` that HQ has not recorded, at most `limit`.
    public List<QueuedRequest> next(long sequence, int limit) {
        return unrecorded.after(sequence).limit(limit).toList();
    }

    /// Where one of the unrecorded requests stands. Of a recorded one its object tells. What HQ never heard of
    /// and is taken back is surely withdrawn.
    public Status status(QueuedRequest request) {
        if (request.sequence() <= offered) {
            return Status.SENT;
        }
        return withdrawalOf(request.id()).isPresent() ? Status.WITHDRAWN : Status.QUEUED;
    }

    RequestQueue plus(QueuedRequest request) {
        var key = IdempotencyKey.of(request.provenance());
        var madeNow = making(List.of(request));
        var madeAll = making;
        for (var made : madeNow.entrySet()) {
            madeAll = madeAll.with(made.getKey(), made.getValue(), (token, type) -> false);
        }
        return new RequestQueue(
                unrecorded.plus(request),
                byId.with(request.id(), request, (id, known) -> false),
                madeAll,
                request.withdraws()
                        .map(target -> withdrawals.with(target, request.id(), (id, known) -> false))
                        .orElse(withdrawals),
                weight + request.weight(),
                offered,
                Math.max(last, request.sequence()),
                key.map(mine -> answers.with(
                                mine,
                                new KeptAnswer(request.id(), request.digest(), request.names(), request.queuedAt()),
                                (other, answer) -> isOver(answer, request.queuedAt())))
                        .orElse(answers));
    }

    private boolean isOver(KeptAnswer answer, Instant now) {
        return byId.get(answer.id()).isEmpty() && answer.queuedAt().isBefore(now.minus(KEPT));
    }

    RequestQueue offeredUpTo(long sequence) {
        return new RequestQueue(
                unrecorded, byId, making, withdrawals, weight, Math.max(offered, sequence), last, answers);
    }

    RequestQueue recorded(Set<ObjectToken> records) {
        var ids = records.stream()
                .map(token -> new RequestId(token.text()))
                .filter(id -> byId.get(id).isPresent())
                .collect(Collectors.toSet());
        var rest = this;
        for (var id : ids) {
            rest = rest.without(byId.get(id).orElseThrow());
        }
        return new RequestQueue(
                unrecorded.without(ids), rest.byId, rest.making, rest.withdrawals, rest.weight, offered, last, answers);
    }

    private RequestQueue without(QueuedRequest request) {
        var rest = making;
        for (var token : making(List.of(request)).keySet()) {
            rest = rest.without(token);
        }
        return new RequestQueue(
                unrecorded,
                byId.without(request.id()),
                rest,
                request.withdraws().map(withdrawals::without).orElse(withdrawals),
                weight - request.weight(),
                offered,
                last,
                answers);
    }

    /// The same for an HQ whose newest version is this one: none of them has seen a later one.
    RequestQueue seeingAtMost(Version newest) {
        return unrecorded.stream().noneMatch(request -> request.base().isAfter(newest))
                ? this
                : new RequestQueue(
                        unrecorded.stream()
                                .map(request -> request.base().isAfter(newest) ? request.withBase(newest) : request)
                                .toList(),
                        offered,
                        last,
                        answers.toMap());
    }

    /// Numbers what HQ has not recorded from 1 on.
    RequestQueue renumbered() {
        return renumbered(List.of());
    }

    /// The same after others, which HQ has forgotten.
    RequestQueue renumbered(List<QueuedRequest> first) {
        var numbered = new ArrayList<QueuedRequest>();
        Stream.concat(first.stream(), unrecorded.stream())
                .forEach(request -> numbered.add(request.withSequence(numbered.size() + 1L)));
        return new RequestQueue(numbered, 0, numbered.size(), answers.toMap());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestQueue queue
                && unrecorded.equals(queue.unrecorded)
                && offered == queue.offered
                && last == queue.last
                && answers.equals(queue.answers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(unrecorded, offered, last, answers);
    }

    @Override
    public String toString() {
        return "RequestQueue[" + unrecorded + ", offered=" + offered + ", last=" + last + "]";
    }
}
