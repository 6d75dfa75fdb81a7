package dev.storemesh.ops.site;

import dev.storemesh.ops.history.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// How a client gets an answer of a site of several nodes: it asks one, with little patience, and the next when
/// that does not answer. It keeps in mind whether what it asked for may have been done meanwhile.
final class Asking {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long AVOIDED_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int READS = 5;

    private final List<Caller> nodes;
    private final SplittableRandom random;
    private final long[] failedAt;

    Asking(List<Caller> nodes, SplittableRandom random) {
        this.nodes = nodes;
        this.random = random;
        this.failedAt = new long[nodes.size()];
        Arrays.fill(failedAt, System.nanoTime() - AVOIDED_NANOS);
    }

    record Request(String method, String path, String body, Map<String, String> headers) {
        static Request get(String path, Map<String, String> headers) {
            return new Request("GET", path, "", headers);
        }
    }

    /// @param node who said so, from 1; 0: nobody
    record Settled(int node, Outcome outcome) {}

    /// Asks for a change until somebody says what came of it. Nothing is done twice: the request has an idempotency
    /// key, or is the end of a transaction.
    ///
    /// @param good what a 2xx comes to
    /// @param isEnd whether a transaction that is over refuses it for good
    Settled change(Request request, Function<Reply, Outcome> good, boolean isEnd) {
        var givesUp = random.nextInt(5) == 0; // as soon as nobody knows
        var until = System.nanoTime() + PATIENCE_NANOS;
        var unknown = "";
        while (true) {
            var node = choose();
            try {
                var reply = send(node, request);
                switch (reply.status()) {
                    case 200, 201 -> {
                        return new Settled(node + 1, good.apply(reply));
                    }
                    case 410 -> {
                        return new Settled(
                                node + 1,
                                unknown.isEmpty() || isEnd
                                        ? new Outcome.Over(
                                                reply.body().path("how").asText())
                                        : new Outcome.Unknown(unknown));
                    }
                    case 503 -> {
                        failedAt[node] = System.nanoTime();
                        if (!reply.body().path("detail").asText().startsWith("Nothing was done")) {
                            unknown = reply.raw();
                        }
                    }
                    case 429 -> {}
                    default -> {
                        if (unknown.isEmpty()) {
                            return new Settled(node + 1, refused(reply));
                        }
                        if (reply.status() != 423) { // else it is not decided until the other one has ended
                            return new Settled(node + 1, new Outcome.Unknown(unknown));
                        }
                    }
                }
                if (unknown.isEmpty() && givesUp) {
                    return new Settled(node + 1, refused(reply));
                }
            } catch (ConnectException nobodyThere) {
                failedAt[node] = System.nanoTime();
            } catch (IOException cut) {
                failedAt[node] = System.nanoTime();
                unknown = cut.toString();
            }
            var isLate = System.nanoTime() - until > 0;
            if (!unknown.isEmpty() && (givesUp || isLate)) {
                return new Settled(0, new Outcome.Unknown(unknown));
            }
            if (isLate) {
                return new Settled(0, new Outcome.Refused(503, "nobody_there"));
            }
            pause();
        }
    }

    /// Asks to read something, at a few nodes at most.
    ///
    /// @param good what a 200 or a 404 comes to
    Settled read(Request request, Function<Reply, Outcome> good) {
        var last = "";
        for (var i = 0; i < READS; i++) {
            var node = choose();
            try {
                var reply = send(node, request);
                switch (reply.status()) {
                    case 200, 404 -> {
                        return new Settled(node + 1, good.apply(reply));
                    }
                    case 410 -> {
                        return new Settled(
                                node + 1,
                                new Outcome.Over(reply.body().path("how").asText()));
                    }
                    case 503, 429 -> last = reply.raw();
                    default -> {
                        return new Settled(node + 1, refused(reply));
                    }
                }
            } catch (IOException e) {
                last = e.toString();
            }
            failedAt[node] = System.nanoTime();
            pause();
        }
        return new Settled(0, new Outcome.Unknown(last));
    }

    private static Outcome refused(Reply reply) {
        return new Outcome.Refused(reply.status(), reply.body().path("code").asText());
    }

    private Reply send(int node, Request request) throws IOException {
        var patience = Duration.ofMillis(random.nextInt(10) == 0 ? 300 : random.nextInt(1_000, 4_000));
        try {
            return nodes.get(node)
                    .within(patience)
                    .call(request.method(), request.path(), request.body(), request.headers());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts clients", e);
        }
    }

    /// Any node, but seldom one that failed just now.
    private int choose() {
        var node = random.nextInt(nodes.size());
        for (var i = 0; i < nodes.size(); i++) {
            if (System.nanoTime() - failedAt[node] > AVOIDED_NANOS || random.nextInt(10) == 0) {
                return node;
            }
            node = (node + 1) % nodes.size();
        }
        return node;
    }

    private void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(10, 80)));
    }
}
