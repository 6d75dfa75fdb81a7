package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// What an endpoint replies: a JSON body, a refusal, or nothing but a status.
public sealed interface Reply {
    int status();

    /// Headers beyond those of every answer, by name.
    Map<String, String> headers();

    HttpResponse response();

    static Json json(int status, JsonNode body) {
        return new Json(status, Optional.of(body), Map.of());
    }

    static Json empty(int status) {
        return new Json(status, Optional.empty(), Map.of());
    }

    static Refusal refusal(Problem problem) {
        return new Refusal(problem);
    }

    record Json(int status, Optional<JsonNode> body, Map<String, String> headers) implements Reply {
        public Json {
            headers = Map.copyOf(headers);
        }

        public Json with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Json(status, body, more);
        }

        @Override
        public HttpResponse response() {
            var response = HttpResponse.create().withStatus(status);
            for (var header : headers.entrySet()) {
                response = response.addHeader(RawHeader.create(header.getKey(), header.getValue()));
            }
            return response.withEntity(body.map(json -> HttpEntities.create(
                            ContentTypes.APPLICATION_JSON, json.toString().getBytes(StandardCharsets.UTF_8)))
                    .orElse(HttpEntities.EMPTY));
        }
    }

    record Refusal(Problem problem) implements Reply {
        @Override
        public int status() {
            return problem.status();
        }

        @Override
        public Map<String, String> headers() {
            return problem.headers();
        }

        @Override
        public HttpResponse response() {
            return problem.response();
        }
    }
}
