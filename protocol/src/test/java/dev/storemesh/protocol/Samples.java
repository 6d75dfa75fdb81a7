package dev.storemesh.protocol;

import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Unsetting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What many tests speak of: a shop that sells tea.
public final class Samples {
    public static final CatalogId DEMO = new CatalogId("demo");
    public static final HistoryId HISTORY = new HistoryId("01JD0000000000000000000000");
    public static final HistoryId OTHER_HISTORY = new HistoryId("01JE0000000000000000000000");
    public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    public static final StoreId STORE = new StoreId("store-1");
    public static final ObjectToken TEA = new ObjectToken("tea");
    public static final ObjectToken DRINKS = new ObjectToken("drinks");
    public static final DefinitionName NAME = ofItem("name");
    public static final DefinitionName NOTE = ofItem("note");
    public static final DefinitionName PRICE = ofItem("price");
    public static final DefinitionName TAX = ofItem("tax");
    public static final DefinitionName TARE = ofItem("tare");
    public static final DefinitionName IN_DEPARTMENT = ofItem("department");
    public static final DefinitionName MODIFIED_AT = ofItem("modifiedAt");
    public static final DefinitionName DEPARTMENT_NAME = StandardSchema.name(StandardSchema.DEPARTMENT, "name");

    /// Where the shop sells.
    public static final List<String> LOCATIONS = List.of("store-1", "store-2", "store-3", "s1", "s2", "L1", "L2");

    private Samples() {}

    /// Version 1 of a catalog that has its locations from the first.
    public static LogEntry firstEntry(CatalogId catalog, HistoryId history) {
        var changes = LOCATIONS.stream().map(Samples::location).toList();
        var operator = Provenance.of("operator");
        var version = Version.NONE.next();
        return new LogEntry(
                version,
                NOON,
                operator,
                ChainHash.origin(catalog, history).next(version, NOON, operator, changes),
                false,
                changes);
    }

    /// The change that makes a store's location.
    public static ObjectChange location(String id) {
        return new ObjectChange(
                new ObjectToken("sys." + id),
                StandardSchema.LOCATION,
                false,
                List.of(
                        attribute(StandardSchema.name(StandardSchema.LOCATION, "id"), new Value.Text(id)),
                        attribute(StandardSchema.name(StandardSchema.LOCATION, "kind"), new Value.Text("store"))),
                List.of());
    }

    /// What a bench's log entry says, read again from its JSON.
    public static LogEntry reread(LogEntry entry, SchemaHistory before) {
        return LogJson.read(
                Json.parse(Json.bytes(LogJson.write(entry))),
                before.now(),
                changes -> before.after(changes).now());
    }

    public static DefinitionName ofItem(String name) {
        return StandardSchema.name(StandardSchema.ITEM, name);
    }

    public static Literal text(String text) {
        return new Literal.Text(text);
    }

    public static Literal cents(long amount) {
        return new Literal.Amount(amount, "USD");
    }

    public static Slot global(DefinitionName definition) {
        return new Slot(definition, Optional.empty());
    }

    public static Slot at(String location, DefinitionName definition) {
        return new Slot(definition, Optional.of(new LocationId(location)));
    }

    public static Attribute attribute(DefinitionName definition, Value value) {
        return new Attribute(definition, Optional.empty(), value);
    }

    public static Setting set(DefinitionName definition, Literal value) {
        return new Setting(global(definition), value);
    }

    public static Setting set(String location, DefinitionName definition, Literal value) {
        return new Setting(at(location, definition), value);
    }

    /// A new item; `object` is a token or a temporary name.
    public static Operation item(String object, Setting... settings) {
        return make(object, StandardSchema.ITEM, settings);
    }

    public static Operation department(String object, Setting... settings) {
        return make(object, StandardSchema.DEPARTMENT, settings);
    }

    public static Operation make(String object, TypeName type, Setting... settings) {
        return new Put(
                ObjectRef.parse(object),
                !ObjectRef.isTemporary(object),
                Optional.of(type),
                List.of(settings),
                List.of(),
                Optional.empty());
    }

    public static Operation change(String object, Setting... settings) {
        return new Put(
                ObjectRef.parse(object), false, Optional.empty(), List.of(settings), List.of(), Optional.empty());
    }

    public static Operation unset(String object, Slot... slots) {
        return new Put(
                ObjectRef.parse(object),
                false,
                Optional.empty(),
                List.of(),
                Stream.of(slots)
                        .map(slot -> new Unsetting(slot, Optional.empty()))
                        .toList(),
                Optional.empty());
    }

    public static Operation delete(String object) {
        return new Delete(ObjectRef.parse(object), Optional.empty());
    }
}
