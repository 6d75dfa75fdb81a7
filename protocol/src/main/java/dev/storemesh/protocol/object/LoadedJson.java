package dev.storemesh.protocol.object;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.VersionedObject.EndedRow;
import dev.storemesh.protocol.object.VersionedObject.Life;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Objects in JSON as one site takes them over from another.
public final class LoadedJson {
    private LoadedJson() {}

    public static void write(JsonGenerator json, LoadedObject object) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", object.object().text());
        json.writeStringField("type", object.type().text());
        json.writeArrayFieldStart("lives");
        for (var life : object.lives()) {
            json.writeStartObject();
            json.writeNumberField("made", life.made().number());
            if (life.deleted().isPresent()) {
                json.writeNumberField("deleted", life.deleted().get().number());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rows");
        for (var row : object.rows()) {
            LogJson.row(json, row);
        }
        json.writeEndArray();
        if (!object.ended().isEmpty()) {
            json.writeArrayFieldStart("ended");
            for (var end : object.ended()) {
                json.writeStartObject();
                json.writeNumberField("ended", end.ended().number());
                json.writeFieldName("row");
                LogJson.row(json, end.row());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!object.dropped().equals(Dropped.NOTHING)) {
            write(json, object.dropped());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Dropped dropped) throws IOException {
        json.writeNumberField("wholeFrom", dropped.before().number());
        json.writeArrayFieldStart("changed");
        for (var mark : dropped.last().entrySet()) {
            json.writeStartObject();
            if (mark.getKey().isPresent()) {
                json.writeStringField("location", mark.getKey().get().text());
            }
            json.writeNumberField("version", mark.getValue().number());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// Whether it is one of the schema, which is read before the others.
    public static boolean isOfSchema(JsonNode node) {
        return Fields.of(node).parsed("type", TypeName::new).isSchema();
    }

    /// Reads what another site wrote. Fields that a later version of the API adds are passed over.
    ///
    /// @param schema what values mean: that of the version that is loaded
    /// @throws IllegalArgumentException if a field is missing or malformed, or names a definition that is not known
    public static LoadedObject read(JsonNode node, Schema schema) {
        var fields = Fields.of(node);
        return new LoadedObject(
                fields.parsed("object", ObjectToken::new),
                fields.parsed("type", TypeName::new),
                fields.list("lives", (life, pointer) -> life(Fields.of(life, pointer))),
                fields.list("rows", (row, pointer) -> LogJson.row(Fields.of(row, pointer), schema)),
                fields.has("ended")
                        ? fields.list("ended", (end, pointer) -> ended(Fields.of(end, pointer), schema))
                        : List.of(),
                fields.optionalNumber("wholeFrom")
                        .map(before -> new Dropped(new Version(before), marks(fields)))
                        .orElse(Dropped.NOTHING));
    }

    private static Life life(Fields fields) {
        return new Life(
                new Version(fields.number("made")),
                fields.optionalNumber("deleted").map(Version::new));
    }

    private static EndedRow ended(Fields fields, Schema schema) {
        return new EndedRow(
                LogJson.row(Fields.of(fields.any("row"), fields.pointer("row")), schema),
                new Version(fields.number("ended")));
    }

    private static Map<Optional<LocationId>, Version> marks(Fields fields) {
        var marks = new HashMap<Optional<LocationId>, Version>();
        fields.list("changed", (mark, pointer) -> Fields.of(mark, pointer))
                .forEach(mark -> marks.put(
                        mark.optionalParsed("location", LocationId::new), new Version(mark.number("version"))));
        return marks;
    }
}
