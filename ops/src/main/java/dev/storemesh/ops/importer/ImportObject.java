package dev.storemesh.ops.importer;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What a row says that an object's global attributes are. Definitions in neither collection are none of its
/// business: what HQ has there stays.
///
/// @param values the attributes it states
/// @param none the attributes that it states to have no value
public record ImportObject(String token, String type, Map<String, Value> values, Set<String> none) {
    public ImportObject {
        values = Collections.unmodifiableMap(new TreeMap<>(values)); // sorted: the same object, the same bytes
        none = Collections.unmodifiableSet(new TreeSet<>(none));
    }

    /// Says nothing any more about attributes whose value `matches`.
    ImportObject without(Predicate<Value> matches) {
        var kept = new TreeMap<>(values);
        kept.values().removeIf(matches);
        return new ImportObject(token, type, kept, none);
    }
}
