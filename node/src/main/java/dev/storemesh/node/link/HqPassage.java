package dev.storemesh.node.link;

import dev.storemesh.http.route.HqPort;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.SitePort.LinkState;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import scala.concurrent.duration.FiniteDuration;

/// Passes requests of a store's clients on to HQ, each by a connection of its own: a request on a connection that was
/// used before may find that HQ has closed it, and then nobody could say whether HQ got it.
public final class HqPassage implements HqPort {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /// Of an answer: a page of an export comes as one.
    private static final int CHUNK_BYTES = 256 << 20;
    /// Whether there was a connection is known when its request has failed, if not a moment later.
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Http http;
    private final Materializer materializer;
    private final Supplier<URI> hq;
    private final SSLContext trust;
    private final Supplier<LinkState> state;
    private final ClientConnectionSettings settings;

    /// The way to an HQ.
    ///
    /// @param hq where HQ is, asked for each request
    /// @param trust whom to trust; empty: whom the JDK does
    /// @param state how the store's link stands
    /// @param silence after which a connection without a byte in either direction is given up
    /// @throws StartFailure if tokens would travel in the clear beyond this machine
    public static HqPassage of(
            ActorSystem<?> system,
            Supplier<URI> hq,
            LinkSettings settings,
            Optional<SSLContext> trust,
            Supplier<LinkState> state,
            Duration silence)
            throws StartFailure {
        HqClient.checkKeptSecret(hq.get(), settings);
        return new HqPassage(system, hq, trust.orElseGet(HqPassage::ofJdk), state, silence);
    }

    private static SSLContext ofJdk() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private HqPassage(
            ActorSystem<?> system, Supplier<URI> hq, SSLContext trust, Supplier<LinkState> state, Duration silence) {
        this.http = Http.get(system);
        this.materializer = SystemMaterializer.get(system).materializer();
        this.hq = hq;
        this.trust = trust;
        this.state = state;
        var defaults = ClientConnectionSettings.create(system.classicSystem());
        this.settings = defaults.withConnectingTimeout(scala(CONNECT))
                .withIdleTimeout(scala(silence))
                .withUserAgentHeader(Optional.empty())
                .withParserSettings(defaults.getParserSettings().withMaxChunkSize(CHUNK_BYTES));
    }

    private static FiniteDuration scala(Duration duration) {
        return FiniteDuration.create(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isReachable() {
        return state.get() != LinkState.UNREACHABLE;
    }

    @Override
    public CompletionStage<Passed> pass(HttpRequest request, Optional<Duration> patience) {
        var base = hq.get();
        var before = base.getPath() == null ? "" : base.getPath().replaceAll("/+$", "");
        var there = before.isEmpty()
                ? request
                : request.withUri(
                        request.getUri().path(before + request.getUri().path()));
        var connection = connection(base);
        var held = patience.map(most -> connection.initialTimeout(most)).orElse(connection);
        // no more requests come once the answer has begun: the connection ends with it, or at once where there is none
        var sent = Source.single(there)
                .concatMat(Source.<HttpRequest>maybe(), Keep.right())
                .viaMat(held, Keep.both())
                .toMat(Sink.head(), Keep.both())
                .run(materializer);
        var last = sent.first().first();
        return sent.second()
                .handle((response, failure) -> {
                    if (failure == null) {
                        last.complete(Optional.empty());
                        return CompletableFuture.<Passed>completedStage(new Passed.Answered(response));
                    }
                    last.completeExceptionally(failure);
                    return failed(sent.first().second(), failure);
                })
                .thenCompose(Function.identity());
    }

    private Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> connection(URI base) {
        var isSecure = "https".equals(base.getScheme());
        var to = http.connectionTo(base.getHost().replaceAll("[\\[\\]]", ""))
                .toPort(base.getPort() > 0 ? base.getPort() : isSecure ? 443 : 80)
                .withClientConnectionSettings(settings);
        return isSecure
                ? to.withCustomHttpsConnectionContext(ConnectionContext.httpsClient(trust))
                        .https()
                : to.http();
    }

    /// Nothing is sent before there is a connection, and over TLS nothing before both sides know each other.
    private static CompletionStage<Passed> failed(CompletionStage<OutgoingConnection> connected, Throwable failure) {
        return connected
                .toCompletableFuture()
                .copy()
                .orTimeout(MOMENT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((connection, none) -> {
                    var isUnknown = none != null && cause(none) instanceof TimeoutException;
                    return (none == null || isUnknown) && !isStranger(failure)
                            ? new Passed.Unanswered(cause(failure).toString())
                            : new Passed.NotSent(cause(failure).toString());
                });
    }

    private static boolean isStranger(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLHandshakeException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
