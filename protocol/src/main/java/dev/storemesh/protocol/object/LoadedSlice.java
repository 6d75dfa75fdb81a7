package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Some objects to be taken over, in page order, and whether there are more after the last of them.
public record LoadedSlice(List<LoadedObject> objects, boolean more) {
    public LoadedSlice {
        objects = List.copyOf(objects);
    }

    /// The first after `after` of those that there were by a version: at most `limit`, and no more after the one
    /// that fills `bytes`.
    public static LoadedSlice of(
            VersionedObjects objects, Version version, Optional<ObjectToken> after, int limit, long bytes) {
        var found = new ArrayList<LoadedObject>();
        var rest = bytes;
        for (var object : objects.inPageOrder(after.map(PageKey::of))) {
            var loaded = LoadedObject.of(object, version);
            if (loaded.isPresent()) {
                if (found.size() == limit || rest <= 0) {
                    return new LoadedSlice(found, true);
                }
                found.add(loaded.get());
                rest -= loaded.get().weight();
            }
        }
        return new LoadedSlice(found, false);
    }
}
