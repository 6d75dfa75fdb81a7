package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Optional;

/// A page of HQ's state at one version, all objects in page order.
///
/// @param floor of the first page: what the version is
/// @param after the last object of the page before; empty: this is the first
/// @param more whether there are others after these
/// @param location it is what is global and at this location; empty: all
public record LoadPage(
        HistoryId history,
        Version version,
        Optional<Floor> floor,
        Optional<ObjectToken> after,
        List<LoadedObject> objects,
        boolean more,
        Optional<LocationId> location) {
    /// Of the whole catalog.
    public LoadPage(
            HistoryId history,
            Version version,
            Optional<Floor> floor,
            Optional<ObjectToken> after,
            List<LoadedObject> objects,
            boolean more) {
        this(history, version, floor, after, objects, more, Optional.empty());
    }

    public LoadPage {
        objects = List.copyOf(objects);
        if (floor.isPresent() != after.isEmpty()) {
            throw new IllegalArgumentException("floor: " + floor + ", after " + after + " (expected: of a first page)");
        }
        if (objects.isEmpty() && more) {
            throw new IllegalArgumentException("objects: none, and more to come (expected: at least one)");
        }
    }
}
