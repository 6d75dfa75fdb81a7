package dev.storemesh.protocol.replica;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/// A map that is never changed: one with an entry more shares all with it but a thousandth. Compares by its
/// entries.
final class PersistentMap<K, V> {
    private static final int BUCKETS = 1_024;
    private static final PersistentMap<?, ?> EMPTY = made(Map.of());

    private final Map<K, V>[] buckets;
    private final int size;

    private PersistentMap(Map<K, V>[] buckets, int size) {
        this.buckets = buckets;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // what is in it: nothing
    static <K, V> PersistentMap<K, V> of(Map<K, V> entries) {
        return entries.isEmpty() ? (PersistentMap<K, V>) EMPTY : made(entries);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the language has no arrays of generic types
    private static <K, V> PersistentMap<K, V> made(Map<K, V> entries) {
        var all = new HashMap<Integer, Map<K, V>>();
        entries.forEach((key, value) ->
                all.computeIfAbsent(bucketOf(key), bucket -> new HashMap<>()).put(key, value));
        Map<K, V>[] buckets = new Map[BUCKETS];
        for (var i = 0; i < BUCKETS; i++) {
            buckets[i] = Map.copyOf(all.getOrDefault(i, Map.of()));
        }
        return new PersistentMap<>(buckets, entries.size());
    }

    private static int bucketOf(Object key) {
        var hash = key.hashCode() * 0x9E3779B9;
        return hash >>> 22; // as many bits as number the buckets
    }

    int size() {
        return size;
    }

    Optional<V> get(K key) {
        return Optional.ofNullable(buckets[bucketOf(key)].get(key));
    }

    void forEach(BiConsumer<K, V> action) {
        for (var bucket : buckets) {
            bucket.forEach(action);
        }
    }

    Map<K, V> toMap() {
        var all = new HashMap<K, V>();
        forEach(all::put);
        return all;
    }

    /// With an entry more; of those beside it, which are one in a thousand, without the ones that are over.
    PersistentMap<K, V> with(K key, V value, BiPredicate<K, V> isOver) {
        var bucket = new HashMap<>(buckets[bucketOf(key)]);
        bucket.entrySet().removeIf(entry -> isOver.test(entry.getKey(), entry.getValue()));
        bucket.put(key, value);
        return replaced(key, bucket);
    }

    PersistentMap<K, V> without(K key) {
        if (get(key).isEmpty()) {
            return this;
        }
        var bucket = new HashMap<>(buckets[bucketOf(key)]);
        bucket.remove(key);
        return replaced(key, bucket);
    }

    private PersistentMap<K, V> replaced(K key, Map<K, V> bucket) {
        var more = buckets.clone();
        var number = bucketOf(key);
        var change = bucket.size() - buckets[number].size();
        more[number] = Map.copyOf(bucket);
        return new PersistentMap<>(more, size + change);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PersistentMap<?, ?> map && toMap().equals(map.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }
}
