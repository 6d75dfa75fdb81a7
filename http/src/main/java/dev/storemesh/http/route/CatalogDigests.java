package dev.storemesh.http.route;

import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Digest;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scoped;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// Sums up what a catalog holds at a version, at HQ and at a store alike.
public final class CatalogDigests {
    /// So many objects are told apart at most.
    public static final int MAX_OBJECTS = 10_000;

    private CatalogDigests() {}

    /// The sums of all objects, and of those in the buckets that were asked for each by itself, in page
    /// order.
    public record Summed(Digest digest, Map<ObjectToken, Digest> objects) {}

    private record One(ObjectToken object, Digest digest) {}

    /// Looks at all objects.
    ///
    /// @param buckets how many: a power of two
    /// @param inDetail of which the objects are told apart; the stage fails with 413 `too_large` where they
    /// are more than [#MAX_OBJECTS]
    /// @param location only what is global and at this location; empty: all
    /// @throws IllegalArgumentException if there cannot be so many buckets
    public static CompletionStage<Reading<Summed>> of(
            CatalogPort catalogs,
            CatalogId catalog,
            Optional<Version> version,
            int buckets,
            Set<Integer> inDetail,
            Optional<LocationId> location) {
        var digest = new Digest(buckets);
        return new ObjectScan(catalogs, catalog, Optional.empty(), version, Optional.empty())
                .all(
                        whole -> {
                            var object = Scoped.view(whole, location);
                            digest.add(object);
                            return inDetail.contains(digest.bucketOf(object.object()))
                                    ? List.of(one(object))
                                    : List.of();
                        },
                        MAX_OBJECTS)
                .thenApply(reading -> summed(reading, digest));
    }

    private static One one(ObjectView.Live object) {
        var digest = new Digest(1);
        digest.add(object);
        return new One(object.object(), digest);
    }

    private static Reading<Summed> summed(Reading<List<One>> reading, Digest digest) {
        if (!(reading instanceof Reading.Found<List<One>>(var at, var found))) {
            return ObjectScan.failed(reading);
        }
        var objects = new LinkedHashMap<ObjectToken, Digest>();
        found.forEach(one -> objects.put(one.object(), one.digest()));
        return new Reading.Found<>(at, new Summed(digest, objects));
    }
}
