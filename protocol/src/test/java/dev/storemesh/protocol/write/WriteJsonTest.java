package dev.storemesh.protocol.write;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.at;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.global;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static dev.storemesh.protocol.Samples.unset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.value.Literal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WriteJsonTest {
    private static List<Operation> read(String operations) {
        return WriteJson.operations(Fields.of(Json.parse("{\"operations\":" + operations + "}")));
    }

    @Test
    void readsBackWhatItWrites() {
        var operations = List.of(
                item("#tea", set(NAME, text("Tea")), set("store-2", PRICE, cents(-5))),
                item("coffee", set(NOTE, new Literal.Flag(true)), set(NOTE, new Literal.Whole(Long.MIN_VALUE))),
                change("tea"),
                unset("tea", global(NOTE), at("store-1", PRICE)),
                delete("#tea"),
                delete("tea"));
        assertThat(read(Json.text(WriteJson.write(operations)))).isEqualTo(operations);
    }

    @Test
    void readsABodyAsTheApiShowsIt() {
        assertThat(read("""
                [ { "op": "put", "object": "#tea", "type": "retail.item",
                    "set": [ { "attribute": "retail.item.name", "value": "Tea" },
                             { "attribute": "retail.item.price", "location": "store-2",
                               "value": {"amount": 375, "currency": "USD"} } ] },
                  { "op": "put", "object": "01JD", "unset": [ { "attribute": "retail.item.note" } ] },
                  { "op": "delete", "object": "01JE" } ]"""))
                .containsExactly(
                        item("#tea", set(NAME, text("Tea")), set("store-2", PRICE, cents(375))),
                        unset("01JD", global(NOTE)),
                        delete("01JE"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|invalid_value|/operations",
                "{}|invalid_value|/operations",
                "{\"a\":1}|invalid_value|/operations",
                "null|invalid_value|/operations",
                "[1]|invalid_value|/operations/0",
                "[{\"object\":\"a\"}]|missing_field|/operations/0/op",
                "[{\"op\":\"put\"}]|missing_field|/operations/0/object",
                "[{\"op\":\"melt\",\"object\":\"a\"}]|invalid_value|/operations/0/op",
                "[{\"op\":\"put\",\"object\":\"a b\"}]|invalid_value|/operations/0/object",
                "[{\"op\":\"put\",\"object\":\"#\"}]|invalid_value|/operations/0/object",
                "[{\"op\":\"put\",\"object\":\"a\",\"create\":1}]|invalid_value|/operations/0/create",
                "[{\"op\":\"put\",\"object\":\"a\",\"type\":\"item\"}]|invalid_value|/operations/0/type",
                "[{\"op\":\"put\",\"object\":\"a\",\"colour\":1}]|unknown_field|/operations/0/colour",
                "[{\"op\":\"delete\",\"object\":\"a\",\"set\":[]}]|unknown_field|/operations/0/set",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"value\":1}]}]|missing_field|/operations/0/set/0/attribute",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\"}]}]|missing_field|/operations/0/set/0/value",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\",\"value\":null}]}]|invalid_value|/operations/0/set/0/value",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\",\"value\":1.5}]}]|invalid_value|/operations/0/set/0/value",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\",\"value\":9223372036854775808}]}]|invalid_value|/operations/0/set/0/value",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\",\"value\":{\"amount\":1}}]}]|missing_field|/operations/0/set/0/value/currency",
                "[{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\",\"value\":{\"amount\":1,\"currency\":\"USD\",\"x\":1}}]}]|unknown_field|/operations/0/set/0/value/x",
                "[{\"op\":\"put\",\"object\":\"a\",\"unset\":[{\"attribute\":\"a.b\",\"values\":1}]}]|unknown_field|/operations/0/unset/0/values",
                "[{\"op\":\"delete\",\"object\":\"a\"},{\"op\":\"put\",\"object\":\"a\",\"set\":[{\"attribute\":\"a.b\",\"location\":\"a b\",\"value\":1}]}]|invalid_value|/operations/1/set/0/location"
            })
    void namesTheFieldThatIsWrong(String operations, String code, String field) {
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> read(operations))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void takesTenThousandOperationsAndNoMore() {
        var one = "{\"op\":\"delete\",\"object\":\"a\"}";
        assertThat(read("[" + String.join(",", Collections.nCopies(10_000, one)) + "]"))
                .hasSize(10_000);
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> read("[" + String.join(",", Collections.nCopies(10_001, one)) + "]"));
    }
}
