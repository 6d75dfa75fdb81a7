package dev.storemesh.protocol.query;

import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Map;

/// What one partition answers to a query: its first objects after the page before, one more than the page takes if
/// there is one; how many match in all; how many have which value, for each facet.
public record Part(List<Ranked> first, long total, List<Map<Value, Long>> facets) {
    public Part {
        first = List.copyOf(first);
        facets = facets.stream().map(Map::copyOf).toList();
    }

    /// An object and where it stands.
    public record Ranked(Place place, ObjectView.Live view) {}
}
