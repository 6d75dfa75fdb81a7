package dev.storemesh.ops.history;

import dev.storemesh.ops.history.CatalogLog.Entry;
import dev.storemesh.ops.history.Operation.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every object was at every version, by the log alone.
final class States {
    private final Map<String, TreeMap<Long, Optional<Seen>>> objects = new HashMap<>();

    States(CatalogLog log) {
        var steps = new ArrayList<Entry>();
        for (var entry : log.entries()) {
            switch (entry.part()) {
                case WHOLE -> take(entry);
                case STEP -> steps.add(entry);
                case COMMIT -> {
                    steps.forEach(this::take);
                    steps.clear();
                }
                case VOID -> steps.clear();
            }
        }
    }

    private void take(Entry entry) {
        entry.changes()
                .set()
                .forEach((object, value) ->
                        put(object, entry.version(), Optional.of(new Seen(object, value, entry.version()))));
        entry.changes().deleted().forEach(object -> put(object, entry.version(), Optional.empty()));
    }

    private void put(String object, long version, Optional<Seen> state) {
        objects.computeIfAbsent(object, name -> new TreeMap<>()).put(version, state);
    }

    Optional<Seen> at(String object, long version) {
        return Optional.ofNullable(objects.get(object))
                .map(states -> states.floorEntry(version))
                .flatMap(Map.Entry::getValue);
    }

    /// All that are there, by name.
    SortedMap<String, Seen> at(long version) {
        var all = new TreeMap<String, Seen>();
        for (var object : List.copyOf(objects.keySet())) {
            at(object, version).ifPresent(seen -> all.put(object, seen));
        }
        return all;
    }
}
