package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;

/// One step of a write. Values are literals until the decider has read them by the schema. `ifVersion`: only if the
/// object did not change after that version.
public sealed interface Operation {
    ObjectRef object();

    Optional<Version> ifVersion();

    /// Changes an object; makes it where `create` is asked for or the name is a temporary one, and then needs
    /// `type`.
    record Put(
            ObjectRef object,
            boolean create,
            Optional<TypeName> type,
            List<Setting> set,
            List<Unsetting> unset,
            Optional<Version> ifVersion)
            implements Operation {
        public Put {
            set = List.copyOf(set);
            unset = List.copyOf(unset);
        }
    }

    /// Ends an object and all its rows.
    record Delete(ObjectRef object, Optional<Version> ifVersion) implements Operation {}

    /// Brings a deleted object back, with the rows that it had.
    record Undelete(ObjectRef object, Optional<Version> ifVersion) implements Operation {}

    /// Makes an object what a line of an import says: it is made, brought back or changed. `whole`: it has the
    /// values of `set` then, and no others; else values of other slots stay, and further ones of a set. No
    /// client sends one by itself.
    record Bring(ObjectRef object, TypeName type, List<Setting> set, boolean whole) implements Operation {
        public Bring {
            set = List.copyOf(set);
        }

        @Override
        public Optional<Version> ifVersion() {
            return Optional.empty();
        }
    }

    /// The value a slot shall have; it replaces the one that stands there, or joins the set.
    record Setting(Slot slot, Literal value) {}

    /// The value that a slot shall have no more; without one, all that it has.
    record Unsetting(Slot slot, Optional<Literal> value) {}
}
