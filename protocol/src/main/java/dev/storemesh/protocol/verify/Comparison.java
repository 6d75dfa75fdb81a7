package dev.storemesh.protocol.verify;

import dev.storemesh.protocol.object.Digest;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.verify.Verification.Difference;
import dev.storemesh.protocol.verify.Verification.Kind;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Two digests of the same buckets, held against each other. Pure.
public final class Comparison {
    private Comparison() {}

    /// The buckets in which they differ.
    public static SortedSet<Integer> buckets(Map<Digest.Place, Digest.Sum> store, Map<Digest.Place, Digest.Sum> hq) {
        var differing = new TreeSet<Integer>();
        differing(store, hq).forEach(place -> differing.add(place.bucket()));
        return differing;
    }

    /// The objects in which they differ, by token.
    public static List<Difference> objects(
            Map<ObjectToken, Map<Digest.Place, Digest.Sum>> store, Map<ObjectToken, Map<Digest.Place, Digest.Sum>> hq) {
        return differing(store, hq).stream()
                .sorted(Comparator.comparing(ObjectToken::text))
                .map(object -> new Difference(
                        object,
                        !store.containsKey(object)
                                ? Kind.MISSING_AT_STORE
                                : hq.containsKey(object) ? Kind.DIFFERS : Kind.MISSING_AT_HQ))
                .toList();
    }

    private static <K, V> Set<K> differing(Map<K, V> one, Map<K, V> other) {
        var keys = new HashSet<>(one.keySet());
        keys.addAll(other.keySet());
        keys.removeIf(key -> Objects.equals(one.get(key), other.get(key)));
        return keys;
    }
}
