package dev.storemesh.protocol.log;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value.Moment;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Log entries in JSON: what `GET …/log` sends, what a store reads, and what the chain hash covers.
public final class LogJson {
    private static final SerializedString ATTRIBUTE = new SerializedString("attribute");
    private static final SerializedString LOCATION = new SerializedString("location");
    private static final SerializedString VALUE = new SerializedString("value");
    private static final SerializedString VERSION = new SerializedString("version");

    private LogJson() {}

    public static ObjectNode write(LogEntry entry) {
        var node = chained(entry.version(), entry.at(), entry.provenance(), entry.changes())
                .put("chain", entry.chain().hex())
                .put("void", entry.isVoid());
        entry.provenance().actingFor().ifPresent(person -> node.put("actingFor", person));
        return switch (entry.part()) {
            case LogEntry.Part.Whole whole -> node;
            case LogEntry.Part.Step(var number) -> node.put("step", number);
            case LogEntry.Part.End(var steps) -> node.put("steps", steps);
        };
    }

    /// What chain format 1 covers; [ChainedText] writes the same. Fields may be added to [#write], never here.
    static ObjectNode chained(Version version, Instant at, Provenance provenance, List<ObjectChange> changes) {
        var node = Json.object()
                .put("version", version.number())
                .put("at", Moment.format(at))
                .put("caller", provenance.caller());
        provenance.app().ifPresent(app -> node.put("app", app));
        provenance.store().ifPresent(store -> node.put("store", store.text()));
        provenance.key().ifPresent(key -> node.put("key", key));
        provenance.reason().ifPresent(reason -> node.put("reason", reason));
        var array = node.putArray("changes");
        changes.forEach(change -> array.add(write(change, version)));
        return node;
    }

    private static ObjectNode write(ObjectChange change, Version version) {
        var node = Json.object()
                .put("object", change.object().text())
                .put("type", change.type().text())
                .put("deleted", change.deleted());
        var set = node.putArray("set");
        change.set().forEach(attribute -> set.add(row(new Row(attribute, version))));
        var ended = node.putArray("ended");
        change.ended().forEach(row -> ended.add(row(row)));
        return node;
    }

    /// A row as it stands in objects and log entries alike.
    public static ObjectNode row(Row row) {
        var node = attribute(row.attribute()).put("version", row.version().number());
        row.overlaid().ifPresent(over -> node.put("local", over.local()));
        return node;
    }

    /// A row without its version.
    public static ObjectNode attribute(Attribute attribute) {
        var node = Json.object().put("attribute", attribute.definition().text());
        attribute.location().ifPresent(location -> node.put("location", location.text()));
        node.set("value", LiteralJson.write(attribute.value().literal()));
        return node;
    }

    /// The same as [#row(Row)], straight into an answer.
    public static void row(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        fields(json, row.attribute());
        json.writeFieldName(VERSION);
        json.writeNumber(row.version().number());
        if (row.overlaid().isPresent()) {
            json.writeNumberField("local", row.overlaid().get().local());
        }
        json.writeEndObject();
    }

    /// The same as [#attribute(Attribute)], straight into an answer.
    public static void attribute(JsonGenerator json, Attribute attribute) throws IOException {
        json.writeStartObject();
        fields(json, attribute);
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, Attribute attribute) throws IOException {
        json.writeFieldName(ATTRIBUTE);
        json.writeString(attribute.definition().text());
        var location = attribute.location();
        if (location.isPresent()) {
            json.writeFieldName(LOCATION);
            json.writeString(location.get().text());
        }
        json.writeFieldName(VALUE);
        LiteralJson.write(json, attribute.value().literal());
    }

    /// Reads an entry that another site wrote. Fields that a later version of the API adds are passed over. What a
    /// value means its definition says: rows that the entry ends are read by the schema before it, those that it
    /// sets by the schema after it.
    ///
    /// @param after the schema after an entry, made of its changes to schema objects alone
    /// @throws IllegalArgumentException if a field is missing or malformed, or names a definition that is not known
    public static LogEntry read(JsonNode node, Schema before, Function<LogEntry, Schema> after) {
        var schema = changesSchema(node)
                ? after.apply(read(node, StandardSchema.SCHEMA, StandardSchema.SCHEMA, true))
                : before;
        return read(node, before, schema, false);
    }

    private static boolean changesSchema(JsonNode node) {
        for (var change : node.path("changes")) {
            if (TypeName.isSchema(change.path("type").asText())) {
                return true;
            }
        }
        return false;
    }

    private static LogEntry read(JsonNode node, Schema before, Schema after, boolean onlySchema) {
        var fields = Fields.of(node);
        var provenance = new Provenance(
                fields.text("caller"),
                fields.optionalText("app"),
                fields.optionalText("actingFor"),
                fields.optionalParsed("store", StoreId::new),
                fields.optionalText("key"),
                fields.optionalText("reason"));
        var changes = fields.list(
                "changes", (change, pointer) -> readChange(Fields.of(change, pointer), before, after, onlySchema));
        return new LogEntry(
                new Version(fields.number("version")),
                fields.parsed("at", Moment::parse),
                provenance,
                fields.parsed("chain", ChainHash::new),
                fields.flag("void", false),
                changes.stream().flatMap(Optional::stream).toList(),
                part(fields));
    }

    private static LogEntry.Part part(Fields fields) {
        if (fields.optionalNumber("step").isPresent()) {
            return new LogEntry.Part.Step(count(fields, "step", 1));
        }
        return fields.optionalNumber("steps").isPresent()
                ? new LogEntry.Part.End(count(fields, "steps", 0))
                : new LogEntry.Part.Whole();
    }

    private static int count(Fields fields, String name, int least) {
        var count = fields.number(name);
        if (count < least || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + ": " + count + " (expected: a number of steps)");
        }
        return (int) count;
    }

    /// Empty: it is passed over, since it is not one of a schema object.
    private static Optional<ObjectChange> readChange(Fields fields, Schema before, Schema after, boolean onlySchema) {
        var type = fields.parsed("type", TypeName::new);
        if (onlySchema && !type.isSchema()) {
            return Optional.empty();
        }
        return Optional.of(new ObjectChange(
                fields.parsed("object", ObjectToken::new),
                type,
                fields.flag("deleted", false),
                fields.list(
                        "set",
                        (row, pointer) -> row(Fields.of(row, pointer), after).attribute()),
                fields.list("ended", (row, pointer) -> row(Fields.of(row, pointer), before))));
    }

    /// Reads a row by the schema that says what its value means.
    ///
    /// @throws IllegalArgumentException if a field is missing or malformed, or names a definition that is not known
    public static Row row(Fields fields, Schema schema) {
        var name = fields.parsed("attribute", DefinitionName::new);
        var definition = schema.definition(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "attribute: " + name + " (expected: one that this version of the program knows)"));
        var value = definition.read(LiteralJson.read(fields.any("value"), fields.pointer("value")));
        return new Row(
                new Attribute(name, fields.optionalParsed("location", LocationId::new), value),
                new Version(fields.number("version")));
    }
}
