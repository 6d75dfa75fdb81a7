package dev.storemesh.protocol.query;

import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;

/// One page of what a query comes to. `more`: others follow; `total`: how many match in all, if that was asked for.
public record QueryAnswer(List<ObjectView.Live> objects, boolean more, Optional<Long> total, List<Counts> facets) {
    public QueryAnswer {
        objects = List.copyOf(objects);
        facets = List.copyOf(facets);
    }

    /// The most frequent values of an attribute, ties in the order of values. `more`: there are others.
    public record Counts(DefinitionName attribute, List<Count> values, boolean more) {
        public Counts {
            values = List.copyOf(values);
        }
    }

    /// How many of the matching objects have a value.
    public record Count(Value value, long objects) {}
}
