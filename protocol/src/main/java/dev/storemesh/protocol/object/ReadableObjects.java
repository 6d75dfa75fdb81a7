package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The objects of one partition as a reader meets them, at any version: everybody those of the visible versions, a
/// transaction's holder with its steps on top.
public sealed interface ReadableObjects permits VersionedObjects, HeldObjects {
    Optional<VersionedObject> find(ObjectToken token);

    Optional<VersionedObject> find(PageKey key);

    /// All objects, or those after one of them, with their histories, in page order: a view, good until the next
    /// entry.
    Iterable<VersionedObject> inPageOrder(Optional<PageKey> after);

    /// Bookkeeping objects of a type, or those after one of them.
    Stream<ObjectToken> inTokenOrder(TypeName type, Optional<ObjectToken> after);

    /// The objects that changed after a version, each once, in no order.
    Stream<PageKey> changedAfter(Version version);

    /// About how many objects there are or were.
    int size();

    /// Finds objects by what they hold.
    ObjectFinder index();

    /// All that are there at the newest version.
    Stream<VersionedObject> live();

    /// The objects, bookkeeping left out, that changed after `version`; one more than `limit` where there are more.
    default Set<ObjectToken> changedSince(Version version, int limit) {
        return changedAfter(version)
                .map(PageKey::token)
                .filter(token -> find(token)
                        .filter(object -> !object.type().isBookkeeping())
                        .isPresent())
                .limit(limit + 1L)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The live objects that hold exactly this value at the newest version, at any location.
    default Set<ObjectToken> holders(DefinitionName definition, Value exact) {
        return live(
                index().holding(definition, exact),
                attribute -> attribute.definition().equals(definition)
                        && attribute.value().equals(exact));
    }

    /// The live objects that refer to this one at the newest version, by any definition, at any location.
    default Set<ObjectToken> referrers(ObjectToken target) {
        var reference = new Value.Reference(target);
        return live(index().referring(target), attribute -> attribute.value().equals(reference));
    }

    private Set<ObjectToken> live(Postings candidates, Predicate<Attribute> held) {
        if (candidates instanceof Postings.None) {
            return Set.of();
        }
        return candidates.inOrder().stream()
                .flatMap(key -> find(key).stream())
                .filter(object -> object.holds(held))
                .map(VersionedObject::token)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    default Optional<ObjectView.Live> object(ObjectToken token, Version version, Scope scope) {
        return find(token).flatMap(object -> object.at(version, scope));
    }

    /// At most `limit` objects that were there at `version`, from the one after `after` on.
    default Slice page(Selection selection, Version version, Order order, Optional<ObjectToken> after, int limit) {
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

    private Iterator<VersionedObject> candidates(Selection selection, Order order, Optional<ObjectToken> after) {
        return switch (order) {
            case PAGE_KEY -> inPageOrder(after.map(PageKey::of)).iterator();
            case TOKEN ->
                selection.type().stream()
                        .flatMap(type -> inTokenOrder(type, after))
                        .flatMap(token -> find(token).stream())
                        .iterator();
        };
    }

    /// At most `limit` objects that differ between `since` and `version`, each once, from the one after `after` on,
    /// in the order of [PageKey].
    default Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit) {
        var found = new ArrayList<ObjectView>();
        var changed = changedInOrder(since, after).iterator();
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
    default ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        var earlier = from.isAfter(to) ? to : from;
        var found = changedInOrder(earlier, after)
                .filter(object -> selection.wants(object.type()))
                .flatMap(object -> object.difference(from, to, selection.scope()).stream())
                .limit(limit + 1L)
                .toList();
        return found.size() > limit
                ? new ObjectDifference.Slice(found.subList(0, limit), true)
                : new ObjectDifference.Slice(found, false);
    }

    /// The objects that changed after `since`, from the one after `after` on.
    private Stream<VersionedObject> changedInOrder(Version since, Optional<ObjectToken> after) {
        var first = after.map(PageKey::of);
        return changedAfter(since)
                .filter(key -> first.map(place -> key.compareTo(place) > 0).orElse(true))
                .sorted()
                .flatMap(key -> find(key).stream());
    }

    /// Of at most one more than `limit`.
    private static Slice slice(List<ObjectView> found, int limit) {
        return found.size() > limit ? new Slice(found.subList(0, limit), true) : new Slice(found, false);
    }
}
