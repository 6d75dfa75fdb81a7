package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueOrder;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// For each value, the objects that hold it or ever held it, at any location. Strings by their folded text.
final class ValueIndex {
    private final NavigableMap<Value, Postings> entries = new TreeMap<>(ValueOrder.PLAIN);

    void add(PageKey object, Value value) {
        entries.merge(Folded.key(value), Postings.of(object), (held, one) -> held.and(object));
    }

    Postings holding(Value value) {
        return entries.getOrDefault(Folded.key(value), Postings.NONE);
    }

    /// Those with a string that begins so; `folded` is not empty.
    Postings withPrefix(String folded) {
        return Postings.union(entries.tailMap(new Value.Text(folded), true).entrySet().stream()
                .takeWhile(entry -> entry.getKey() instanceof Value.Text(var text) && text.startsWith(folded))
                .map(Map.Entry::getValue)
                .toList());
    }

    Set<Map.Entry<Value, Postings>> entries() {
        return entries.entrySet();
    }
}
