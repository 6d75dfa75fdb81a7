package dev.storemesh.protocol.page;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.util.Map;

/// Where a paged read goes on: which read it was (`kind`: `objects`, `changes`, `requests`) of which catalog, at
/// which version, with which parameters, and the last thing on the page before.
public record PageCursor(String kind, CatalogId catalog, Version version, Map<String, String> parameters, String last) {
    public PageCursor {
        parameters = Map.copyOf(parameters);
    }
}
