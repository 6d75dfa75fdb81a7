package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/// Reads request bodies into memory, up to a limit. What comes beyond it is read and dropped for a while, so
/// that the client gets to see the 413 instead of a broken connection; then the connection ends.
final class Bodies {
    /// How much of a body that is refused anyway is still taken from the network.
    private static final long DRAINED_BYTES = 8L << 20;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(2);

    private final long limitBytes;
    private final long linesLimitBytes;
    private final Duration deadline;
    private final Materializer materializer;

    Bodies(RouterSettings settings, Materializer materializer) {
        this.limitBytes = settings.bodyLimitBytes();
        this.linesLimitBytes = settings.linesLimitBytes();
        this.deadline = settings.bodyDeadline();
        this.materializer = materializer;
    }

    /// How long a body may take to come, and one that is taken as it comes may bring nothing.
    Duration deadline() {
        return deadline;
    }

    /// A body that is taken as it comes.
    Incoming incoming(HttpRequest request, boolean packed) {
        return new Incoming(request, packed, deadline, linesLimitBytes, materializer);
    }

    /// The whole body; fails with a [ProblemException] when it is too large or too slow.
    CompletionStage<byte[]> read(HttpEntity entity) {
        if (entity instanceof HttpEntity.Strict strict && strict.getData().size() <= limitBytes) {
            return CompletableFuture.completedFuture(strict.getData().toArray()); // it came with its request
        }
        return entity.withoutSizeLimit()
                .getDataBytes()
                .limitWeighted(limitBytes + DRAINED_BYTES, bytes -> (long) bytes.size())
                .completionTimeout(deadline)
                .runWith(Sink.fold(new Gathered(limitBytes), Gathered::add), materializer)
                .handle((gathered, failure) -> {
                    if (failure != null) {
                        throw refused(failure);
                    }
                    if (gathered.size > limitBytes) {
                        throw new ProblemException(tooLarge());
                    }
                    return gathered.bytes.result().toArray();
                });
    }

    private CompletionStage<Done> dropped(HttpEntity entity) {
        return entity.withoutSizeLimit()
                .getDataBytes()
                .limitWeighted(DRAINED_BYTES, bytes -> (long) bytes.size())
                .completionTimeout(deadline.compareTo(DRAIN_TIME) < 0 ? deadline : DRAIN_TIME)
                .runWith(Sink.ignore(), materializer)
                .exceptionally(beyond -> Done.getInstance()); // the connection ends, as the answer says
    }

    /// An answer to a request whose body nobody wants: given when the body has come, or enough of it, since a
    /// client that is still sending when the connection ends may never see it. The rest of the connection is of no
    /// use.
    CompletionStage<HttpResponse> unread(HttpRequest request, HttpResponse response) {
        return request.entity().isStrict()
                ? CompletableFuture.completedFuture(response)
                : dropped(request.entity()).thenApply(done -> response.addHeader(Connection.create("close")));
    }

    private RuntimeException refused(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case StreamLimitReachedException beyond -> new ProblemException(tooLarge());
            case TimeoutException slow ->
                new ProblemException(Problem.of(
                        408,
                        "request_timeout",
                        "The body did not arrive within " + deadline.toSeconds() + " seconds."));
            default ->
                new ProblemException(Problem.of(400, "malformed_request", "The body ended before it was complete."));
        };
    }

    private Problem tooLarge() {
        return Problem.limit(413, "too_large", limitBytes, "The body is larger than " + limitBytes + " bytes.");
    }

    /// What was read so far; only counted once it is too much.
    private static final class Gathered {
        private final long limit;
        private final ByteStringBuilder bytes = new ByteStringBuilder();
        private long size;

        Gathered(long limit) {
            this.limit = limit;
        }

        Gathered add(ByteString more) {
            size += more.size();
            if (size <= limit) {
                bytes.append(more);
            }
            return this;
        }
    }
}
