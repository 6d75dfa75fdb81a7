package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A client as the documents want it: it writes under idempotency keys and reads what it has written, at the node it
/// prefers while that is there, at the other one else. It sends a request again when that was answered 503 with
/// `Retry-After`, or was not taken; any other failure ends it.
final class LoyalClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /// What it does between two requests: the load is to be one that nodes can be started under.
    private static final long THINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String name;
    private final String catalog;
    private final List<KeptConnection> nodes;
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private volatile long lastAnswerNanos;
    private long slowestNanos;
    private int answers;
    private int unavailable;
    private int refused;
    private long awaySince;
    private int at;

    /// @param nodes the preferred one first
    LoyalClient(String name, String catalog, String token, List<String> nodes) {
        this.name = name;
        this.catalog = catalog;
        this.nodes = nodes.stream().map(url -> new KeptConnection(url, token)).toList();
    }

    /// The version that each write was told. It gives none up.
    Map<String, Long> acknowledged() {
        return acknowledged;
    }

    String catalog() {
        return catalog;
    }

    long lastAnswerNanos() {
        return lastAnswerNanos;
    }

    /// What it met; to be asked when it has ended.
    String figures() {
        return "%s: %d answers, %d writes, %d times 503, %d times nobody there, slowest %d ms"
                .formatted(
                        name,
                        answers,
                        acknowledged.size(),
                        unavailable,
                        refused,
                        TimeUnit.NANOSECONDS.toMillis(slowestNanos));
    }

    /// Writes and reads in turn until `enough`, and finishes what it began.
    void work(BooleanSupplier enough) throws IOException {
        for (var count = 0; !enough.getAsBoolean(); count++) {
            var key = name + "-" + count;
            var written = JSON.readTree(answered(
                    "POST", "/catalogs/" + catalog + "/writes", "Idempotency-Key: " + key + "\r\n", Writer.body(key)));
            acknowledged.put(key, written.path("version").asLong());
            var read =
                    JSON.readTree(answered("GET", "/catalogs/" + catalog + "/objects/" + Writer.object(key), "", ""));
            if (!read.path("object").asText().equals(Writer.object(key))) {
                throw new AssertionError(key + " was written as " + written + " and is read as " + read);
            }
            LockSupport.parkNanos(THINKING_NANOS);
        }
        for (var connection : nodes) {
            connection.close();
        }
    }

    /// The body of the 200 that the request is answered with in the end.
    private String answered(String method, String path, String headers, String body) throws IOException {
        while (true) {
            var asked = System.nanoTime();
            var answer = nodes.get(chosen(asked)).ask(method, path, headers, body);
            var now = System.nanoTime();
            if (answer.isEmpty()) {
                refused++;
                at = 1 - at;
                awaySince = now;
                LockSupport.parkNanos(REFUSED_NANOS);
                continue;
            }
            answers++;
            lastAnswerNanos = now;
            slowestNanos = Math.max(slowestNanos, now - asked);
            if (answer.get().status() == 200) {
                return answer.get().body();
            }
            unavailable++;
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(pause(answer.get(), method + " " + path)));
        }
    }

    /// It comes back to the node it prefers.
    private int chosen(long now) {
        if (at == 1 && now - awaySince > AWAY_NANOS) {
            at = 0;
        }
        return at;
    }

    private static long pause(KeptConnection.Answer answer, String what) {
        var pause = Optional.ofNullable(answer.headers().get("retry-after")).map(Long::parseLong);
        if (answer.status() != 503 || pause.isEmpty()) {
            throw new AssertionError(what + ": " + answer);
        }
        return pause.get();
    }
}
