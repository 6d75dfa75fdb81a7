package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// What an endpoint replies: a JSON body, lines of JSON, a refusal, or nothing but a status.
public sealed interface Reply {
    int status();

    /// Headers beyond those of every answer, by name.
    Map<String, String> headers();

    HttpResponse response();

    /// The same with one more header.
    Reply with(String header, String value);

    static Json json(int status, JsonNode body) {
        return new Json(status, Optional.of(body), Map.of());
    }

    /// Of JSON that is written already, in UTF-8.
    static Written json(int status, byte[] utf8) {
        return new Written(status, ByteString.fromArrayUnsafe(utf8), Map.of());
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

        @Override
        public Json with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Json(status, body, more);
        }

        @Override
        public HttpResponse response() {
            return Reply.response(
                    status,
                    headers,
                    body.map(json -> HttpEntities.create(
                                    ContentTypes.APPLICATION_JSON,
                                    json.toString().getBytes(StandardCharsets.UTF_8)))
                            .orElse(HttpEntities.EMPTY));
        }
    }

    /// The bytes are nobody else's.
    record Written(int status, ByteString json, Map<String, String> headers) implements Reply {
        public Written {
            headers = Map.copyOf(headers);
        }

        @Override
        public Written with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Written(status, json, more);
        }

        @Override
        public HttpResponse response() {
            return Reply.response(status, headers, HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
        }
    }

    /// A text of a media type of its own.
    record Text(String mediaType, String text, Map<String, String> headers) implements Reply {
        public Text {
            headers = Map.copyOf(headers);
        }

        Text(String mediaType, String text) {
            this(mediaType, text, Map.of());
        }

        @Override
        public Text with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Text(mediaType, text, more);
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public HttpResponse response() {
            return Reply.response(
                    200,
                    headers,
                    HttpEntities.create(ContentTypes.parse(mediaType), text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /// Lines of JSON as they come, as fast as the client takes them; a failure breaks the connection off, so that
    /// nobody takes what came for all.
    record Lines(Map<String, String> headers, Source<ByteString, ?> lines) implements Reply {
        private static final ContentType MEDIA_TYPE =
                ContentTypes.create(MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8));

        public Lines {
            headers = Map.copyOf(headers);
        }

        @Override
        public Lines with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Lines(more, lines);
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public HttpResponse response() {
            var response = HttpResponse.create().withStatus(status());
            for (var header : headers.entrySet()) {
                response = response.addHeader(RawHeader.create(header.getKey(), header.getValue()));
            }
            return response.withEntity(HttpEntities.createChunked(MEDIA_TYPE, lines));
        }
    }

    /// Server-sent events (HTML standard, section 9.2) as they come.
    record Events(Source<ByteString, ?> events, Map<String, String> headers) implements Reply {
        private static final ContentType MEDIA_TYPE = ContentTypes.parse("text/event-stream");

        public Events {
            headers = Map.copyOf(headers);
        }

        Events(Source<ByteString, ?> events) {
            this(events, Map.of("Cache-Control", "no-store"));
        }

        @Override
        public Events with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Events(events, more);
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public HttpResponse response() {
            var response = HttpResponse.create().withStatus(status());
            for (var header : headers.entrySet()) {
                response = response.addHeader(RawHeader.create(header.getKey(), header.getValue()));
            }
            return response.withEntity(HttpEntities.createChunked(MEDIA_TYPE, events));
        }
    }

    private static HttpResponse response(int status, Map<String, String> headers, HttpEntity.Strict entity) {
        var all = headers.entrySet().stream()
                .<HttpHeader>map(header -> RawHeader.create(header.getKey(), header.getValue()))
                .toList();
        return HttpResponse.create().withStatus(status).addHeaders(all).withEntity(entity);
    }

    record Refusal(Problem problem) implements Reply {
        @Override
        public Refusal with(String header, String value) {
            return new Refusal(problem.header(header, value));
        }

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
