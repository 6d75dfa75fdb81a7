package dev.storemesh.protocol.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogJson;

/// Objects in JSON, the same everywhere (DESIGN §7).
public final class ObjectJson {
    private ObjectJson() {}

    /// As a line of an export: without versions, so that the same objects give the same lines wherever they are.
    public static ObjectNode export(ObjectView.Live live) {
        var node = Json.object()
                .put("object", live.object().text())
                .put("type", live.type().text());
        var attributes = node.putArray("attributes");
        live.rows().forEach(row -> attributes.add(LogJson.attribute(row.attribute())));
        return node;
    }

    public static ObjectNode write(ObjectView view) {
        var node = Json.object()
                .put("object", view.object().text())
                .put("type", view.type().text())
                .put("version", view.version().number());
        switch (view) {
            case ObjectView.Live live -> {
                var attributes = node.putArray("attributes");
                live.rows().forEach(row -> attributes.add(LogJson.row(row)));
            }
            case ObjectView.Tombstone tombstone -> {
                node.put("deleted", true).put("reason", tombstone.reason().wireName());
                node.putArray("attributes");
            }
        }
        return node;
    }
}
