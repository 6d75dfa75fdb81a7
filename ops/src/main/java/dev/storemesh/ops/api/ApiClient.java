package dev.storemesh.ops.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// Speaks to one node: JSON over HTTP/1.1, one request at a time, safe for use by many threads.
///
/// *Asking again.* 429 and 503 are asked again after the time that `Retry-After` names, in a bounded number of
/// attempts; a lost or late answer is as well, where repeating cannot do a thing twice (everything but a POST, and
/// a POST that came with an idempotency key of its caller's). All attempts of a POST, or of a PUT with a body,
/// carry the same key. A node that cannot be reached at all is told at once, and so is an HQ that a store cannot reach.
public final class ApiClient {
    /// JSON as the API writes it: decimals keep their digits, duplicate names are errors.
    public static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final String HQ_UNREACHABLE = "hq_unreachable";
    private static final int ATTEMPTS = 8;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration UPLOAD_TIMEOUT = Duration.ofHours(4); // as long as a transaction may take
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Endpoint endpoint;
    private final Pause pause;
    private final Duration answerTimeout;
    private final HttpClient http;
    private final Optional<String> lock;

    public ApiClient(Endpoint endpoint) {
        this(endpoint, Pause.CLOCK, ANSWER_TIMEOUT);
    }

    private ApiClient(ApiClient other, String lock) {
        this.endpoint = other.endpoint;
        this.pause = other.pause;
        this.answerTimeout = other.answerTimeout;
        this.http = other.http;
        this.lock = Optional.of(lock);
    }

    /// The same, as the holder of a transaction.
    public ApiClient holding(String token) {
        return new ApiClient(this, token);
    }

    ApiClient(Endpoint endpoint, Pause pause, Duration answerTimeout) {
        this.endpoint = endpoint;
        this.pause = pause;
        this.answerTimeout = answerTimeout;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // a token goes where it was meant to go
                .connectTimeout(CONNECT_TIMEOUT);
        endpoint.trust().map(Trust::in).ifPresent(builder::sslContext);
        this.http = builder.build();
        this.lock = Optional.empty();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public Answer get(Query query) throws ApiException, InterruptedException {
        return send(new Call("GET", query.toString(), Optional.empty(), Optional.empty(), true));
    }

    public Answer put(Query query) throws ApiException, InterruptedException {
        return send(new Call("PUT", query.toString(), Optional.empty(), Optional.empty(), true));
    }

    public Answer put(Query query, JsonNode body) throws ApiException, InterruptedException {
        return send(new Call("PUT", query.toString(), Optional.of(body.toString()), Optional.of(newKey()), true));
    }

    public Answer delete(Query query) throws ApiException, InterruptedException {
        return send(new Call("DELETE", query.toString(), Optional.empty(), Optional.empty(), true));
    }

    /// What has no body, and is the same done twice.
    public Answer post(Query query) throws ApiException, InterruptedException {
        return send(new Call("POST", query.toString(), Optional.empty(), Optional.empty(), true));
    }

    /// Repeated only when the node surely did nothing (429).
    public Answer post(Query query, JsonNode body) throws ApiException, InterruptedException {
        return send(new Call("POST", query.toString(), Optional.of(body.toString()), Optional.of(newKey()), false));
    }

    /// A write under a name of its own, repeated until the node decides.
    ///
    /// @param key names this write for as long as the log lives: the same key and body is the same write
    public Answer post(Query query, JsonNode body, String key) throws ApiException, InterruptedException {
        return send(new Call("POST", query.toString(), Optional.of(body.toString()), Optional.of(key), true));
    }

    /// A file of lines as the body of a POST, repeated like other writes if it can be read again.
    ///
    /// @param key names this request: sent again, it is known
    public Answer upload(Query query, Upload upload, String key) throws ApiException, InterruptedException {
        var call = new Call("POST", query.toString(), Optional.empty(), Optional.of(key), upload.repeatable());
        var builder = HttpRequest.newBuilder(endpoint.resolve(call.target()))
                .timeout(UPLOAD_TIMEOUT)
                .expectContinue(true) // who is kept out need not send all of it
                .header("Accept", "application/json, application/problem+json")
                .header("Content-Type", "application/x-ndjson")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofInputStream(upload.content()));
        if (upload.gzip()) {
            builder.header("Content-Encoding", "gzip");
        }
        endpoint.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        return send(call, builder.build());
    }

    /// What is sent as lines.
    ///
    /// @param content opened for each attempt
    /// @param repeatable whether it can be opened again
    public record Upload(Supplier<InputStream> content, boolean gzip, boolean repeatable) {}

    /// Takes an answer of lines as it comes.
    ///
    /// @return the catalog version that it is of
    public OptionalLong download(Query query, OutputStream out) throws ApiException, InterruptedException {
        var builder = HttpRequest.newBuilder(endpoint.resolve(query.toString()))
                .timeout(answerTimeout)
                .header("Accept", "application/x-ndjson, application/problem+json")
                .GET();
        endpoint.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        try {
            var response = http.send(builder.build(), BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new ApiException.Refusal(
                            Problem.of(response.statusCode(), JSON.readTree(body.readAllBytes())));
                }
                body.transferTo(out);
            }
            return number(response, "Storemesh-Version");
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw nobody(e);
        } catch (IOException e) {
            throw new ApiException.NoAnswer(
                    "The answer of " + endpoint.base() + " broke off, so it is not whole: " + e.getMessage(), e);
        }
    }

    private ApiException.NoAnswer nobody(IOException cause) {
        return new ApiException.NoAnswer(
                "No node answers at " + endpoint.base() + ": is it running, and is the address right?", cause);
    }

    private static String newKey() {
        return "cli-" + UUID.randomUUID();
    }

    /// @param repeatable whether doing it twice is the same as doing it once
    private record Call(
            String method, String target, Optional<String> body, Optional<String> key, boolean repeatable) {}

    /// What one attempt came to.
    private sealed interface Attempt {
        record Done(Answer answer) implements Attempt {}

        record Failed(ApiException why) implements Attempt {}

        record Again(ApiException why, Duration after) implements Attempt {}
    }

    private Answer send(Call call) throws ApiException, InterruptedException {
        return send(call, request(call));
    }

    private Answer send(Call call, HttpRequest request) throws ApiException, InterruptedException {
        for (var number = 1; ; number++) {
            switch (attempt(call, request)) {
                case Attempt.Done done -> {
                    return done.answer();
                }
                case Attempt.Failed failed -> throw failed.why();
                case Attempt.Again again -> {
                    if (number == ATTEMPTS) {
                        throw new ApiException.NoAnswer(
                                again.why().getMessage() + "; gave up after " + ATTEMPTS + " attempts", again.why());
                    }
                    pause.of(again.after());
                }
            }
        }
    }

    private HttpRequest request(Call call) {
        var builder = HttpRequest.newBuilder(endpoint.resolve(call.target()))
                .timeout(answerTimeout)
                .header("Accept", "application/json, application/problem+json")
                .method(
                        call.method(),
                        call.body()
                                .<HttpRequest.BodyPublisher>map(BodyPublishers::ofString)
                                .orElseGet(BodyPublishers::noBody));
        call.body().ifPresent(body -> builder.header("Content-Type", "application/json"));
        call.key().ifPresent(key -> builder.header("Idempotency-Key", key));
        lock.ifPresent(token -> builder.header("Storemesh-Lock", token));
        endpoint.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        return builder.build();
    }

    private Attempt attempt(Call call, HttpRequest request) throws InterruptedException {
        try {
            return judge(call, http.send(request, BodyHandlers.ofString()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Attempt.Failed(nobody(e));
        } catch (HttpTimeoutException e) {
            return lost(call, "no answer within " + answerTimeout.toSeconds() + " s", e);
        } catch (IOException e) {
            return lost(
                    call,
                    Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()),
                    e);
        }
    }

    private Attempt lost(Call call, String what, IOException cause) {
        var why = new ApiException.NoAnswer("The answer of " + endpoint.base() + " was lost: " + what, cause);
        var repeatable = call.repeatable() && !(cause instanceof javax.net.ssl.SSLException);
        return repeatable ? new Attempt.Again(why, DEFAULT_PAUSE) : new Attempt.Failed(why);
    }

    private Attempt judge(Call call, HttpResponse<String> response) {
        var status = response.statusCode();
        Optional<JsonNode> json = json(response);
        if (json.isEmpty()) {
            return new Attempt.Failed(
                    new ApiException.NoAnswer(endpoint.base() + " answered " + status + " to " + call.method() + " "
                            + call.target() + " with something that is not JSON: is it a Storemesh node?"));
        }
        if (status >= 200 && status < 300) {
            return new Attempt.Done(new Answer(status, json.get(), version(response)));
        }
        var problem = Problem.of(status, json.get());
        var refusal = new ApiException.Refusal(problem);
        var isPassing = status == 503 && call.repeatable() && !problem.code().equals(HQ_UNREACHABLE);
        return status == 429 || isPassing
                ? new Attempt.Again(refusal, retryAfter(response))
                : new Attempt.Failed(refusal);
    }

    private static Optional<JsonNode> json(HttpResponse<String> response) {
        if (response.body().isEmpty()) {
            return response.statusCode() == 204 ? Optional.of(MissingNode.getInstance()) : Optional.empty();
        }
        var type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json") && !type.startsWith("application/problem+json")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(response.body()));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // told to the caller as an answer that is not JSON
        }
    }

    private static OptionalLong version(HttpResponse<?> response) {
        return number(response, "Storemesh-Version");
    }

    /// Seconds only, as nodes send it; a date or nothing counts as one second.
    private static Duration retryAfter(HttpResponse<String> response) {
        var seconds = number(response, "Retry-After");
        if (seconds.isEmpty() || seconds.getAsLong() < 0) {
            return DEFAULT_PAUSE;
        }
        return seconds.getAsLong() > LONGEST_PAUSE.toSeconds()
                ? LONGEST_PAUSE
                : Duration.ofSeconds(seconds.getAsLong());
    }

    private static OptionalLong number(HttpResponse<?> response, String header) {
        var text = response.headers().firstValue(header).orElse("").strip();
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
