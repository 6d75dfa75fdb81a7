package dev.storemesh.http.route;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Which locations the stores serve, as their catalogs say at the newest version.
record ServedLocations(Map<CatalogId, Schema> schemas) {
    ServedLocations {
        schemas = Map.copyOf(schemas);
    }

    static CompletionStage<ServedLocations> in(Set<CatalogId> asked, CatalogPort catalogs) {
        var found = CompletableFuture.completedStage(new ServedLocations(Map.of()));
        for (var catalog : asked) {
            found = found.thenCombine(
                    NoAnswerException.of(catalogs.schema(catalog, Optional.empty())),
                    (before, reading) -> before.with(catalog, reading));
        }
        return found;
    }

    private ServedLocations with(CatalogId catalog, Reading<SchemaView> reading) {
        var all = new HashMap<>(schemas);
        all.put(
                catalog,
                reading instanceof Reading.Found<SchemaView>(var version, var view)
                        ? SchemaRules.read(view.schemaObjects())
                        : StandardSchema.SCHEMA);
        return new ServedLocations(all);
    }

    List<LocationId> of(Access.Store store) {
        return of(store.catalog(), store.id());
    }

    List<LocationId> of(CatalogId catalog, StoreId store) {
        return Optional.ofNullable(schemas.get(catalog))
                .map(schema -> schema.servedBy(store))
                .orElse(List.of());
    }
}
