package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LocalImage.Kept;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A store's own writes as far as one partition holds the objects that they are laid over, and these objects as
/// they are seen with them: at every pair of HQ's version and local number. What was decided is kept for who still
/// reads at a version before that. Many threads may read it, or one change it.
///
/// For the newest pair the overlaid objects are kept up beside the others; those that are overlaid no more stand
/// there as HQ has them, until none is overlaid. For an earlier one they are made when it is asked for.
final class LocalChanges {
    private static final int MOST_PAST = 4;

    private final TreeMap<Long, Held> byNumber = new TreeMap<>();
    private final Map<ObjectToken, List<Held>> byObject = new HashMap<>(); // in order
    private final Map<Pair, Seen> past = new ConcurrentHashMap<>();
    private VersionedObjects newest = new VersionedObjects();
    private Version since = Version.NONE; // the newest objects are as they are seen from this version on
    private long sinceLocal; // and with so many writes
    private int standing; // that HQ has not decided
    private long weight;
    private Version forgotten = Version.NONE;

    private static final class Held {
        private final LocalChange change;
        private Optional<Version> ended;

        private Held(LocalChange change, Optional<Version> ended) {
            this.change = change;
            this.ended = ended;
        }

        private boolean isSeenAt(Version version, long local) {
            return change.number() <= local
                    && !change.base().isAfter(version)
                    && ended.map(end -> end.isAfter(version)).orElse(true);
        }
    }

    private record Pair(Version version, long local) {}

    /// The objects that are overlaid at a pair; none: nothing is.
    private record Seen(Optional<VersionedObjects> objects) {}

    /// Puts back what was kept, over objects whose newest version is `at`.
    void restore(LocalImage image, VersionedObjects base, Version at) {
        since = at;
        forgotten = image.forgotten();
        image.changes().forEach(kept -> hold(new Held(kept.change(), kept.ended())));
        byObject.keySet().forEach(token -> renew(token, base));
    }

    LocalImage image() {
        return new LocalImage(
                byNumber.values().stream()
                        .map(held -> new Kept(held.change, held.ended))
                        .toList(),
                forgotten);
    }

    private void hold(Held held) {
        byNumber.put(held.change.number(), held);
        held.change
                .objects()
                .forEach(token -> byObject.computeIfAbsent(token, first -> new ArrayList<>(1))
                        .add(held));
        sinceLocal = Math.max(sinceLocal, held.change.number());
        since = later(since, held.ended.orElse(held.change.base()));
        standing += held.ended.isEmpty() ? 1 : 0;
        weight += HeapSize.HASHED * (3L + 3L * held.change.edits().size()) + Weight.of(held.change);
    }

    private static Version later(Version one, Version other) {
        return one.isAfter(other) ? one : other;
    }

    /// Begins to lay a write over the objects.
    void begin(LocalChange change, VersionedObjects base) {
        hold(new Held(change, Optional.empty()));
        change.objects().forEach(token -> renew(token, base));
    }

    /// HQ has decided a write, in a version that `base` holds.
    void end(LocalEnd end, VersionedObjects base) {
        var held = byNumber.get(end.number());
        if (held == null || held.ended.isPresent()) {
            return;
        }
        held.ended = Optional.of(end.version());
        since = later(since, end.version());
        standing--;
        if (standing == 0) {
            newest = new VersionedObjects();
        } else {
            held.change.objects().forEach(token -> renew(token, base));
        }
    }

    /// A version changed these objects of `base`.
    void changed(Version version, Collection<ObjectToken> tokens, VersionedObjects base) {
        if (standing > 0) {
            for (var token : tokens) {
                if (newest.find(token).isPresent()) {
                    renew(token, base);
                    since = later(since, version);
                }
            }
        }
    }

    /// A version changed any of the objects of `base`.
    void changed(Version version, VersionedObjects base) {
        changed(
                version,
                newest.inPageOrder(Optional.empty()).stream()
                        .map(VersionedObject::token)
                        .toList(),
                base);
    }

    private void renew(ObjectToken token, VersionedObjects base) {
        if (standing > 0) {
            base.find(token).ifPresent(object -> newest.adopt(object.under(standing(token))));
        }
    }

    private List<LocalChange> standing(ObjectToken token) {
        return byObject.getOrDefault(token, List.of()).stream()
                .filter(held -> held.ended.isEmpty())
                .map(held -> held.change)
                .toList();
    }

    /// The writes laid over an object at a pair, in order.
    List<LocalChange> of(ObjectToken token, Version version, long local) {
        return local == 0
                ? List.of()
                : byObject.getOrDefault(token, List.of()).stream()
                        .filter(held -> held.isSeenAt(version, local))
                        .map(held -> held.change)
                        .toList();
    }

    /// An object as it is seen at a pair.
    VersionedObject over(VersionedObject object, Version version, long local) {
        var changes = of(object.token(), version, local);
        return changes.isEmpty() ? object : object.upTo(version).under(changes);
    }

    /// All objects as they are seen at a pair.
    ReadableObjects over(VersionedObjects base, Version version, long local) {
        if (local == 0 || byNumber.isEmpty()) {
            return base;
        }
        if (!since.isAfter(version) && sinceLocal <= local) {
            return standing == 0 ? base : new HeldObjects(base, newest);
        }
        return past(base, new Pair(version, local))
                .objects()
                .<ReadableObjects>map(overlaid -> new HeldObjects(base, overlaid))
                .orElse(base);
    }

    private Seen past(VersionedObjects base, Pair pair) {
        if (past.size() > MOST_PAST && !past.containsKey(pair)) {
            past.clear();
        }
        return past.computeIfAbsent(pair, asked -> seen(base, asked.version(), asked.local()));
    }

    /// The objects that something is laid over at a pair.
    Set<ObjectToken> objects(Version version, long local) {
        var tokens = new LinkedHashSet<ObjectToken>();
        for (var held : byNumber.headMap(local, true).values()) {
            if (held.isSeenAt(version, local)) {
                tokens.addAll(held.change.objects());
            }
        }
        return tokens;
    }

    private Seen seen(VersionedObjects base, Version version, long local) {
        var tokens = objects(version, local);
        if (tokens.isEmpty()) {
            return new Seen(Optional.empty());
        }
        var overlaid = new VersionedObjects();
        for (var token : tokens) {
            base.find(token).ifPresent(object -> overlaid.adopt(over(object, version, local)));
        }
        return new Seen(Optional.of(overlaid));
    }

    /// Whether all is held that may be laid over at a pair.
    boolean holds(Version version, long local) {
        return local == 0 || !forgotten.isAfter(version);
    }

    /// The version from which on all is held that was ever laid over.
    Version floor() {
        return forgotten;
    }

    /// Lets go of what ended at this version or earlier.
    void forget(Version version) {
        var gone = byNumber.values().stream()
                .filter(held -> held.ended.filter(end -> !end.isAfter(version)).isPresent())
                .toList();
        for (var held : gone) {
            byNumber.remove(held.change.number());
            held.change.objects().forEach(token -> forget(token, held));
            forgotten = later(forgotten, held.ended.orElseThrow());
            weight -= HeapSize.HASHED * (3L + 3L * held.change.edits().size()) + Weight.of(held.change);
        }
        past.clear();
    }

    private void forget(ObjectToken token, Held held) {
        var rest = byObject.getOrDefault(token, List.of()).stream()
                .filter(one -> one != held)
                .toList();
        if (rest.isEmpty()) {
            byObject.remove(token);
        } else {
            byObject.put(token, new ArrayList<>(rest));
        }
    }

    /// About how many bytes of the heap it takes.
    long heapBytes() {
        return byNumber.isEmpty()
                ? 0
                : weight
                        + bytes(newest)
                        + past.values().stream()
                                .flatMap(seen -> seen.objects().stream())
                                .mapToLong(LocalChanges::bytes)
                                .sum();
    }

    private static long bytes(VersionedObjects objects) {
        return objects.heapBytes() + objects.index().heapBytes();
    }
}
