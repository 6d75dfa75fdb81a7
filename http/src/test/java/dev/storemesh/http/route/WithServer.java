package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.HttpServer;
import dev.storemesh.http.HttpSettings;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.stream.SystemMaterializer;
import org.junit.jupiter.api.AfterAll;

/// The whole API over [Ports] behind a real port, for clients that mean harm. Every endpoint is asked with a token
/// that it admits, so that what it refuses is the rest of the request.
abstract class WithServer extends WithSystem {
    /// Longer than the longest hostile body that is sent.
    private static final long BODY_LIMIT = 64L << 20;

    /// Generous: the machine may be busy. The longest time is printed.
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static final int ANSWER_LENGTH = 8_000;

    /// Values of the segments of a path; any other name is `x`.
    private static final String PATH_CATALOG = "demo";

    static final Ports PORTS = new Ports();
    static final List<Endpoint> ENDPOINTS = WithApi.endpoints(PORTS);
    static final HttpServer SERVER = HttpServer.start(
                    SYSTEM,
                    new HttpSettings("127.0.0.1", 0, false),
                    Optional.empty(),
                    new Router(
                            ENDPOINTS,
                            PORTS,
                            new RouterSettings(BODY_LIMIT, Duration.ofSeconds(30)),
                            SystemMaterializer.get(SYSTEM).materializer(),
                            (endpoint, status) -> {
                                throw new AssertionError(endpoint + " does not declare " + status);
                            }))
            .toCompletableFuture()
            .join();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Duration slowest = Duration.ZERO;
    private static String slowestName = "";
    private static int sent;

    /// What came back: the problem, where it is one.
    record Refusal(int status, JsonNode problem) {
        String code() {
            return problem.path("code").asText();
        }
    }

    @AfterAll
    static void sayHowMuchWasSent() {
        System.out.println(sent + " hostile requests so far; the slowest took " + slowest.toMillis() + " ms: "
                + Texts.shortened(slowestName, 100));
    }

    @AfterAll
    static void theServerStillAnswers() throws Exception {
        var alive = HttpRequest.newBuilder(URI.create(SERVER.url() + "/health/live"))
                .build();
        assertThat(CLIENT.send(alive, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    /// The endpoint's path, with a value for each name in it.
    static String path(Endpoint endpoint) {
        return endpoint.template().replace("{catalog}", PATH_CATALOG).replaceAll("\\{[^}]*}", "x");
    }

    /// A token of [Ports] that the endpoint admits.
    static String token(Endpoint endpoint) {
        return switch (endpoint.admission()) {
            case Admission.NobodyNeeded nobody -> "operator";
            case Admission.JoinToken join -> "join";
            case Admission.Token admission ->
                Stream.of("operator", "approver", "editor", "reader", "link")
                        .filter(name -> PORTS.authenticate(name)
                                .toCompletableFuture()
                                .join()
                                .known()
                                .filter(admission::admits)
                                .isPresent())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(endpoint + " admits nobody"));
        };
    }

    /// Sends it, and holds the answer to what every answer to such a request must be: soon, no bug of ours, and
    /// small.
    static Refusal send(String name, Endpoint endpoint, String query, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(SERVER.url() + path(endpoint) + query))
                .header("Authorization", "Bearer " + token(endpoint))
                .header(
                        "Content-Type",
                        endpoint.body() == Endpoint.Body.LINES ? "application/x-ndjson" : "application/json")
                .timeout(BOUND)
                .method(
                        endpoint.method(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .build();
        var begun = System.nanoTime();
        var response = CLIENT.send(request, BodyHandlers.ofByteArray());
        var took = Duration.ofNanos(System.nanoTime() - begun);
        var where = endpoint + query + ": " + name;
        sent(where, took);
        assertThat(response.statusCode()).as(where).isLessThan(500);
        if (response.statusCode() < 400) {
            return new Refusal(response.statusCode(), Json.object());
        }
        assertThat(response.body().length).as(where).isBetween(1, ANSWER_LENGTH);
        assertThat(response.headers().firstValue("Content-Type")).as(where).contains("application/problem+json");
        return new Refusal(response.statusCode(), Json.parse(response.body()));
    }

    /// Counts a request that was sent in another way.
    static void sent(String name, Duration took) {
        assertThat(took).as(name).isLessThan(BOUND);
        sent++;
        if (took.compareTo(slowest) > 0) {
            slowest = took;
            slowestName = name;
        }
    }
}
