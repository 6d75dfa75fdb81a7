package dev.storemesh.protocol.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.LiteralJson;

/// Violations in JSON, the same everywhere.
public final class ViolationJson {
    private ViolationJson() {}

    public static ObjectNode write(Violation violation) {
        var node = Json.object().put("code", violation.code().wireName());
        violation.constraint().ifPresent(constraint -> node.put("constraint", constraint.text()));
        node.put("object", violation.object());
        violation.attribute().ifPresent(attribute -> node.put("attribute", attribute.text()));
        violation.location().ifPresent(location -> node.put("location", location.text()));
        violation.value().ifPresent(value -> node.set("value", LiteralJson.write(value)));
        return node.put("message", violation.message());
    }
}
