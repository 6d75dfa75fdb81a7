package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The objects of one partition, readable at any version: the log, materialised. Fed entry by entry in order; owned
/// by one thread at a time. What it gives out is immutable.
public final class VersionedObjects implements ReadableObjects {
    private final TreeMap<PageKey, VersionedObject> objects = new TreeMap<>();
    private final Map<ObjectToken, VersionedObject> byToken = new HashMap<>(); // the same, found at once
    private final TreeSet<Changed> byChange = new TreeSet<>();
    private final Map<TypeName, NavigableSet<ObjectToken>> bookkeeping = new HashMap<>();
    private final Map<DefinitionName, DefinitionName> definitions = new HashMap<>();
    private final Map<Optional<LocationId>, Optional<LocationId>> locations = new HashMap<>();
    private final Map<TypeName, TypeName> types = new HashMap<>();
    private final ObjectIndex index = new ObjectIndex(Collections.unmodifiableSortedMap(objects));
    private long liveCount;

    private record Changed(Version version, PageKey key) implements Comparable<Changed> {
        @Override
        public int compareTo(Changed other) {
            var order = version.compareTo(other.version);
            return order != 0 ? order : key.compareTo(other.key);
        }
    }

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
        var key = PageKey.of(change.object());
        var before = objects.getOrDefault(
                key, VersionedObject.unborn(change.object(), types.computeIfAbsent(change.type(), type -> type)));
        var attributes = change.set().stream().map(this::interned).toList();
        var made = before.lives().isEmpty();
        put(
                key,
                before,
                before.after(
                        version,
                        new ObjectChange(
                                change.object(), before.type(), change.deleted(), attributes, change.ended())));
        index(key, before.type(), made, attributes);
    }

    /// Takes over an object with its history from others, or in place of the same one as it was.
    ///
    /// @param indexed whether what it held before `version` is known of it already
    void adopt(VersionedObject object, Optional<Version> indexed) {
        var type = types.computeIfAbsent(object.type(), same -> same);
        var key = PageKey.of(object.token());
        var before = objects.getOrDefault(key, VersionedObject.unborn(object.token(), type));
        put(key, before, object.as(type).interned(this::interned));
        var rows = Stream.concat(object.live().stream(), object.ended().stream().map(VersionedObject.EndedRow::row));
        index(
                key,
                type,
                before.lives().isEmpty(),
                rows.filter(row -> indexed.map(row.version()::equals).orElse(true))
                        .map(row -> interned(row.attribute()))
                        .toList());
    }

    /// The index keeps the key that the map has, not another of the same name.
    private void index(PageKey key, TypeName type, boolean made, List<Attribute> attributes) {
        var kept = Objects.requireNonNull(objects.floorKey(key), "the key that was just put");
        if (made) {
            index.made(kept, type);
        }
        attributes.forEach(attribute -> index.set(kept, attribute));
    }

    private void put(PageKey key, VersionedObject before, VersionedObject after) {
        byChange.remove(new Changed(before.changed(), key));
        byChange.add(new Changed(after.changed(), key));
        objects.put(key, after);
        byToken.put(after.token(), after);
        if (after.type().isBookkeeping()) {
            bookkeeping.computeIfAbsent(after.type(), type -> new TreeSet<>()).add(after.token());
        } else if (!after.type().isSchema()) {
            liveCount += (after.isLive() ? 1 : 0) - (before.isLive() ? 1 : 0);
        }
    }

    private Attribute interned(Attribute attribute) {
        return new Attribute(
                definitions.computeIfAbsent(attribute.definition(), name -> name),
                locations.computeIfAbsent(attribute.location(), location -> location),
                attribute.value());
    }

    /// All objects with their histories, in page order: what a checkpoint keeps.
    public List<VersionedObject> image() {
        return List.copyOf(objects.values());
    }

    /// Puts back what [#image] gave.
    public void restore(Collection<VersionedObject> image) {
        index.forget();
        image.forEach(object -> {
            var interned = object.as(types.computeIfAbsent(object.type(), type -> type))
                    .interned(this::interned);
            put(PageKey.of(object.token()), VersionedObject.unborn(object.token(), object.type()), interned);
        });
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
        return byChange.tailSet(new Changed(version.next(), new PageKey(0, FIRST_TOKEN)), true).stream()
                .map(Changed::key);
    }

    @Override
    public Optional<VersionedObject> find(ObjectToken token) {
        return Optional.ofNullable(byToken.get(token));
    }

    @Override
    public Collection<VersionedObject> inPageOrder(Optional<PageKey> after) {
        return Collections.unmodifiableCollection(
                after.map(key -> objects.tailMap(key, false)).orElse(objects).values());
    }

    @Override
    public int size() {
        return objects.size();
    }

    @Override
    public ObjectIndex index() {
        return index;
    }

    private static final ObjectToken FIRST_TOKEN = new ObjectToken("-"); // the least character that tokens have

    @Override
    public Stream<ObjectToken> inTokenOrder(TypeName type, Optional<ObjectToken> after) {
        NavigableSet<ObjectToken> tokens = bookkeeping.getOrDefault(type, new TreeSet<>());
        return after.map(token -> tokens.tailSet(token, false)).orElse(tokens).stream();
    }
}
