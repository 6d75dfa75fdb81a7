package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Compression;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// The body of a request that is taken while it comes, once, as fast as its taker likes.
final class Incoming {
    private static final int UNPACKED_BYTES = 64 << 10; // at once

    private final HttpRequest request;
    private final boolean packed;
    private final Duration patience;
    private final long limitBytes;
    private final Materializer materializer;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private volatile boolean taken;

    /// @param packed whether it is gzip
    /// @param patience how long the client may send nothing that is waited for
    Incoming(HttpRequest request, boolean packed, Duration patience, long limitBytes, Materializer materializer) {
        this.request = request;
        this.packed = packed;
        this.patience = patience;
        this.limitBytes = limitBytes;
        this.materializer = materializer;
    }

    /// How much the taker may take of it, unpacked.
    long limitBytes() {
        return limitBytes;
    }

    /// What to run its stream with.
    Materializer materializer() {
        return materializer;
    }

    /// What came, unpacked; fails with a [ProblemException]. When its taker has enough the rest is read and dropped
    /// for a while: a client that is still sending would not see the answer.
    Source<ByteString, ?> bytes() {
        if (taken) {
            throw new IllegalStateException("a body was taken twice");
        }
        taken = true;
        var bytes = request.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .viaMat(new Drained(patience), Keep.right())
                .mapMaterializedValue(this::ends)
                .mapError(new PFBuilder<Throwable, Throwable>()
                        .matchAny(failure -> refused(failure))
                        .build());
        return packed
                ? bytes.via(Compression.gzipDecompress(UNPACKED_BYTES))
                        .mapError(new PFBuilder<Throwable, Throwable>()
                                .match(ProblemException.class, refused -> refused)
                                .matchAny(failure -> malformed("The body is not gzip, or was cut off."))
                                .build())
                : bytes;
    }

    private CompletionStage<Boolean> ends(CompletionStage<Boolean> drained) {
        drained.whenComplete((all, failure) -> over.complete(failure == null && all));
        return drained;
    }

    private ProblemException refused(Throwable failure) {
        return failure instanceof TimeoutException
                ? new ProblemException(Problem.of(
                        408, "request_timeout", "Nothing of the body arrived for " + patience.toSeconds() + " s."))
                : malformed("The body ended before it was complete.");
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(400, "malformed_request", detail));
    }

    /// The answer when the client can take it: when the body has come, or enough of it.
    ///
    /// @param untaken what to do with a body that nobody took
    CompletionStage<HttpResponse> answered(HttpResponse response, Supplier<CompletionStage<HttpResponse>> untaken) {
        return taken
                ? over.thenApply(all -> all ? response : response.addHeader(Connection.create("close")))
                : untaken.get();
    }
}
