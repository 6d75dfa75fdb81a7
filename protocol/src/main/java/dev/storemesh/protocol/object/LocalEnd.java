package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// HQ has decided a store's own write of this number in `version`: from that version on it is not laid over these
/// objects any more. If HQ recorded it, that very version holds its values.
public record LocalEnd(long number, Version version, Set<ObjectToken> objects) {
    public LocalEnd {
        objects = Set.copyOf(objects);
    }

    /// The part of it that is about objects of a range; empty: none is.
    Optional<LocalEnd> within(HashRange range) {
        var own = objects.stream().filter(token -> range.holds(token.text())).collect(Collectors.toUnmodifiableSet());
        return own.isEmpty() ? Optional.empty() : Optional.of(new LocalEnd(number, version, own));
    }
}
