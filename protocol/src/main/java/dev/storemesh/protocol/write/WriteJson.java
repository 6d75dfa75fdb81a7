package dev.storemesh.protocol.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.Operation.Bring;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Undelete;
import dev.storemesh.protocol.write.Operation.Unsetting;
import java.util.List;
import java.util.Optional;

/// Operations in JSON.
public final class WriteJson {
    /// More operations than this in one write are refused.
    public static final int MAX_OPERATIONS = 10_000;

    private WriteJson() {}

    /// The field `operations` of a body: 1 to [#MAX_OPERATIONS].
    ///
    /// @throws MalformedInput naming the field that is not of the form
    public static List<Operation> operations(Fields body) {
        var count = body.any("operations").size();
        if (count == 0 || count > MAX_OPERATIONS) {
            throw body.wrong("operations", "an array of 1 to " + MAX_OPERATIONS + " operations");
        }
        return body.list("operations", (node, pointer) -> operation(Fields.of(node, pointer)));
    }

    private static Operation operation(Fields fields) {
        var object = fields.parsed("object", ObjectRef::parse);
        var ifVersion = ifVersion(fields);
        var name = fields.text("op");
        var operation = switch (name) {
            case "put" ->
                new Put(
                        object,
                        fields.flag("create", false),
                        fields.optionalParsed("type", TypeName::new),
                        fields.list("set", (node, pointer) -> setting(Fields.of(node, pointer))),
                        fields.list("unset", (node, pointer) -> unset(Fields.of(node, pointer))),
                        ifVersion);
            case "delete" -> new Delete(object, ifVersion);
            case "undelete" -> new Undelete(object, ifVersion);
            default -> throw fields.wrong("op", "\"put\", \"delete\" or \"undelete\"");
        };
        fields.end();
        return operation;
    }

    private static Setting setting(Fields fields) {
        var setting = new Setting(slot(fields), LiteralJson.read(fields.any("value"), fields.pointer("value")));
        fields.end();
        return setting;
    }

    private static Unsetting unset(Fields fields) {
        var unsetting = new Unsetting(
                slot(fields), fields.optional("value").map(value -> LiteralJson.read(value, fields.pointer("value"))));
        fields.end();
        return unsetting;
    }

    /// The field `ifVersion` of a body or an operation.
    public static Optional<Version> ifVersion(Fields fields) {
        return fields.optionalNumber("ifVersion").map(number -> {
            if (number < 0) {
                throw fields.wrong("ifVersion", "a version");
            }
            return new Version(number);
        });
    }

    private static Slot slot(Fields fields) {
        return new Slot(
                fields.parsed("attribute", DefinitionName::new), fields.optionalParsed("location", LocationId::new));
    }

    public static ArrayNode write(List<Operation> operations) {
        var array = JsonNodeFactory.instance.arrayNode();
        operations.forEach(operation -> array.add(write(operation)));
        return array;
    }

    private static ObjectNode write(Operation operation) {
        var node = Json.object();
        switch (operation) {
            case Put put -> {
                node.put("op", "put").put("object", put.object().text());
                if (put.create()) {
                    node.put("create", true);
                }
                put.type().ifPresent(type -> node.put("type", type.text()));
                if (!put.set().isEmpty()) {
                    var set = node.putArray("set");
                    put.set().forEach(setting -> set.add(setting(setting)));
                }
                if (!put.unset().isEmpty()) {
                    var unset = node.putArray("unset");
                    put.unset().forEach(unsetting -> unset.add(unsetting(unsetting)));
                }
            }
            case Delete delete ->
                node.put("op", "delete").put("object", delete.object().text());
            case Undelete undelete ->
                node.put("op", "undelete").put("object", undelete.object().text());
            case Bring bring ->
                throw new IllegalArgumentException(
                        "operation: a line of an import (expected: one that a request can hold)");
        }
        operation.ifVersion().ifPresent(version -> node.put("ifVersion", version.number()));
        return node;
    }

    private static ObjectNode unsetting(Unsetting unsetting) {
        var node = slot(unsetting.slot());
        unsetting.value().ifPresent(value -> node.set("value", LiteralJson.write(value)));
        return node;
    }

    private static ObjectNode setting(Setting setting) {
        var node = slot(setting.slot());
        node.set("value", LiteralJson.write(setting.value()));
        return node;
    }

    private static ObjectNode slot(Slot slot) {
        var node = Json.object().put("attribute", slot.definition().text());
        slot.location().ifPresent(location -> node.put("location", location.text()));
        return node;
    }
}
