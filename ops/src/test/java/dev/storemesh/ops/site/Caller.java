package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One principal at one site. It is an HTTP client of its own, so that no fault of ours is on both sides; it sends
/// each request once.
record Caller(String url, String token, Duration limit) {
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Caller(String url, String token) {
        this(url, token, LIMIT);
    }

    Caller as(String other) {
        return new Caller(url, other, limit);
    }

    /// The same principal at another node of the site.
    Caller at(String other) {
        return new Caller(other, token, limit);
    }

    /// The same, but less patient.
    Caller within(Duration shorter) {
        return new Caller(url, token, shorter);
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Reply put(String path) throws IOException, InterruptedException {
        return send(request(path).PUT(BodyPublishers.noBody()));
    }

    Reply post(String path, String body) throws IOException, InterruptedException {
        return post(path, body, Optional.empty());
    }

    Reply post(String path, String body, Optional<String> key) throws IOException, InterruptedException {
        var request = request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        key.ifPresent(name -> request.header("Idempotency-Key", name));
        return send(request);
    }

    /// Any request; an empty body is none.
    Reply call(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request =
                request(path).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        return send(request);
    }

    /// Makes a token and returns its holder.
    Caller create(String role, String catalog) throws IOException, InterruptedException {
        var body = "{\"name\":\"test " + role + "\",\"role\":\"" + role + "\",\"catalog\":\"" + catalog + "\"}";
        return as(post("/tokens", body).expect(201).body().path("token").asText());
    }

    long visible(String catalog) throws IOException, InterruptedException {
        return get("/catalogs/" + catalog).expect(200).body().path("visible").asLong();
    }

    /// Every object of the catalog that clients see, by token, all at one version.
    TreeMap<String, JsonNode> objects(String catalog, long version) throws IOException, InterruptedException {
        var objects = new TreeMap<String, JsonNode>();
        var path = "/catalogs/" + catalog + "/objects?limit=1000";
        var page = get(path + "&version=" + version).expect(200).body();
        while (true) {
            if (page.path("version").asLong() != version) {
                throw new AssertionError("a page of version " + page.path("version") + " (expected: " + version + ")");
            }
            for (var object : page.path("objects")) {
                if (objects.put(object.path("object").asText(), object) != null) {
                    throw new AssertionError("object " + object.path("object") + " is on two pages");
                }
            }
            if (!page.has("next")) {
                return objects;
            }
            page = get(path + "&page=" + page.path("next").asText()).expect(200).body();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                .timeout(limit)
                .header("Authorization", "Bearer " + token);
    }

    private static Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return Reply.of(HTTP.send(request.build(), BodyHandlers.ofString()));
    }
}
