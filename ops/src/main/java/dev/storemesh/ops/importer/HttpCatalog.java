package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.Answer;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Problem;
import dev.storemesh.ops.api.Query;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A catalog at a node at HQ, by its HTTP API.
public final class HttpCatalog implements ImportTarget {
    private static final String PAGE_LIMIT = "1000";

    private final ApiClient client;
    private final String catalog;

    public HttpCatalog(ApiClient client, String catalog) {
        this.client = client;
        this.catalog = catalog;
    }

    @Override
    public Snapshot read(List<String> types) throws ApiException, InterruptedException {
        var objects = new HashMap<String, Present>();
        var head = client.get(Query.of("catalogs", catalog));
        if (head.body().path("followed").asBoolean()) {
            throw new ApiException.Refusal(new Problem(
                    409,
                    "hq_only",
                    client.endpoint().base() + " is a store: imports go to HQ",
                    List.of(),
                    Optional.empty()));
        }
        var version = number(head, "visible");
        for (var type : version == 0 ? List.<String>of() : types) { // nothing can be read at a version before the first
            readAll(type, version, objects);
        }
        return new Snapshot(version, objects);
    }

    private void readAll(String type, long version, Map<String, Present> into)
            throws ApiException, InterruptedException {
        Optional<String> next = Optional.empty();
        do {
            var query =
                    Query.of("catalogs", catalog, "objects").with("type", type).with("limit", PAGE_LIMIT);
            // a page token pins the version by itself
            var page = client.get(next.isPresent() ? query.with("page", next) : query.with("version", "" + version))
                    .body();
            for (var object : page.path("objects")) {
                into.put(object.path("object").asText(), Present.of(object));
            }
            next = Optional.ofNullable(page.get("next")).map(token -> token.asText());
        } while (next.isPresent());
    }

    @Override
    public long write(ObjectNode body, String key) throws ApiException, InterruptedException {
        return number(client.post(Query.of("catalogs", catalog, "writes"), body, key), "version");
    }

    private static long number(Answer answer, String field) throws ApiException {
        var number = answer.body().path(field);
        if (!number.isIntegralNumber()) {
            throw new ApiException.NoAnswer("The answer (status " + answer.status() + ") names no " + field);
        }
        return number.asLong();
    }
}
