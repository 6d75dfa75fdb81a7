package dev.storemesh.http.route;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// A store's way to HQ, for requests that HQ answers. Both bodies are passed on as they come, as fast as the other side
/// takes them.
public interface HqPort {
    /// Whether HQ answered the store's own link the last time.
    boolean isReachable();

    /// Sends a request to HQ, as it is: its target is a path with a query. Done when HQ begins to answer; never fails.
    ///
    /// @param patience how long that may take; empty: as long as the connection lasts
    CompletionStage<Passed> pass(HttpRequest request, Optional<Duration> patience);

    /// What passing a request on comes to.
    sealed interface Passed {
        /// The body must be taken or dropped.
        record Answered(HttpResponse response) implements Passed {}

        /// HQ got nothing of it.
        record NotSent(String reason) implements Passed {}

        /// HQ may have got it, and may have done it.
        record Unanswered(String reason) implements Passed {}
    }
}
