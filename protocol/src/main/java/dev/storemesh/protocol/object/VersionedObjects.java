package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The objects of one partition, readable at any version: the log, materialised. Fed entry by entry in order. Many
/// threads may read it, or one change it. What it gives out is immutable.
public final class VersionedObjects implements ReadableObjects {
    private static final int MANY = 1_000; // objects, that one may be like another of
    private static final int SUPERSEDED = 64; // changes that later ones took the place of, beside half of all objects

    private final SortedTable<PageKey, VersionedObject> objects = new SortedTable<>(Comparator.naturalOrder());
    private final ObjectTable byKey = new ObjectTable(); // the same, found at once
    private final LastChanges byChange = new LastChanges();
    private final Map<TypeName, NavigableSet<ObjectToken>> bookkeeping = new HashMap<>();
    private final Map<TypeName, TypeName> types = new HashMap<>();
    private final SameAttributes same =
            new SameAttributes(token -> find(token).map(VersionedObject::token).orElse(token));
    private final ObjectIndex index = new ObjectIndex(objects);
    private long liveCount;
    private long objectBytes;

    /// In what order a page lists objects: [PageKey]'s, or by token, for bookkeeping objects, whose tokens grow with
    /// time.
    public enum Order {
        PAGE_KEY,
        TOKEN
    }

    /// Which objects a page holds. Without a type bookkeeping objects are left out. `having` asks for attributes of
    /// these values.
    public record Selection(Optional<TypeName> type, Scope scope, Map<DefinitionName, Value> having) {
        public static final Selection EVERYTHING = new Selection(Optional.empty(), Scope.all(), Map.of());

        public Selection {
            having = Map.copyOf(having);
        }

        boolean wants(TypeName candidate) {
            return type.map(candidate::equals).orElse(!candidate.isBookkeeping());
        }

        boolean wants(ObjectView.Live view) {
            return having.entrySet().stream()
                    .allMatch(entry -> view.value(entry.getKey()).equals(Optional.of(entry.getValue())));
        }
    }

    /// Some objects, and whether there are more after the last of them.
    public record Slice(List<ObjectView> objects, boolean more) {
        public Slice {
            objects = List.copyOf(objects);
        }
    }

    public void apply(LogEntry entry) {
        if (!entry.isVoid()) {
            entry.changes().forEach(change -> apply(entry.version(), change));
        }
    }

    private void apply(Version version, ObjectChange change) {
        var before = find(change.object())
                .orElseGet(() ->
                        VersionedObject.unborn(change.object(), types.computeIfAbsent(change.type(), type -> type)));
        var attributes = change.set().stream().map(same::of).toList();
        var made = before.changed().equals(Version.NONE);
        put(
                before,
                before.after(
                        version,
                        new ObjectChange(before.token(), before.type(), change.deleted(), attributes, change.ended())));
        index(before, made, attributes);
    }

    /// Takes over an object with its history from others, or in place of the same one as it was.
    void adopt(VersionedObject object) {
        adopt(object, same::of, Optional.empty());
    }

    /// The same, its attributes the very instances that others hold: of a few objects, for a while.
    void borrow(VersionedObject object) {
        adopt(object, UnaryOperator.identity(), Optional.empty());
    }

    /// Takes over what the steps of a version made of `others`, some of which were borrowed here. Where there are many,
    /// attributes that are the same are one instance among them, which is enough.
    void adopt(Collection<VersionedObject> changed, VersionedObjects others, Version version) {
        var many = changed.size() >= MANY;
        for (var object : changed) {
            adopt(object, many ? UnaryOperator.identity() : own(object), Optional.of(version));
        }
        if (many) {
            same.takeOver(others.same);
        }
    }

    /// What the object held here before stays the instance that it is. By identity, so that a large set costs no more
    /// for
    /// each of its values than a small one.
    private UnaryOperator<Attribute> own(VersionedObject object) {
        var held = Collections.newSetFromMap(new IdentityHashMap<Attribute, Boolean>());
        find(object.key()).ifPresent(before -> before.attributes().forEach(held::add));
        return attribute -> held.contains(attribute) ? attribute : same.of(attribute);
    }

    /// @param indexed what it held before this version is known of it already
    private void adopt(VersionedObject object, UnaryOperator<Attribute> instance, Optional<Version> indexed) {
        var type = types.computeIfAbsent(object.type(), one -> one);
        var before = find(object.key()).orElseGet(() -> VersionedObject.unborn(object.token(), type));
        var after = object.with(type, instance);
        put(before, after);
        var rows = Stream.concat(after.live().stream(), after.ended().stream().map(VersionedObject.EndedRow::row));
        index(
                after,
                before.lives().isEmpty(),
                rows.filter(row -> indexed.map(row.version()::equals).orElse(true))
                        .map(Row::attribute)
                        .toList());
    }

    private void index(VersionedObject object, boolean made, List<Attribute> attributes) {
        if (made) {
            index.made(object.key(), object.type());
        }
        attributes.forEach(attribute -> index.set(object.key(), attribute));
    }

    private void put(VersionedObject before, VersionedObject after) {
        if (!after.changed().equals(before.changed())) {
            byChange.add(after.changed(), after.key());
        }
        var there = objects.size();
        objects.put(after.key(), after);
        byKey.put(after);
        objectBytes += after.heapBytes() + (objects.size() > there ? HeapSize.TABLES : -before.heapBytes());
        if (byChange.size() > objects.size() + objects.size() / 2 + SUPERSEDED) {
            byChange.keep((version, key) -> find(key)
                    .filter(object -> object.changed().number() == version)
                    .isPresent());
        }
        if (after.type().isBookkeeping()) {
            if (bookkeeping
                    .computeIfAbsent(after.type(), type -> new TreeSet<>())
                    .add(after.token())) {
                objectBytes += HeapSize.HASHED;
            }
        } else if (!after.type().isSchema()) {
            liveCount += (after.isLive() ? 1 : 0) - (before.isLive() ? 1 : 0);
        }
    }

    /// About how many bytes of the heap all of it takes, indexes left out.
    long heapBytes() {
        return objectBytes + same.heapBytes();
    }

    /// Lets go of the rows that nobody sees who reads at `version` or later.
    ///
    /// @return how many there were
    long drop(Version version) {
        var all = 0L;
        var dropped = 0L;
        for (var object : image()) {
            var after = object.without(version);
            var rows = object.ended().size() - after.ended().size();
            all += object.live().size() + object.ended().size();
            if (rows > 0) {
                dropped += rows;
                objectBytes += after.heapBytes() - object.heapBytes();
                objects.put(after.key(), after);
                byKey.put(after);
            }
        }
        same.dropped(dropped, all);
        if (dropped > all / 8) {
            index.forget(); // it names them still
        }
        return dropped;
    }

    /// The version from which on every object is known in full.
    Version floor() {
        return objects.values().stream()
                .map(object -> object.dropped().before())
                .max(Version::compareTo)
                .orElse(Version.NONE);
    }

    /// All objects with their histories, in page order: what a checkpoint keeps.
    public List<VersionedObject> image() {
        return List.copyOf(objects.values());
    }

    /// Puts back what [#image] gave.
    public void restore(Collection<VersionedObject> image) {
        index.forget();
        var inOrder = new ArrayList<>(image);
        inOrder.sort(Comparator.comparing(VersionedObject::changed)); // no change then goes before another
        for (var object : inOrder) {
            put(
                    find(object.token()).orElseGet(() -> VersionedObject.unborn(object.token(), object.type())),
                    object.with(types.computeIfAbsent(object.type(), type -> type), same::of));
        }
    }

    /// How many live objects there are at the newest version, those of the schema and bookkeeping left out.
    public long liveCount() {
        return liveCount;
    }

    @Override
    public Stream<VersionedObject> live() {
        return objects.values().stream().filter(VersionedObject::isLive);
    }

    @Override
    public Stream<PageKey> changedAfter(Version version) {
        return byChange.after(version).stream() // a version's steps may leave an object as it was before them
                .distinct()
                .filter(key -> find(key)
                        .filter(object -> object.changed().isAfter(version))
                        .isPresent());
    }

    @Override
    public Optional<VersionedObject> find(ObjectToken token) {
        return find(PageKey.of(token));
    }

    @Override
    public Optional<VersionedObject> find(PageKey key) {
        return byKey.find(key);
    }

    @Override
    public Collection<VersionedObject> inPageOrder(Optional<PageKey> after) {
        return Collections.unmodifiableCollection(
                after.map(objects::valuesAfter).orElseGet(objects::values));
    }

    @Override
    public int size() {
        return objects.size();
    }

    @Override
    public ObjectIndex index() {
        return index;
    }

    @Override
    public Stream<ObjectToken> inTokenOrder(TypeName type, Optional<ObjectToken> after) {
        NavigableSet<ObjectToken> tokens = bookkeeping.getOrDefault(type, new TreeSet<>());
        return after.map(token -> tokens.tailSet(token, false)).orElse(tokens).stream();
    }
}
