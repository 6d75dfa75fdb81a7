package dev.storemesh.protocol.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Changed.Difference;
import java.util.List;

/// Changed objects in JSON: `was` and `is` are the values of a slot, none where there were or are none.
public final class ChangedJson {
    private ChangedJson() {}

    public static ObjectNode write(Changed changed) {
        var node = Json.object().put("object", changed.object().text());
        if (changed.deleted()) {
            node.put("deleted", true);
        }
        node.put("version", changed.version().number());
        var attributes = node.putArray("attributes");
        changed.slots().forEach(difference -> attributes.add(write(difference)));
        return node;
    }

    private static ObjectNode write(Difference difference) {
        var node = Json.object().put("attribute", difference.slot().definition().text());
        difference.slot().location().ifPresent(location -> node.put("location", location.text()));
        put(node, "was", difference.was());
        put(node, "is", difference.is());
        return node;
    }

    private static void put(ObjectNode node, String field, List<Value> values) {
        var array = node.putArray(field);
        values.forEach(value -> array.add(LiteralJson.write(value.literal())));
    }
}
