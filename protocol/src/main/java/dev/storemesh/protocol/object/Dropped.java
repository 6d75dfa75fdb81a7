package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.LocationId;
import java.util.Map;
import java.util.Optional;

/// What is left of rows of an object that ended long ago, and that are held no more.
///
/// @param before the version from which on the object is known in full: none of them was there at it or later
/// @param last for each location, where the rows that are left do not tell it: the last version that changed one of
/// them
public record Dropped(Version before, Map<Optional<LocationId>, Version> last) {
    public static final Dropped NOTHING = new Dropped(Version.NONE, Map.of());

    public Dropped {
        last = Map.copyOf(last);
    }
}
