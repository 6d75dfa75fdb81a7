package dev.storemesh.protocol.query;

import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;

/// Where an object stands in an answer: its value for each sort key, and its place in pages.
public record Place(List<Optional<Value>> values, PageKey key) {
    public Place {
        values = List.copyOf(values);
    }
}
