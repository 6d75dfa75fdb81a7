package dev.storemesh.protocol.model;

import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;

/// What model and catalog must say alike of one thing that is wrong. Empty texts where there is none.
record Fault(String code, String object, String attribute, String location) {
    static Fault of(Violation violation) {
        return new Fault(
                violation.code().wireName(),
                violation.object(),
                violation.attribute().map(DefinitionName::text).orElse(""),
                violation.location().map(LocationId::text).orElse(""));
    }

    static Fault of(String code, String object) {
        return new Fault(code, object, "", "");
    }

    static Fault of(String code, String object, Fact fact) {
        return new Fault(code, object, fact.definition(), fact.location());
    }
}
