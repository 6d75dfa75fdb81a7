package dev.storemesh.ops.site;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// A client under load: it writes as fast as it is answered and keeps a book of it. Each write makes one object of
/// its own and puts its key on the one object that all writers share.
final class Writer {
    static final String SHARED = "shared";

    private final String name;
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Boolean> unknown = new ConcurrentHashMap<>();
    private final Queue<String> again = new ArrayDeque<>();
    private long count;
    private volatile long lastAnswerNanos;

    Writer(String name) {
        this.name = name;
    }

    static String object(String key) {
        return "o-" + key;
    }

    /// The version that each acknowledged write was told.
    Map<String, Long> acknowledged() {
        return acknowledged;
    }

    /// Keys of the writes of which nobody told us anything.
    Iterable<String> unknown() {
        return unknown.keySet().stream().sorted().toList();
    }

    /// Has this write sent once more, under its key, before any new one.
    void sendAgain(String key) {
        again.add(key);
    }

    /// Writes until nobody listens any more.
    void writeUntilCut(Caller caller, String catalog) throws InterruptedException {
        while (true) {
            var key = Optional.ofNullable(again.poll()).orElseGet(() -> name + "-" + count++);
            try {
                take(key, caller.post("/catalogs/" + catalog + "/writes", body(key), Optional.of(key)));
            } catch (ConnectException nobodyThere) {
                return; // it was not even sent
            } catch (IOException cut) {
                unknown.putIfAbsent(key, true);
            }
        }
    }

    /// Writes until `enough`, whatever is answered or not, and keeps the answers' times.
    void writeUntil(Caller caller, String catalog, BooleanSupplier enough) throws InterruptedException {
        while (!enough.getAsBoolean()) {
            var key = name + "-" + count++;
            var before = acknowledged.size();
            try {
                take(key, caller.post("/catalogs/" + catalog + "/writes", body(key), Optional.of(key)));
            } catch (IOException cut) {
                unknown.putIfAbsent(key, true);
            }
            if (acknowledged.size() > before) {
                lastAnswerNanos = System.nanoTime();
            }
        }
    }

    /// When it was answered last, by [System#nanoTime]; 0: never.
    long lastAnswerNanos() {
        return lastAnswerNanos;
    }

    private void take(String key, Reply reply) {
        if (reply.status() == 429) {
            return; // refused: nothing happened
        }
        if (reply.status() == 503) {
            unknown.putIfAbsent(key, true); // it may have happened
            return;
        }
        var version = reply.expect(200).body().path("version").asLong();
        var before = acknowledged.putIfAbsent(key, version);
        if (before != null
                && (before != version || !reply.body().path("replayed").asBoolean())) {
            throw new AssertionError(key + " was version " + before + " and is now " + reply);
        }
        unknown.remove(key);
    }

    static String body(String key) {
        return "{\"operations\":[{\"op\":\"put\",\"object\":\"" + object(key)
                + "\",\"create\":true,\"type\":\"retail.item\",\"set\":[{\"attribute\":\"retail.item.name\",\"value\":\""
                + key + "\"}]},{\"op\":\"put\",\"object\":\"" + SHARED
                + "\",\"set\":[{\"attribute\":\"retail.item.note\",\"value\":\"" + key + "\"}]}],\"reason\":\"load\"}";
    }
}
