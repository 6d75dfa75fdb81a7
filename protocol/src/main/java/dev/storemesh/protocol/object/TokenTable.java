package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.ObjectToken;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Objects by token: a hash table of nothing but references, since each object knows its token. Open addressing, at
/// most two thirds full; an object is replaced by the next of its token and never removed. Many threads may read it, or
/// one change it.
final class TokenTable {
    private static final int FIRST = 16;

    private @Nullable VersionedObject[] slots = new VersionedObject[FIRST];
    private int size;

    Optional<VersionedObject> find(ObjectToken token) {
        return Optional.ofNullable(slots[slotOf(token)]);
    }

    /// Puts an object in place of the one of its token, if any.
    void put(VersionedObject object) {
        var slot = slotOf(object.token());
        var isNew = slots[slot] == null;
        slots[slot] = object;
        if (isNew && ++size > slots.length - slots.length / 3) {
            grow();
        }
    }

    /// Where the object of this token is, or would be.
    private int slotOf(ObjectToken token) {
        var mask = slots.length - 1;
        var slot = (token.text().hashCode() * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(mask);
        for (var held = slots[slot]; held != null && !held.token().equals(token); held = slots[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        var before = slots;
        slots = new VersionedObject[before.length * 2];
        for (var object : before) {
            if (object != null) {
                slots[slotOf(object.token())] = object;
            }
        }
    }
}
