package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.stream.StreamSupport;

/// Which writes no store takes as a change request: those that open a transaction or change the schema. Looks at
/// bodies that nobody has read yet, so whatever is not of the form is none.
final class HqsWrites {
    private HqsWrites() {}

    static boolean isHqs(JsonNode body) {
        return opens(body)
                || StreamSupport.stream(body.path("operations").spliterator(), false)
                        .anyMatch(HqsWrites::isOfSchema);
    }

    static boolean opens(JsonNode body) {
        return body.path("transaction").asText().equals("open");
    }

    private static boolean isOfSchema(JsonNode operation) {
        var object = operation.path("object").asText();
        return (ObjectToken.isToken(object) && new ObjectToken(object).isOfSchema())
                || isSchemaType(operation.path("type").asText());
    }

    private static boolean isSchemaType(String type) {
        try {
            return new TypeName(type).isSchema();
        } catch (IllegalArgumentException e) {
            return false; // whoever reads it says what is wrong
        }
    }
}
