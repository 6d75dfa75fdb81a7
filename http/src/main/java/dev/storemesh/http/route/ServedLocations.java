package dev.storemesh.http.route;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
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

/// Which locations the stores serve, as their catalogs say at the newest version, which is `heads`.
record ServedLocations(Map<CatalogId, Schema> schemas, Map<CatalogId, Version> heads) {
    ServedLocations {
        schemas = Map.copyOf(schemas);
        heads = Map.copyOf(heads);
    }

    static CompletionStage<ServedLocations> in(Set<CatalogId> asked, CatalogPort catalogs) {
        var found = CompletableFuture.completedStage(new ServedLocations(Map.of(), Map.of()));
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
        var newest = new HashMap<>(heads);
        if (reading instanceof Reading.Found<SchemaView>(var version, var view)) {
            newest.put(catalog, version);
        }
        return new ServedLocations(all, newest);
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
