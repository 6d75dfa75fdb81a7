package dev.storemesh.ops.history;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one write does to the objects: those whose value it sets, and those that it deletes. Values are the write's
/// key, so nobody else sets the same.
public record Changes(Map<String, String> set, Set<String> deleted) {
    static final Changes NONE = new Changes(Map.of(), Set.of());

    public Changes {
        set = Collections.unmodifiableMap(new TreeMap<>(set));
        deleted = Collections.unmodifiableSet(new TreeSet<>(deleted));
    }
}
