package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A write that is a store's own: it takes effect there at once, laid over what HQ knows. `number`: a store's own
/// writes count from 1. `base`: HQ's version that the store held when it was made. The edits are in order.
public record LocalChange(long number, Version base, List<LocalEdit> edits) {
    public LocalChange {
        edits = List.copyOf(edits);
    }

    public Set<ObjectToken> objects() {
        return edits.stream().map(LocalEdit::object).collect(Collectors.toUnmodifiableSet());
    }

    /// The same as of this version, if it was made at a later one.
    LocalChange from(Version version) {
        return base.isAfter(version) ? new LocalChange(number, version, edits) : this;
    }

    /// The part of it that is about objects of a range; empty: none is.
    Optional<LocalChange> within(HashRange range) {
        var own =
                edits.stream().filter(edit -> range.holds(edit.object().text())).toList();
        return own.isEmpty() ? Optional.empty() : Optional.of(new LocalChange(number, base, own));
    }
}
