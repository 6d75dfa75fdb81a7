package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.SystemMaterializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What scripts of other origins may do, which is nothing unless the operator names them.
class CorsTest extends WithSystem {
    private static final String CONSOLE = "https://console.example:8443";
    private static final String LOCATIONS = "/api/v1/catalogs/demo/locations";
    private final Ports ports = new Ports();

    private HttpResponse send(Set<String> origins, HttpRequest request, String... headers) {
        var router = new Router(
                WithApi.endpoints(ports),
                ports,
                new RouterSettings(1_000, Duration.ofSeconds(10), Duration.ofSeconds(40), 1_000, origins),
                SystemMaterializer.get(SYSTEM).materializer());
        var sent = request;
        for (var header : headers) {
            var colon = header.indexOf(": ");
            sent = sent.addHeader(RawHeader.create(header.substring(0, colon), header.substring(colon + 2)));
        }
        return router.apply(sent).toCompletableFuture().join();
    }

    private static Optional<String> header(HttpResponse response, String name) {
        return response.getHeader(name).map(HttpHeader::value);
    }

    private static HttpResponse preflight(CorsTest test, Set<String> origins, String origin) {
        return test.send(
                origins,
                HttpRequest.OPTIONS(LOCATIONS),
                "Origin: " + origin,
                "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: authorization");
    }

    @Test
    void aPreflightIsAnsweredWithoutAToken() {
        var response = preflight(this, Set.of(CONSOLE), CONSOLE);
        assertThat(response.status().intValue()).isEqualTo(204);
        assertThat(header(response, "Access-Control-Allow-Origin")).contains(CONSOLE);
        assertThat(header(response, "Vary")).contains("Origin");
        assertThat(header(response, "Access-Control-Allow-Methods").orElseThrow())
                .contains("GET", "POST", "PUT", "DELETE");
        assertThat(header(response, "Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization", "Content-Type", "Idempotency-Key", "Prefer", "Storemesh-Lock");
        assertThat(header(response, "Access-Control-Allow-Credentials")).isEmpty();
        assertThat(ports.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://console.example",
                "http://console.example:8443",
                "https://evil.console.example:8443",
                "https://console.example:8443.evil",
                "null"
            })
    void nobodyElseIsLetIn(String origin) {
        var refused = preflight(this, Set.of(CONSOLE), origin);
        assertThat(refused.status().intValue()).isEqualTo(405);
        assertThat(header(refused, "Access-Control-Allow-Origin")).isEmpty();
        var answered = send(Set.of(CONSOLE), HttpRequest.GET("/health/live"), "Origin: " + origin);
        assertThat(header(answered, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(answered, "Vary")).contains("Origin"); // no cache gives it to one who is let in
    }

    @Test
    void nobodyIsLetInByDefault() {
        var refused = preflight(this, Set.of(), CONSOLE);
        assertThat(refused.status().intValue()).isEqualTo(405);
        var answered = send(Set.of(), HttpRequest.GET("/health/live"), "Origin: " + CONSOLE);
        assertThat(answered.getHeader("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answered.getHeader("Vary")).isEmpty();
    }

    @Test
    void aScriptReadsTheHeadersOfOurs() {
        ports.schema = new Reading.Found<>(new Version(7), new SchemaView(List.of()));
        var response =
                send(Set.of(CONSOLE), HttpRequest.GET(LOCATIONS), "Origin: " + CONSOLE, "Authorization: Bearer reader");
        assertThat(response.status().intValue()).isEqualTo(200);
        assertThat(header(response, "Access-Control-Allow-Origin")).contains(CONSOLE);
        var exposed = Set.of(
                header(response, "Access-Control-Expose-Headers").orElseThrow().split(", "));
        response.getHeaders().forEach(header -> {
            if (header.name().startsWith("Storemesh-")) {
                assertThat(exposed).contains(header.name());
            }
        });
        assertThat(exposed).contains("Storemesh-Version", "Retry-After", "WWW-Authenticate");
    }

    @Test
    void aScriptReadsWhyItWasRefused() {
        var response = send(Set.of(CONSOLE), HttpRequest.GET(LOCATIONS), "Origin: " + CONSOLE);
        assertThat(response.status().intValue()).isEqualTo(401);
        assertThat(header(response, "Access-Control-Allow-Origin")).contains(CONSOLE);
        var unknown = send(Set.of(CONSOLE), HttpRequest.GET("/nowhere"), "Origin: " + CONSOLE);
        assertThat(header(unknown, "Access-Control-Allow-Origin")).contains(CONSOLE);
    }

    @Test
    void allMayBeLetInAndAreNeverLetInWithCookies() {
        var response = preflight(this, Set.of("*"), "https://anybody.example");
        assertThat(response.status().intValue()).isEqualTo(204);
        assertThat(header(response, "Access-Control-Allow-Origin")).contains("*");
        assertThat(header(response, "Access-Control-Allow-Credentials")).isEmpty();
        var answered = send(Set.of("*"), HttpRequest.GET("/health/live"), "Origin: https://anybody.example");
        assertThat(header(answered, "Access-Control-Allow-Origin")).contains("*");
        assertThat(header(answered, "Access-Control-Allow-Credentials")).isEmpty();
    }
}
