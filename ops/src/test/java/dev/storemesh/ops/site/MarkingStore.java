package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Somebody at a store who puts one mark after the other on items, each by a change request under a key of its
/// own, and gives none up before the store has it. The marks of a store are numbered.
final class MarkingStore {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final int store;
    private final List<String> items;
    private final Random random;
    private int turn;
    private final List<String> acknowledged =
            Collections.synchronizedList(new ArrayList<>()); // change requests, by the number of their marks

    MarkingStore(int store, List<String> items, long seed) {
        this.store = store;
        this.items = items;
        this.random = new Random(seed + store);
    }

    String location() {
        return "store-" + store;
    }

    /// How many marks the store acknowledged, from 0 on without a gap.
    int marks() {
        return acknowledged.size();
    }

    /// The change request that each was acknowledged as.
    List<String> requests() {
        return List.copyOf(acknowledged);
    }

    static String mark(int store, int number) {
        return "s%d-%06d".formatted(store, number);
    }

    /// Marks until it is enough; what was begun is brought to its end.
    void work(Caller caller, BooleanSupplier enough) throws InterruptedException {
        while (!enough.getAsBoolean()) {
            mark(caller);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// The same at one node of the store after the other, also when one has not answered.
    void work(List<Caller> nodes, BooleanSupplier enough) throws InterruptedException {
        while (!enough.getAsBoolean()) {
            mark(() -> nodes.get(turn++ % nodes.size()));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// One mark, however often it has to be sent.
    void mark(Caller caller) throws InterruptedException {
        mark(() -> caller);
    }

    private void mark(Supplier<Caller> caller) throws InterruptedException {
        var mark = mark(store, acknowledged.size());
        var body = "{\"operations\":[{\"op\":\"put\",\"object\":\"" + items.get(random.nextInt(items.size()))
                + "\",\"set\":[{\"attribute\":\"com.acme.mark\",\"location\":\"" + location() + "\",\"value\":\"" + mark
                + "\"}]}]}";
        var answer = Optional.<JsonNode>empty();
        while (answer.isEmpty()) {
            answer = sent(caller.get().within(PATIENCE), body, mark);
            if (answer.isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        acknowledged.add(answer.get().path("changeRequest").asText());
    }

    /// Empty: the store is away, or cannot tell.
    private static Optional<JsonNode> sent(Caller caller, String body, String key) throws InterruptedException {
        try {
            var reply = caller.post("/catalogs/demo/writes", body, Optional.of(key));
            return reply.status() == 503
                    ? Optional.empty()
                    : Optional.of(reply.expect(202).body());
        } catch (IOException away) {
            return Optional.empty();
        }
    }
}
