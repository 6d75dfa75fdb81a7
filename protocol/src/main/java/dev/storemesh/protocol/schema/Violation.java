package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Slot;
import java.util.Locale;
import java.util.Optional;

/// One thing that is wrong with a write. `object` is as the request names it; `message` is for people, `code` for
/// programs. `constraint` is the one that is violated, where it is one; `value` the one that does so, a long text
/// shortened.
public record Violation(
        Code code,
        Optional<ConstraintName> constraint,
        String object,
        Optional<DefinitionName> attribute,
        Optional<LocationId> location,
        Optional<Literal> value,
        String message) {
    private static final int SHOWN = 200;

    /// The stable names of what can be wrong; in JSON in lower case.
    public enum Code {
        UNKNOWN_OBJECT,
        OBJECT_EXISTS,
        NOT_DELETED,
        RESERVED_TOKEN,
        RESERVED_TYPE,
        UNKNOWN_TYPE,
        TYPE_MISSING,
        TYPE_CHANGED,
        UNKNOWN_ATTRIBUTE,
        ATTRIBUTE_NOT_OF_TYPE,
        UNKNOWN_LOCATION,
        LOCATION_NOT_ALLOWED,
        DUPLICATE_SLOT,
        WRONG_VALUE_TYPE,
        INVALID_VALUE,
        // of constraints
        REQUIRED,
        CARDINALITY,
        RANGE,
        LENGTH,
        PATTERN,
        ONE_OF,
        NOT_UNIQUE,
        UNKNOWN_REFERENCE,
        WRONG_REFERENCE_TYPE,
        REFERENCED,
        GLOBAL_ONLY,
        // of the schema itself
        INVALID_SCHEMA,
        INVALID_CONSTRAINT,
        IMMUTABLE,
        NAME_TAKEN,
        STANDARD_NAME,
        NAMESPACE_OWNED,
        DEFINITION_IN_USE,
        TYPE_IN_USE,
        LOCATION_IN_USE;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Violation {
        value = value.map(literal -> literal instanceof Literal.Text(var text) && text.length() > SHOWN
                ? new Literal.Text(Texts.shortened(text, SHOWN))
                : literal);
    }

    /// Of an object as a whole.
    public static Violation of(Code code, String object, String message) {
        return new Violation(
                code, Optional.empty(), object, Optional.empty(), Optional.empty(), Optional.empty(), message);
    }

    public static Violation of(Code code, String object, Slot slot, String message) {
        return new Violation(
                code,
                Optional.empty(),
                object,
                Optional.of(slot.definition()),
                slot.location(),
                Optional.empty(),
                message);
    }

    public Violation with(Literal newValue) {
        return new Violation(code, constraint, object, attribute, location, Optional.of(newValue), message);
    }

    public Violation by(ConstraintName newConstraint) {
        return new Violation(code, Optional.of(newConstraint), object, attribute, location, value, message);
    }

    public Violation about(String newObject) {
        return new Violation(code, constraint, newObject, attribute, location, value, message);
    }
}
