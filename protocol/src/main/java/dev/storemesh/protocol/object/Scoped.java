package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.value.LocationId;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What a site gets that follows what is global and at one location: rows at other locations are left out. That an
/// object is there, of its type, and when it was made and deleted, everybody is told. Pure; without a location
/// nothing is left out.
public final class Scoped {
    private Scoped() {}

    /// What such a site is told of a version, or of a part of one; the same entry where that is all of it. Its
    /// chain is that of the whole entry, so who gets less cannot check it.
    public static LogEntry entry(LogEntry entry, Optional<LocationId> location) {
        return isAllOf(entry, location) ? entry : entry(entry, covering(location));
    }

    /// What all such sites are told of an entry that has nothing at their locations.
    public static LogEntry globalEntry(LogEntry entry) {
        return entry(entry, Optional::isEmpty);
    }

    private static LogEntry entry(LogEntry entry, Predicate<Optional<LocationId>> told) {
        return entry.with(entry.changes().stream()
                .flatMap(change -> change(change, told).stream())
                .toList());
    }

    /// Whether such a site is told all of an entry.
    public static boolean isAllOf(LogEntry entry, Optional<LocationId> location) {
        return location.isEmpty() || !isAnywhere(entry, covering(location).negate());
    }

    /// Whether an entry has rows at a location.
    public static boolean isAt(LogEntry entry, LocationId location) {
        return isAnywhere(entry, Optional.of(location)::equals);
    }

    private static Predicate<Optional<LocationId>> covering(Optional<LocationId> location) {
        return Scope.of(location)::covers;
    }

    private static boolean isAnywhere(LogEntry entry, Predicate<Optional<LocationId>> there) {
        for (var change : entry.changes()) { // of every entry for every follower
            for (var attribute : change.set()) {
                if (there.test(attribute.location())) {
                    return true;
                }
            }
            for (var row : change.ended()) {
                if (there.test(row.attribute().location())) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Nothing is told of a change to rows at other locations alone, unless it may have made the object: one of
    /// which rows end, and that stays, was there before.
    private static Optional<ObjectChange> change(ObjectChange change, Predicate<Optional<LocationId>> told) {
        var set = change.set().stream()
                .filter(attribute -> told.test(attribute.location()))
                .toList();
        var ended = change.ended().stream()
                .filter(row -> told.test(row.attribute().location()))
                .toList();
        var wasThere = !change.deleted() && !change.ended().isEmpty();
        return wasThere && set.isEmpty() && ended.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectChange(change.object(), change.type(), change.deleted(), set, ended));
    }

    /// What such a site takes over of an object.
    public static LoadedObject object(LoadedObject object, Optional<LocationId> location) {
        if (location.isEmpty()) {
            return object;
        }
        var told = covering(location);
        var last = new HashMap<>(object.dropped().last());
        last.keySet().removeIf(told.negate());
        return new LoadedObject(
                object.object(),
                object.type(),
                object.lives(),
                object.rows().stream()
                        .filter(row -> told.test(row.attribute().location()))
                        .toList(),
                object.ended().stream()
                        .filter(end -> told.test(end.row().attribute().location()))
                        .toList(),
                new Dropped(object.dropped().before(), last));
    }

    /// What such a site sees of an object.
    public static ObjectView.Live view(ObjectView.Live object, Optional<LocationId> location) {
        var told = covering(location);
        return location.isEmpty()
                ? object
                : new ObjectView.Live(
                        object.object(),
                        object.type(),
                        object.version(),
                        object.rows().stream()
                                .filter(row -> told.test(row.attribute().location()))
                                .toList());
    }

    /// What such a site takes over of several.
    public static List<LoadedObject> objects(List<LoadedObject> objects, Optional<LocationId> location) {
        return location.isEmpty()
                ? objects
                : objects.stream().map(object -> object(object, location)).toList();
    }
}
