package dev.storemesh.protocol.object;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ValueOrder;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/// Objects in JSON, the same everywhere.
public final class ObjectJson {
    private static final SerializedString OBJECT = new SerializedString("object");
    private static final SerializedString TYPE = new SerializedString("type");
    private static final SerializedString VERSION = new SerializedString("version");
    private static final String PENDING = "pending";
    private static final SerializedString ATTRIBUTES = new SerializedString("attributes");

    private static final Comparator<Attribute> EXPORTED = Comparator.comparing(Attribute::definition)
            .thenComparing(
                    attribute -> attribute.location().map(LocationId::text).orElse(""))
            .thenComparing(Attribute::value, ValueOrder.PLAIN);

    private ObjectJson() {}

    /// As a line of an export: without versions, so that the same objects give the same lines wherever they are.
    public static void export(JsonGenerator json, ObjectView.Live live) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", live.object().text());
        json.writeStringField("type", live.type().text());
        json.writeArrayFieldStart("attributes");
        for (var attribute : inOrder(live)) {
            LogJson.attribute(json, attribute);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /// Rows stand in order but for the values of a set, which stand as they came.
    private static List<Attribute> inOrder(ObjectView.Live live) {
        return live.rows().stream().map(Row::attribute).sorted(EXPORTED).toList();
    }

    public static ObjectNode write(ObjectView view) {
        var node = Json.object()
                .put("object", view.object().text())
                .put("type", view.type().text())
                .put("version", view.version().number());
        switch (view) {
            case ObjectView.Live live -> {
                var attributes = node.putArray("attributes");
                live.rows()
                        .forEach(row -> attributes.add(
                                live.pending(row).map(mark -> laid(row, mark)).orElseGet(() -> LogJson.row(row))));
                if (!live.pending().isEmpty()) {
                    node.set(PENDING, pending(live));
                }
            }
            case ObjectView.Tombstone tombstone -> {
                node.put("deleted", true).put("reason", tombstone.reason().wireName());
                node.putArray("attributes");
            }
        }
        return node;
    }

    /// A row that no version wrote: an undecided change request laid it there.
    private static ObjectNode laid(Row row, PendingMark mark) {
        return LogJson.row(new Row(row.attribute(), row.version())).set(PENDING, request(mark));
    }

    private static ObjectNode request(PendingMark mark) {
        return Json.object()
                .put("changeRequest", mark.request().text())
                .put("status", mark.status().wireName());
    }

    private static ArrayNode pending(ObjectView.Live live) {
        var requests = JsonNodeFactory.instance.arrayNode();
        live.pending()
                .forEach(mark ->
                        requests.add(request(mark).put("effect", mark.effect().wireName())));
        return requests;
    }

    /// The same as [#write(ObjectView)], straight into an answer: a page of a thousand objects has no need of a
    /// tree.
    public static void write(JsonGenerator json, ObjectView view) throws IOException {
        json.writeStartObject();
        json.writeFieldName(OBJECT);
        json.writeString(view.object().text());
        json.writeFieldName(TYPE);
        json.writeString(view.type().text());
        json.writeFieldName(VERSION);
        json.writeNumber(view.version().number());
        switch (view) {
            case ObjectView.Live live -> {
                json.writeFieldName(ATTRIBUTES);
                json.writeStartArray();
                for (var row : live.rows()) {
                    var mark = live.pending(row);
                    if (mark.isPresent()) {
                        json.writeRawValue(laid(row, mark.get()).toString());
                    } else {
                        LogJson.row(json, row);
                    }
                }
            }
            case ObjectView.Tombstone tombstone -> {
                json.writeBooleanField("deleted", true);
                json.writeStringField("reason", tombstone.reason().wireName());
                json.writeFieldName(ATTRIBUTES);
                json.writeStartArray();
            }
        }
        json.writeEndArray();
        if (view instanceof ObjectView.Live live && !live.pending().isEmpty()) {
            json.writeFieldName(PENDING);
            json.writeRawValue(pending(live).toString());
        }
        json.writeEndObject();
    }
}
