package dev.storemesh.protocol.write;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Slot;
import java.util.Locale;
import java.util.Optional;

/// One thing that is wrong with a write. `object` is as the request names it; `message` is for people, `code` for
/// programs.
public record Violation(
        Code code, String object, Optional<DefinitionName> attribute, Optional<LocationId> location, String message) {
    /// The stable names of what can be wrong; in JSON in lower case.
    public enum Code {
        UNKNOWN_OBJECT,
        OBJECT_EXISTS,
        RESERVED_TOKEN,
        RESERVED_TYPE,
        UNKNOWN_TYPE,
        TYPE_MISSING,
        TYPE_CHANGED,
        UNKNOWN_ATTRIBUTE,
        ATTRIBUTE_NOT_OF_TYPE,
        LOCATION_NOT_ALLOWED,
        DUPLICATE_SLOT,
        WRONG_VALUE_TYPE,
        INVALID_VALUE,
        UNKNOWN_REFERENCE,
        WRONG_REFERENCE_TYPE;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Violation about(String newObject) {
        return new Violation(code, newObject, attribute, location, message);
    }

    static Violation of(Code code, ObjectRef object, String message) {
        return new Violation(code, object.text(), Optional.empty(), Optional.empty(), message);
    }

    static Violation of(Code code, ObjectRef object, Slot slot, String message) {
        return new Violation(code, object.text(), Optional.of(slot.definition()), slot.location(), message);
    }
}
