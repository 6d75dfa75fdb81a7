package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import java.util.List;
import java.util.Optional;

/// What a row brings of a copy that a site takes over from another: objects that nobody sees until the copy is
/// whole.
///
/// @param first whatever came in before, of another copy, goes
/// @param whole the copy is whole with these: it takes the place of all that was held, as the state at this version
public record LoadPart(boolean first, List<LoadedObject> objects, Optional<Version> whole) {
    public LoadPart {
        objects = List.copyOf(objects);
    }

    /// What of it lies in a range; empty: nothing. Where a copy begins or is whole every range must know.
    Optional<LoadPart> within(HashRange range) {
        var own = objects.stream()
                .filter(object -> range.holds(object.object().text()))
                .toList();
        return own.isEmpty() && !concernsAll() ? Optional.empty() : Optional.of(new LoadPart(first, own, whole));
    }

    boolean concernsAll() {
        return first || whole.isPresent();
    }
}
