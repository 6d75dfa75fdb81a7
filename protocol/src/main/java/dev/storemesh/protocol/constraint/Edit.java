package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;

/// An object that a write touches: what it had before the write (empty: it was not there), and what it has at its end
/// (empty: it is not there any more).
public record Edit(
        ObjectToken object, TypeName type, Optional<List<Attribute>> before, Optional<List<Attribute>> after) {
    public Edit {
        before = before.map(List::copyOf);
        after = after.map(List::copyOf);
    }

    public boolean isDeleted() {
        return before.isPresent() && after.isEmpty();
    }
}
