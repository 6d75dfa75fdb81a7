package dev.storemesh.protocol.page;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.util.Map;
import java.util.Optional;

/// Where a paged read goes on: which read it was (`kind`: `objects`, `changes`, `requests`) of which catalog, at
/// which version, with which parameters, and the last thing on the page before. `local`: with so many of a store's own
/// writes laid over that version.
public record PageCursor(
        String kind,
        CatalogId catalog,
        Version version,
        Optional<Long> local,
        Map<String, String> parameters,
        String last) {
    /// Of a read that shows what HQ knows.
    public PageCursor(String kind, CatalogId catalog, Version version, Map<String, String> parameters, String last) {
        this(kind, catalog, version, Optional.empty(), parameters, last);
    }

    public PageCursor {
        parameters = Map.copyOf(parameters);
    }
}
