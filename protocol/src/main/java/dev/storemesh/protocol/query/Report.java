package dev.storemesh.protocol.query;

import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.value.LocationId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A question about a group of locations, as it was asked: what a query counts, for each location of the group and
/// seen from there. [ReportCompiler] says whether it makes sense.
public record Report(String group, Filter filter, List<Facet> facets, boolean total) {
    public Report {
        facets = List.copyOf(facets);
    }

    /// What is asked for each location. Nobody looks at the objects that it finds, so it is asked for one and none
    /// of its attributes.
    Query query() {
        return new Query(filter, List.of(), 1, Optional.empty(), Optional.of(List.of()), facets, total);
    }

    /// The counts of each location, by its id.
    public record Answer(Map<LocationId, Counted> locations) {
        public Answer {
            locations = new TreeMap<>(locations);
        }
    }

    /// Of one location: how many objects match, where that was asked for, and how many have which value.
    public record Counted(Optional<Long> total, List<QueryAnswer.Counts> facets) {
        public Counted {
            facets = List.copyOf(facets);
        }

        public static Counted of(QueryAnswer answer) {
            return new Counted(answer.total(), answer.facets());
        }
    }
}
