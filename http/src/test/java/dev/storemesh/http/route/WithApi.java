package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.storemesh.http.openapi.Contract;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.page.PageTokens;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.SystemMaterializer;

/// The whole API over [Ports]. Every answer is held against the document.
abstract class WithApi extends WithSystem {
    private static final Contract CONTRACT = Contract.load();
    static final PageTokens PAGE_TOKENS = new PageTokens("17".repeat(32));

    final Ports ports = new Ports();
    private final Router router = new Router(
            endpoints(ports),
            ports,
            new RouterSettings(100_000, Duration.ofSeconds(10)),
            SystemMaterializer.get(SYSTEM).materializer(),
            (endpoint, status) -> {
                throw new AssertionError(endpoint + " does not declare " + status);
            });

    static List<Endpoint> endpoints(Ports ports) {
        return Api.endpoints(ports, ports, ports, ports, ports, () -> PAGE_TOKENS);
    }

    /// What came back.
    record Seen(int status, Map<String, String> headers, JsonNode body) {
        /// `422 violations`
        String outcome() {
            return status < 400
                    ? String.valueOf(status)
                    : status + " " + body.path("code").asText();
        }

        /// `400 invalid_parameter limit`
        String named() {
            return outcome() + " " + body.path("field").asText();
        }
    }

    Seen get(String token, String target) {
        return send(token, "GET", target, "");
    }

    Seen post(String token, String target, String body) {
        return send(token, "POST", target, body);
    }

    Seen send(String token, String method, String target, String body) {
        return send(token, method, target, body, Map.of());
    }

    Seen send(String token, String method, String target, String body, Map<String, String> headers) {
        return send(
                token,
                method,
                target,
                body.isEmpty()
                        ? HttpEntities.EMPTY
                        : HttpEntities.create(ContentTypes.APPLICATION_JSON, body.replace('\'', '"')),
                headers);
    }

    /// A POST of something else than JSON.
    Seen send(String token, String target, String type, byte[] body, Map<String, String> headers) {
        return send(token, "POST", target, HttpEntities.create(ContentTypes.parse(type), body), headers);
    }

    Seen send(String token, String method, String target, RequestEntity body, Map<String, String> headers) {
        var request = HttpRequest.create(target)
                .withMethod(HttpMethods.lookup(method).orElseThrow())
                .withEntity(body);
        for (var header : headers.entrySet()) {
            request = request.addHeader(RawHeader.create(header.getKey(), header.getValue()));
        }
        if (!token.isEmpty()) {
            request = request.addHeader(RawHeader.create("Authorization", "Bearer " + token));
        }
        var response = router.apply(request).toCompletableFuture().join();
        var seen = new HashMap<String, String>();
        response.getHeaders().forEach(header -> seen.put(header.name(), header.value()));
        seen.put("Content-Type", response.entity().getContentType().toString());
        var text = response.entity()
                .toStrict(5_000, SYSTEM)
                .toCompletableFuture()
                .join()
                .getData()
                .utf8String();
        var path = request.getUri().getPathString();
        CONTRACT.check(method, template(path), response.status().intValue(), seen, text);
        return new Seen(response.status().intValue(), seen, json(String.valueOf(seen.get("Content-Type")), text));
    }

    /// Lines of JSON are an array here.
    private static JsonNode json(String type, String text) {
        if (type.startsWith("application/x-ndjson")) {
            var lines = JsonNodeFactory.instance.arrayNode();
            text.lines().forEach(line -> lines.add(Json.parse(line)));
            return lines;
        }
        if (type.startsWith("text/plain")) {
            return TextNode.valueOf(text);
        }
        return text.isEmpty() ? MissingNode.getInstance() : Json.parse(text);
    }

    /// The response itself, whose body nobody has taken yet.
    HttpResponse open(String token, String target) {
        return router.apply(HttpRequest.create(target).addHeader(RawHeader.create("Authorization", "Bearer " + token)))
                .toCompletableFuture()
                .join();
    }

    private static String template(String path) {
        var template = CONTRACT.operations().keySet().stream()
                .map(name -> name.substring(name.indexOf(' ') + 1))
                .filter(candidate -> new PathTemplate(candidate)
                        .match(PercentCoding.segments(path))
                        .isPresent())
                .findFirst();
        assertThat(template).as(path).isPresent();
        return template.orElseThrow();
    }
}
