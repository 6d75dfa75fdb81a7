package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;

/// Words for what is found: a constraint's own message, where it has one, else ours.
final class Finding {
    private Finding() {}

    static Violation of(Constraint constraint, Code code, ObjectToken object, Slot slot, String words) {
        return Violation.of(code, object.text(), slot, constraint.message().orElse(words))
                .by(constraint.name());
    }

    /// Of one value.
    static Violation of(Constraint constraint, Code code, ObjectToken object, Attribute row, String words) {
        return of(constraint, code, object, row.slot(), words).with(row.value().literal());
    }
}
