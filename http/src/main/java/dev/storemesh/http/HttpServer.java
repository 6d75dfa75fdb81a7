package dev.storemesh.http;

import dev.storemesh.http.tls.PemTls;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import scala.concurrent.duration.FiniteDuration;

/// A bound port that answers with one function from request to response, over TLS where there is a certificate.
/// Everything it answers by itself (what is not HTTP, tokens in the clear, requests cut by a stop) is a problem
/// document too.
public final class HttpServer {
    /// How much longer Pekko waits than the handler does, for the body and for a handler that never answers.
    private static final Duration GRACE = Duration.ofSeconds(30);

    /// The part of a stop's deadline that the last answers get to be written.
    private static final int WRITING = 30;

    private final ServerBinding binding;
    private final String scheme;
    private final InFlight inFlight;

    private HttpServer(ServerBinding binding, String scheme, InFlight inFlight) {
        this.binding = binding;
        this.scheme = scheme;
        this.inFlight = inFlight;
    }

    /// Fails with a [CannotListenException] when the port cannot be had.
    public static CompletionStage<HttpServer> start(
            ActorSystem<?> system,
            HttpSettings settings,
            Optional<PemTls> tls,
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        var server = Http.get(system)
                .newServerAt(settings.bind(), settings.port())
                .adaptSettings(defaults -> serverSettings(defaults, settings));
        var secured = tls.map(pem -> server.enableHttps(ConnectionContext.httpsServer(pem::serverEngine)))
                .orElse(server);
        var guarded = tls.isPresent() || settings.allowPlainTokens() ? handler : PlainTokens.refused(handler);
        var inFlight = new InFlight();
        return secured.bind(inFlight.counting(guarded)::apply)
                .thenApply(binding -> new HttpServer(binding, tls.isPresent() ? "https" : "http", inFlight))
                .exceptionally(failure -> {
                    throw cannotListen(settings, failure);
                });
    }

    private static ServerSettings serverSettings(ServerSettings defaults, HttpSettings settings) {
        var last = settings.requestTimeout().plus(GRACE);
        return defaults.withServerHeader(Optional.empty())
                .withRemoteAddressAttribute(true)
                .withTransparentHeadRequests(false)
                .withTimeouts(
                        defaults.getTimeouts().withRequestTimeout(scala(last)).withIdleTimeout(scala(last.plus(GRACE))))
                .withParsingErrorHandler(ProblemParsingErrorHandler.class.getName());
    }

    private static FiniteDuration scala(Duration duration) {
        return FiniteDuration.create(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static CannotListenException cannotListen(HttpSettings settings, Throwable failure) {
        var where = "port " + settings.port() + " of " + settings.bind();
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                var inUse = String.valueOf(cause.getMessage()).contains("in use");
                return new CannotListenException(
                        inUse
                                ? where + " is in use by another program; stop it or choose another port"
                                : "cannot listen on " + where + ": "
                                        + String.valueOf(cause.getMessage()).replaceFirst("^\\[.*] ", ""),
                        failure);
            }
            if (cause instanceof UnresolvedAddressException) {
                return new CannotListenException(
                        "the name " + settings.bind() + " to listen on is not known here", failure);
            }
        }
        var reason =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new CannotListenException("cannot listen on " + where + ": " + reason.getMessage(), failure);
    }

    /// Where it listens, with the port it was given if it asked for any.
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    public String url() {
        var host = address().getAddress().getHostAddress();
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + address().getPort();
    }

    /// Takes no more connections. On those that there are, requests are answered as ever for a sixth of the deadline,
    /// and each answer says that it is the last one there (`Connection: close`): so no client that is busy has its
    /// connection closed under a request. Then requests under way may finish; those that have not by four fifths of
    /// the deadline are answered 503. Done when all connections are closed, at the deadline at the latest.
    public CompletionStage<Done> stop(Duration deadline) {
        var last = System.nanoTime() + deadline.toNanos();
        inFlight.leave();
        after(deadline.multipliedBy(4).dividedBy(5)).execute(inFlight::cut);
        return binding.unbind()
                .thenRunAsync(() -> {}, after(deadline.dividedBy(6)))
                .thenCompose(told -> inFlight.answered())
                .thenRunAsync(() -> {}, after(deadline.dividedBy(WRITING))) // Pekko resets what is not written yet
                .thenCompose(written -> binding.terminate(Duration.ofNanos(Math.max(1, last - System.nanoTime()))))
                .thenApply(terminated -> Done.getInstance());
    }

    private static Executor after(Duration delay) {
        return CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
