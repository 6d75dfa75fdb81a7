package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.TypeName;

/// Refuses definitions, constraints and decision rules that name types which are not there at the end of the write.
final class SchemaReferences {
    private final Schema schema;

    SchemaReferences(Schema schema) {
        this.schema = schema;
    }

    void check(SchemaReading reading) {
        for (var read : reading.definitions()) {
            read.value().carrier().ifPresent(type -> check(read.fields(), "type", type));
            read.value().target().ifPresent(type -> check(read.fields(), "target", type));
        }
        for (var read : reading.constraints()) {
            read.value().type().ifPresent(type -> check(read.fields(), "type", type));
            if (read.value().rule() instanceof Rule.Refer(var target, var onDelete)) {
                target.ifPresent(type -> check(read.fields(), "target", type));
            }
        }
        for (var read : reading.decisionRules()) {
            read.value().type().ifPresent(type -> check(read.fields(), "type", type));
        }
    }

    private void check(SchemaFields fields, String field, TypeName type) {
        if (!schema.hasType(type)) {
            fields.refuse(Code.UNKNOWN_TYPE, field, "There is no type " + type + ".");
        } else if (type.isBookkeeping()) {
            fields.refuse(Code.INVALID_SCHEMA, field, "Objects of " + type + " are written by servers only.");
        }
    }
}
