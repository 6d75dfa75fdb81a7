package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
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
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The objects of one partition, readable at any version: the log, materialised. Fed entry by entry in order; owned
/// by one thread at a time. What it gives out is immutable.
public final class VersionedObjects {
    private static final int SUPERSEDED = 64; // changes that later ones took the place of, beside half of all objects

    private final SortedTable<PageKey, VersionedObject> objects = new SortedTable<>(Comparator.naturalOrder());
    private final TokenTable byToken = new TokenTable(); // the same, found at once
    private final LastChanges byChange = new LastChanges();
    private final Map<TypeName, NavigableSet<ObjectToken>> bookkeeping = new HashMap<>();
    private final Map<TypeName, TypeName> types = new HashMap<>();
    private final SameAttributes same = new SameAttributes(
            token -> byToken.find(token).map(VersionedObject::token).orElse(token));
    private final ObjectIndex index = new ObjectIndex(objects);
    private long liveCount;

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
        if (made) {
            index.made(before.key(), before.type());
        }
        attributes.forEach(attribute -> index.set(before.key(), attribute));
    }

    private void put(VersionedObject before, VersionedObject after) {
        if (!after.changed().equals(before.changed())) {
            byChange.add(after.changed(), after.key());
        }
        objects.put(after.key(), after);
        byToken.put(after);
        if (byChange.size() > objects.size() + objects.size() / 2 + SUPERSEDED) {
            byChange.keep((version, key) -> find(key)
                    .filter(object -> object.changed().number() == version)
                    .isPresent());
        }
        if (after.type().isBookkeeping()) {
            bookkeeping.computeIfAbsent(after.type(), type -> new TreeSet<>()).add(after.token());
        } else if (!after.type().isSchema()) {
            liveCount += (after.isLive() ? 1 : 0) - (before.isLive() ? 1 : 0);
        }
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

    /// All that are there at the newest version.
    public Stream<VersionedObject> live() {
        return objects.values().stream().filter(VersionedObject::isLive);
    }

    /// The objects, bookkeeping left out, that changed after `version`; one more than `limit` where there are more.
    public Set<ObjectToken> changedSince(Version version, int limit) {
        return byChange.after(version).stream()
                .filter(key -> find(key)
                        .filter(object -> !object.type().isBookkeeping())
                        .isPresent())
                .map(PageKey::token)
                .distinct()
                .limit(limit + 1L)
                .collect(Collectors.toUnmodifiableSet());
    }

    public Optional<VersionedObject> find(ObjectToken token) {
        return byToken.find(token);
    }

    /// All objects, or those after one of them, with their histories, in page order: a view, good until the next
    /// entry.
    public Collection<VersionedObject> inPageOrder(Optional<PageKey> after) {
        return Collections.unmodifiableCollection(
                after.map(objects::valuesAfter).orElseGet(objects::values));
    }

    public Optional<VersionedObject> find(PageKey key) {
        return byToken.find(key.token());
    }

    public int size() {
        return objects.size();
    }

    /// Finds objects by what they hold.
    public ObjectIndex index() {
        return index;
    }

    /// The live objects that hold exactly this value at the newest version, at any location.
    public Set<ObjectToken> holders(DefinitionName definition, Value exact) {
        return live(
                index.holding(definition, exact),
                attribute -> attribute.definition().equals(definition)
                        && attribute.value().equals(exact));
    }

    /// The live objects that refer to this one at the newest version, by any definition, at any location.
    public Set<ObjectToken> referrers(ObjectToken target) {
        var reference = new Value.Reference(target);
        return live(index.referring(target), attribute -> attribute.value().equals(reference));
    }

    private Set<ObjectToken> live(Postings candidates, Predicate<Attribute> held) {
        return candidates.inOrder().stream()
                .flatMap(key -> find(key).stream())
                .filter(object -> object.holds(held))
                .map(VersionedObject::token)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    public Optional<ObjectView.Live> object(ObjectToken token, Version version, Scope scope) {
        return find(token).flatMap(object -> object.at(version, scope));
    }

    /// At most `limit` objects that were there at `version`, from the one after `after` on.
    public Slice page(Selection selection, Version version, Order order, Optional<ObjectToken> after, int limit) {
        var found = new ArrayList<ObjectView>();
        var candidates = candidates(selection, order, after);
        while (candidates.hasNext() && found.size() <= limit) {
            var object = candidates.next();
            if (selection.wants(object.type())) {
                object.at(version, selection.scope()).filter(selection::wants).ifPresent(found::add);
            }
        }
        return slice(found, limit);
    }

    /// At most `limit` objects that differ between `since` and `version`, each once, from the one after `after` on,
    /// in the order of [PageKey].
    public Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit) {
        var found = new ArrayList<ObjectView>();
        var changed = changedAfter(since, after).iterator();
        while (changed.hasNext() && found.size() <= limit) {
            var object = changed.next();
            if (selection.wants(object.type())) {
                object.changeBetween(since, version, selection.scope()).ifPresent(found::add);
            }
        }
        return slice(found, limit);
    }

    /// At most `limit` objects that are not at `to` what they were at `from`, whichever is later, from the one after
    /// `after` on, in the order of [PageKey].
    public ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        var earlier = from.isAfter(to) ? to : from;
        var found = changedAfter(earlier, after)
                .filter(object -> selection.wants(object.type()))
                .flatMap(object -> object.difference(from, to, selection.scope()).stream())
                .limit(limit + 1L)
                .toList();
        return found.size() > limit
                ? new ObjectDifference.Slice(found.subList(0, limit), true)
                : new ObjectDifference.Slice(found, false);
    }

    /// The objects that changed after `since`, in page order, from the one after `after` on.
    private Stream<VersionedObject> changedAfter(Version since, Optional<ObjectToken> after) {
        var first = after.map(PageKey::of);
        var changed = new ArrayList<PageKey>();
        for (var key : byChange.after(since)) {
            if (first.isEmpty() || key.compareTo(first.get()) > 0) {
                changed.add(key);
            }
        }
        Collections.sort(changed);
        return IntStream.range(0, changed.size())
                .filter(i -> i == 0 || !changed.get(i).equals(changed.get(i - 1)))
                .mapToObj(changed::get)
                .flatMap(key -> find(key).stream());
    }

    private Iterator<VersionedObject> candidates(Selection selection, Order order, Optional<ObjectToken> after) {
        return switch (order) {
            case PAGE_KEY ->
                after.map(PageKey::of)
                        .map(objects::valuesAfter)
                        .orElseGet(objects::values)
                        .iterator();
            case TOKEN ->
                byToken(selection, after).flatMap(token -> find(token).stream()).iterator();
        };
    }

    private Stream<ObjectToken> byToken(Selection selection, Optional<ObjectToken> after) {
        NavigableSet<ObjectToken> tokens =
                selection.type().map(bookkeeping::get).orElse(new TreeSet<>());
        return after.map(token -> tokens.tailSet(token, false)).orElse(tokens).stream();
    }

    /// Of at most one more than `limit`.
    private static Slice slice(List<ObjectView> found, int limit) {
        return found.size() > limit ? new Slice(found.subList(0, limit), true) : new Slice(found, false);
    }
}
