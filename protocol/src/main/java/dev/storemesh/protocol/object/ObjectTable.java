package dev.storemesh.protocol.object;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Objects by key: a hash table of nothing but references, since each object knows its key. Open addressing, at
/// most two thirds full; an object is replaced by the next of its key and never removed. Many threads may read it, or
/// one change it.
final class ObjectTable {
    private static final int FIRST = 16;

    private @Nullable VersionedObject[] slots = new VersionedObject[FIRST];
    private int size;

    Optional<VersionedObject> find(PageKey key) {
        return Optional.ofNullable(slots[slotOf(key)]);
    }

    /// Puts an object in place of the one of its key, if any.
    void put(VersionedObject object) {
        var slot = slotOf(object.key());
        var isNew = slots[slot] == null;
        slots[slot] = object;
        if (isNew && ++size > slots.length - slots.length / 3) {
            grow();
        }
    }

    /// Where the object of this key is, or would be. Who asks has the very key of the object more often than not.
    private int slotOf(PageKey key) {
        var mask = slots.length - 1;
        var slot = key.hashCode() * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(mask);
        for (var held = slots[slot]; held != null && !held.key().equals(key); held = slots[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        var before = slots;
        slots = new VersionedObject[before.length * 2];
        for (var object : before) {
            if (object != null) {
                slots[slotOf(object.key())] = object;
            }
        }
    }
}
