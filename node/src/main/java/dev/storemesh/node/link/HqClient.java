package dev.storemesh.node.link;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Speaks HQ's public HTTP API with one bearer secret.
final class HqClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration BODY = Duration.ofMinutes(2);
    private final HttpClient http;
    private final URI hq;
    private final Supplier<String> secret;
    private final Duration answerTime;
    private final Duration bodyTime;

    /// An answer with status 200 to 299. `clockOffset`: how far our clock is ahead of HQ's, where it says so.
    record Answer(JsonNode body, Optional<Duration> clockOffset) {}

    /// HQ answered, and said no: a problem document of RFC 9457.
    static final class Refused extends RuntimeException {
        private final int status;
        private final String code;
        private final transient JsonNode problem;

        Refused(int status, String code, JsonNode problem) {
            super("HQ answered " + status + " " + code + ": "
                    + problem.path("detail").asText(""));
            this.status = status;
            this.code = code;
            this.problem = problem;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }

        /// What the store's link is, where HQ does not let the store in.
        Optional<LinkState> ending() {
            return switch (code) {
                case "store_suspended" -> Optional.of(LinkState.SUSPENDED);
                case "store_removed" -> Optional.of(LinkState.REMOVED);
                default -> Optional.empty();
            };
        }

        Optional<Long> number(String field) {
            var node = problem.path(field);
            return node.isIntegralNumber() ? Optional.of(node.longValue()) : Optional.empty();
        }
    }

    /// Makes a client.
    ///
    /// @throws StartFailure if the secret would travel in the clear beyond this machine
    static HqClient of(URI hq, Supplier<String> secret, LinkSettings settings, Optional<SSLContext> trust)
            throws StartFailure {
        checkKeptSecret(hq, settings);
        return new HqClient(hq, secret, trust, settings.answerTime(), BODY);
    }

    /// @throws StartFailure if a secret would travel in the clear beyond this machine
    static void checkKeptSecret(URI hq, LinkSettings settings) throws StartFailure {
        if (!"https".equals(hq.getScheme()) && !settings.allowPlainTokens() && !isLoopback(hq.getHost())) {
            throw new StartFailure("HQ's address " + hq
                    + " is plain HTTP beyond this machine, where the store's credential could be read; use https://, or set"
                    + " storemesh.link.allow-plain-tokens");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /// @param secret asked for at each request
    /// @param answerTime how long HQ may take to begin its answer, beside the patience of a poll
    /// @param bodyTime how long an answer's body may take once HQ began to answer
    HqClient(URI hq, Supplier<String> secret, Optional<SSLContext> trust, Duration answerTime, Duration bodyTime) {
        this.hq = hq;
        this.secret = secret;
        this.answerTime = answerTime;
        this.bodyTime = bodyTime;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER);
        trust.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /// Fails with [Refused] if HQ says no, with an [IOException] if no answer can be had.
    ///
    /// @param patience how long HQ may hold the request before it answers
    CompletionStage<Answer> get(String pathAndQuery, Duration patience) {
        return get(pathAndQuery, patience, Map.of());
    }

    /// The same with these headers.
    CompletionStage<Answer> get(String pathAndQuery, Duration patience, Map<String, String> headers) {
        var request = request(pathAndQuery).GET();
        headers.forEach(request::header);
        return send(request, answerTime.plus(patience));
    }

    CompletionStage<Answer> post(String path, JsonNode body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body))),
                answerTime);
    }

    /// Without a body.
    CompletionStage<Answer> post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()), answerTime);
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        var base = hq.toString();
        return HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + pathAndQuery))
                .header("Authorization", "Bearer " + secret.get());
    }

    /// The request's own time-out ends when the answer begins: a connection that dies in silence half-way through a
    /// body is given up by a second one over all of it.
    private CompletionStage<Answer> send(HttpRequest.Builder request, Duration patience) {
        var sent = http.sendAsync(request.timeout(patience).build(), BodyHandlers.ofByteArray());
        return sent.copy()
                .orTimeout(patience.plus(bodyTime).toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> sent.cancel(true)) // nothing happens if it is complete
                .thenApply(HqClient::answer);
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        JsonNode body;
        try {
            body = Json.parse(response.body());
        } catch (IllegalArgumentException e) {
            throw new CompletionException(new IOException("HQ answered " + response.statusCode() + " without JSON", e));
        }
        if (response.statusCode() / 100 != 2) {
            throw new Refused(response.statusCode(), body.path("code").asText("unknown"), body);
        }
        return new Answer(body, clockOffset(response));
    }

    private static Optional<Duration> clockOffset(HttpResponse<?> response) {
        return response.headers()
                .firstValue(StoreReport.OFFSET_HEADER)
                .filter(text -> text.matches("-?[0-9]{1,18}"))
                .map(text -> Duration.ofMillis(Long.parseLong(text)));
    }

    /// What is behind the wrapping of futures.
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static Fields fields(Answer answer) {
        return Fields.of(answer.body());
    }
}
