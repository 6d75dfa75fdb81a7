package dev.storemesh.node.site;

import java.net.BindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;

/// Where the node listens. When the node stops, the port is closed first; requests in flight then have
/// [#DRAIN] to be answered before the actors go away, and are cut off after it. Whoever holds requests on purpose
/// (long polls) should answer them in phase `before-service-unbind` of the system's `CoordinatedShutdown`.
public final class HttpEndpoint {
    /// The most time that requests in flight get when the node stops.
    public static final Duration DRAIN = Duration.ofSeconds(3);

    private HttpEndpoint() {}

    /// Listens; waits until it does. With `https`, plain HTTP is not spoken on the port.
    ///
    /// @return the URL, with the port that was taken
    /// @throws StartFailure when the address cannot be listened on
    public static URI listen(
            ActorSystem<?> system, HttpSettings settings, Optional<HttpsConnectionContext> https, Route route)
            throws StartFailure {
        var server = Http.get(system).newServerAt(settings.bind(), settings.port());
        try {
            var binding = https.map(server::enableHttps)
                    .orElse(server)
                    .bind(route)
                    .toCompletableFuture()
                    .join();
            binding.addToCoordinatedShutdown(DRAIN, system);
            return url(https.isPresent() ? "https" : "http", settings.bind(), binding);
        } catch (CompletionException failed) {
            throw new StartFailure(sentence(settings, failed), failed);
        }
    }

    private static URI url(String scheme, String host, ServerBinding binding) {
        var literal = host.contains(":") ? "[" + host + "]" : host;
        return URI.create(
                scheme + "://" + literal + ":" + binding.localAddress().getPort());
    }

    private static String sentence(HttpSettings settings, Throwable failed) {
        for (var cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return refused(settings, String.valueOf(cause.getMessage()).replaceFirst("^\\[.*] ", ""));
            }
            if (cause instanceof UnresolvedAddressException) {
                return "storemesh.http.bind: the address " + settings.bind() + " is unknown";
            }
        }
        return refused(settings, String.valueOf(failed.getMessage()));
    }

    private static String refused(HttpSettings settings, String reason) {
        var port = "Port " + settings.port() + " of " + settings.bind();
        return reason.contains("in use")
                ? port + " is in use by another process (storemesh.http.port chooses another)"
                : port + " cannot be listened on: " + reason;
    }
}
