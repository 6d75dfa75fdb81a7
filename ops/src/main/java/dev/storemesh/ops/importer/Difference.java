package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// The operation that makes an object in the catalog say what the file says. Pure.
final class Difference {
    private Difference() {}

    /// Makes the object.
    static ObjectNode create(ImportObject wanted) {
        var operation = put(wanted).put("create", true).put("type", wanted.type());
        var set = operation.putArray("set");
        wanted.values()
                .forEach((definition, value) ->
                        set.addObject().put("attribute", definition).set("value", value.json()));
        return operation;
    }

    /// Changes only what differs; empty when nothing does.
    static Optional<ObjectNode> change(ImportObject wanted, Present present) {
        var set = JsonNodeFactory.instance.arrayNode();
        wanted.values().forEach((definition, value) -> {
            var stored = present.values().get(definition);
            if (stored == null || !value.sameAs(stored)) {
                set.addObject().put("attribute", definition).set("value", value.json());
            }
        });
        var unset = JsonNodeFactory.instance.arrayNode();
        wanted.none().stream()
                .filter(present.values()::containsKey)
                .forEach(definition -> unset.addObject().put("attribute", definition));
        if (set.isEmpty() && unset.isEmpty()) {
            return Optional.empty();
        }
        var operation = put(wanted);
        if (!set.isEmpty()) {
            operation.set("set", set);
        }
        if (!unset.isEmpty()) {
            operation.set("unset", unset);
        }
        return Optional.of(operation);
    }

    private static ObjectNode put(ImportObject wanted) {
        return JsonNodeFactory.instance.objectNode().put("op", "put").put("object", wanted.token());
    }
}
