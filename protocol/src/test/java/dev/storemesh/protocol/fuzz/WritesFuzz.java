package dev.storemesh.protocol.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;

/// Operations and log entries are refused as the caller's mistake, or come back as they were from our writers.
public final class WritesFuzz {
    private WritesFuzz() {}

    static List<byte[]> seeds() {
        return FuzzSeeds.texts("""
                {"operations":[{"op":"put","object":"#tea","create":true,"type":"retail.item","set":[\
                {"attribute":"retail.item.name","value":"Tea"},{"attribute":"retail.item.price","location":"store-2",\
                "value":{"amount":375,"currency":"USD"}},{"attribute":"retail.item.tax","value":-1},\
                {"attribute":"retail.item.foodstamp","value":true}],"unset":[{"attribute":"retail.item.size",\
                "location":"store-1"}]}]}""", """
                {"operations":[{"op":"delete","object":"tea"},{"op":"put","object":"01JD","unset":[]}]}""", """
                {"version":41,"at":"2026-01-31T08:00:00.123Z","caller":"importer","app":"a","store":"store-1",\
                "key":"k","reason":"r","changes":[{"object":"tea","type":"retail.item","deleted":false,"set":[\
                {"attribute":"retail.item.price","location":"store-2","value":{"amount":375,"currency":"USD"},\
                "version":41}],"ended":[{"attribute":"retail.item.tax","value":3,"version":7}]}],"chain":"%s",\
                "void":false}""".formatted("ab".repeat(32)));
    }

    public static void fuzzerInitialize() {
        FuzzSeeds.write(seeds(), WritesFuzz::fuzzerTestOneInput);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        JsonNode node;
        try {
            node = Json.parse(input);
        } catch (MalformedInput e) {
            return; // JsonFuzz's
        }
        operations(node);
        entry(node);
    }

    private static void operations(JsonNode node) {
        try {
            var operations = WriteJson.operations(Fields.of(node));
            var again = Json.object().set("operations", WriteJson.write(operations));
            same(operations, WriteJson.operations(Fields.of(Json.parse(Json.bytes(again)))));
        } catch (MalformedInput e) {
            // what the caller is told
        }
    }

    private static void entry(JsonNode node) {
        try {
            var entry = LogJson.read(node, StandardSchema.SCHEMA, changes -> StandardSchema.SCHEMA);
            same(
                    entry,
                    LogJson.read(
                            Json.parse(Json.bytes(LogJson.write(entry))),
                            StandardSchema.SCHEMA,
                            changes -> StandardSchema.SCHEMA));
        } catch (IllegalArgumentException e) {
            // what LogJson says that it throws
        }
    }

    private static void same(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(actual + " (expected: " + expected + ")");
        }
    }
}
