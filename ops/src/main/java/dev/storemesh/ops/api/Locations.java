package dev.storemesh.ops.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// The locations of a catalog: what has values of its own must be one.
public final class Locations {
    private Locations() {}

    /// Makes the location of a store where there is none of the name; one that is there stays as it is.
    public static void ensure(ApiClient hq, String catalog, String store) throws ApiException, InterruptedException {
        var query = Query.of("catalogs", catalog, "locations", store);
        try {
            hq.get(query);
        } catch (ApiException.Refusal refusal) {
            if (!refusal.problem().code().equals("unknown_location")) {
                throw refusal;
            }
            var body = JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", "store")
                    .put("name", store)
                    .put("reason", "the location of a store");
            hq.put(query, body);
        }
    }
}
