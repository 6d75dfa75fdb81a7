package dev.storemesh.protocol.value;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.json.Pointer;
import java.io.IOException;

/// Literals in JSON: a string, a whole number, a boolean, or `{"amount": …, "currency": …}`.
public final class LiteralJson {
    private static final SerializedString AMOUNT = new SerializedString("amount");
    private static final SerializedString CURRENCY = new SerializedString("currency");

    private LiteralJson() {}

    /// Reads what [#write] writes.
    ///
    /// @throws MalformedInput `invalid_value` if it is none of the four
    public static Literal read(JsonNode node, Pointer pointer) {
        if (node.isTextual()) {
            return new Literal.Text(node.textValue());
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return new Literal.Whole(node.longValue());
        }
        if (node.isBoolean()) {
            return new Literal.Flag(node.booleanValue());
        }
        if (node.isObject()) {
            var fields = Fields.of(node, pointer);
            var amount = new Literal.Amount(fields.number("amount"), fields.text("currency"));
            fields.end();
            return amount;
        }
        throw new MalformedInput(
                "invalid_value",
                pointer,
                "The field " + pointer + " must be a string, a whole number, a boolean or an amount of money.");
    }

    /// The same as [#write(Literal)], straight into an answer.
    public static void write(JsonGenerator json, Literal literal) throws IOException {
        switch (literal) {
            case Literal.Text(var text) -> json.writeString(text);
            case Literal.Whole(var number) -> json.writeNumber(number);
            case Literal.Flag(var flag) -> json.writeBoolean(flag);
            case Literal.Amount(var amount, var currency) -> {
                json.writeStartObject();
                json.writeFieldName(AMOUNT);
                json.writeNumber(amount);
                json.writeFieldName(CURRENCY);
                json.writeString(currency);
                json.writeEndObject();
            }
        }
    }

    public static JsonNode write(Literal literal) {
        return switch (literal) {
            case Literal.Text(var text) -> TextNode.valueOf(text);
            case Literal.Whole(var number) -> LongNode.valueOf(number);
            case Literal.Flag(var flag) -> BooleanNode.valueOf(flag);
            case Literal.Amount(var amount, var currency) ->
                Json.object().put("amount", amount).put("currency", currency);
        };
    }
}
