package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/// The global attributes that an object has in the catalog now. Values of single locations are left out: imports
/// neither see nor touch them.
public record Present(Map<String, JsonNode> values) {
    public Present {
        values = Map.copyOf(values);
    }

    /// Reads an object as the API gives it.
    static Present of(JsonNode object) {
        var values = new HashMap<String, JsonNode>();
        for (var row : object.path("attributes")) {
            if (!row.has("location")) {
                values.put(row.path("attribute").asText(), row.path("value"));
            }
        }
        return new Present(values);
    }
}
