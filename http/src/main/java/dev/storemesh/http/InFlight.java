package dev.storemesh.http;

import dev.storemesh.http.problem.Problem;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests that wait for their answer, so that a stop can give them one: Pekko's own termination only resets
/// their connections. Once the server is leaving, each answer tells its client to go elsewhere for the next one.
final class InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);
    private static final Problem STOPPING = Problem.unavailable(
            "stopping", "This server is stopping, and what was asked may have been done: try again.");

    private final Map<Long, CompletableFuture<HttpResponse>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private volatile boolean leaving;
    private volatile boolean finishing;

    Function<HttpRequest, CompletionStage<HttpResponse>> counting(
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        return request -> {
            var cut = new CompletableFuture<HttpResponse>();
            long number = last.incrementAndGet();
            waiting.put(number, cut);
            return CompletableFuture.completedStage(request)
                    .thenCompose(handler)
                    .exceptionally(InFlight::bug)
                    .whenComplete((response, failure) -> waiting.remove(number))
                    .applyToEither(cut, Function.identity())
                    .thenApply(this::told);
        };
    }

    private HttpResponse told(HttpResponse response) {
        if (!leaving) {
            return response;
        }
        completeIfNobodyWaits();
        return response.addHeader(Connection.create("close"));
    }

    private static HttpResponse bug(Throwable failure) {
        LOG.error("a handler failed", failure);
        return Problem.of(500, "internal_error", "There is an error in this server; its log describes it.")
                .response();
    }

    /// From now on connections end with their next answer.
    void leave() {
        leaving = true;
    }

    /// When nobody waits any more; asked once, after [#leave()].
    CompletionStage<Void> answered() {
        finishing = true;
        completeIfNobodyWaits();
        return answered;
    }

    private void completeIfNobodyWaits() {
        if (finishing && waiting.isEmpty()) {
            answered.complete(null);
        }
    }

    /// Answers 503 to who still waits.
    void cut() {
        waiting.values().forEach(cut -> cut.complete(STOPPING.response()));
        answered.complete(null);
    }
}
