package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the engine asks about all objects, as they are at the end of the write. Who answers and does not know yet
/// notes the question, answers with nothing, and has the write judged again when it knows.
public interface Surroundings {
    /// An object that is there.
    record Standing(ObjectToken object, TypeName type, List<Attribute> attributes) {
        public Standing {
            attributes = List.copyOf(attributes);
        }
    }

    /// Empty: there is none.
    Optional<Standing> object(ObjectToken token);

    /// Empty: there is none.
    default Optional<TypeName> type(ObjectToken token) {
        return object(token).map(Standing::type);
    }

    /// The objects that have this value of this definition, at any place.
    Set<ObjectToken> holders(DefinitionName definition, Value value);

    /// The objects with a row, of any definition, that refers to `target`.
    Set<ObjectToken> referrers(ObjectToken target);
}
