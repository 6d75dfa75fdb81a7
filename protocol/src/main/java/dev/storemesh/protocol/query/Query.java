package dev.storemesh.protocol.query;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import java.util.List;
import java.util.Optional;

/// A question about the objects of a catalog, as it was asked. `location`: seen from there; `attributes`: only these
/// in the answer; `total`: count all that match. [QueryCompiler] says whether it makes sense.
public record Query(
        Filter filter,
        List<Sort> sort,
        int limit,
        Optional<LocationId> location,
        Optional<List<DefinitionName>> attributes,
        List<Facet> facets,
        boolean total) {
    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 1_000;
    public static final Filter EVERYTHING = new Filter.And(List.of());

    public Query {
        sort = List.copyOf(sort);
        attributes = attributes.map(List::copyOf);
        facets = List.copyOf(facets);
    }

    /// All objects in page order.
    public static Query of(Filter filter) {
        return new Query(filter, List.of(), DEFAULT_LIMIT, Optional.empty(), Optional.empty(), List.of(), false);
    }

    /// The same, seen from a location.
    Query seenFrom(LocationId place) {
        return new Query(filter, sort, limit, Optional.of(place), attributes, facets, total);
    }

    /// By the least of an object's values, or descending by the greatest. Objects without one come last either way.
    public record Sort(DefinitionName attribute, boolean descending) {}

    /// How many of the matching objects have each value of an attribute: the `limit` most frequent ones.
    public record Facet(DefinitionName attribute, int limit) {
        public static final int DEFAULT_LIMIT = 20;
        public static final int MAX_LIMIT = 1_000;
    }
}
