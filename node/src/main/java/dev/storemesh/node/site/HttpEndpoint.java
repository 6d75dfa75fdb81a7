package dev.storemesh.node.site;

import dev.storemesh.http.CannotListenException;
import dev.storemesh.http.HttpServer;
import dev.storemesh.http.tls.PemTls;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// Where the node listens. When the node stops, the port is closed first; requests in flight then have [#DRAIN] to
/// be answered before the actors go away.
public final class HttpEndpoint {
    /// The most time that requests in flight get when the node stops.
    public static final Duration DRAIN = Duration.ofSeconds(3);

    private HttpEndpoint() {}

    /// Listens, over TLS where the settings name a certificate; waits until it does.
    ///
    /// @return the URL, with the port that was taken
    /// @throws StartFailure when the address cannot be listened on, or the certificate cannot be used
    public static URI listen(
            ActorSystem<?> system, HttpSettings settings, Function<HttpRequest, CompletionStage<HttpResponse>> handler)
            throws StartFailure {
        try {
            var tls = settings.tls().map(pem -> PemTls.of(pem.certificate(), pem.key(), pem.reloadEvery()));
            var where =
                    new dev.storemesh.http.HttpSettings(settings.bind(), settings.port(), settings.allowPlainTokens());
            var server = HttpServer.start(system, where, tls, handler)
                    .toCompletableFuture()
                    .join();
            CoordinatedShutdown.get(system)
                    .addTask(CoordinatedShutdown.PhaseServiceUnbind(), "stop-http", () -> server.stop(DRAIN));
            return URI.create(server.url());
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof CannotListenException cannot) {
                throw new StartFailure("storemesh.http: " + cannot.getMessage(), failed);
            }
            throw failed;
        } catch (IllegalArgumentException unusable) {
            throw new StartFailure("storemesh.http.tls: " + unusable.getMessage(), unusable);
        }
    }
}
