package dev.storemesh.ops.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Endpoint;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalLong;

/// One site, spoken to over its API as one principal: the few things a demo does there.
final class Access {
    private final ApiClient api;

    private Access(ApiClient api) {
        this.api = api;
    }

    /// As the operator, by the token that a node writes at its first start.
    static Access operator(NodeProcess node) throws CommandFailed {
        var file = node.home().resolve("operator.token");
        try {
            return with(node, Files.readString(file).strip());
        } catch (IOException e) {
            throw new CommandFailed("The operator token of " + node.id() + " cannot be read from " + file + ".", e);
        }
    }

    static Access with(NodeProcess node, String token) {
        return new Access(new ApiClient(Endpoint.of(node.url(), Optional.of(token), false, Optional.empty())));
    }

    ApiClient api() {
        return api;
    }

    void createCatalog(String catalog) throws ApiException, InterruptedException {
        api.put(Query.of("catalogs", catalog));
    }

    String createToken(String name, String role, String catalog) throws ApiException, InterruptedException {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("role", role)
                .put("catalog", catalog);
        return api.post(Query.of("tokens"), body).body().path("token").asText();
    }

    /// A new join token; an older one of the same store ends.
    String joinToken(String store, String catalog) throws ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("store", store).put("catalog", catalog);
        return api.post(Query.of("stores"), body).body().path("joinToken").asText();
    }

    /// Whether the store has enrolled and has spoken to HQ since: then it surely has its credential on its disk.
    boolean hasSpoken(String store) throws ApiException, InterruptedException {
        try {
            return api.get(Query.of("stores", store))
                    .body()
                    .path("credentialUsed")
                    .asBoolean();
        } catch (ApiException.Refusal refusal) {
            if (refusal.problem().status() == 404) {
                return false;
            }
            throw refusal;
        }
    }

    /// The newest visible version; empty when the site has no such catalog, or none yet.
    OptionalLong visible(String catalog) throws ApiException, InterruptedException {
        try {
            return OptionalLong.of(api.get(Query.of("catalogs", catalog))
                    .body()
                    .path("visible")
                    .asLong());
        } catch (ApiException.Refusal refusal) {
            if (refusal.problem().status() == 404) {
                return OptionalLong.empty();
            }
            throw refusal;
        }
    }

    /// Makes the constraint that the tour shows at work, if it is not there: from now on, since the goods may be
    /// anybody's.
    void ensureRule(String catalog) throws ApiException, InterruptedException {
        var query = Query.of("catalogs", catalog, "constraints", "demo.price.notNegative");
        try {
            api.get(query);
        } catch (ApiException.Refusal refusal) {
            if (!refusal.problem().code().equals("unknown_constraint")) {
                throw refusal;
            }
            var body = JsonNodeFactory.instance
                    .objectNode()
                    .put("type", "retail.item")
                    .put("definition", "retail.item.price")
                    .put("kind", "range")
                    .put("min", 0)
                    .put("fromNowOn", true)
                    .put("message", "A price is never negative.")
                    .put("reason", "the demo");
            api.put(query, body);
        }
    }

    /// Whether the token we hold is one that the site knows.
    boolean isKnown(String catalog) throws ApiException, InterruptedException {
        try {
            api.get(Query.of("catalogs", catalog));
            return true;
        } catch (ApiException.Refusal refusal) {
            if (refusal.problem().status() == 401 || refusal.problem().status() == 403) {
                return false;
            }
            throw refusal;
        }
    }

    /// Some items of the catalog as they stand at `version`.
    JsonNode items(String catalog, long version) throws ApiException, InterruptedException {
        var query = Query.of("catalogs", catalog, "objects")
                .with("type", "retail.item")
                .with("version", String.valueOf(version))
                .with("limit", "100");
        return api.get(query).body().path("objects");
    }
}
