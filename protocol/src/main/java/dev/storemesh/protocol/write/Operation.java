package dev.storemesh.protocol.write;

import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;

/// One step of a write. Values are literals until the decider has read them by the schema.
public sealed interface Operation {
    ObjectRef object();

    /// Changes an object; makes it where `create` is asked for or the name is a temporary one, and then needs `type`.
    record Put(ObjectRef object, boolean create, Optional<TypeName> type, List<Setting> set, List<Slot> unset)
            implements Operation {
        public Put {
            set = List.copyOf(set);
            unset = List.copyOf(unset);
        }
    }

    /// Ends an object and all its rows.
    record Delete(ObjectRef object) implements Operation {}

    /// The value a slot shall have; it replaces the one that stands there.
    record Setting(Slot slot, Literal value) {}
}
