package dev.storemesh.protocol.bulk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.json.Pointer;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.Operation.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the lines of an import: `{"object","type","attributes":[{"attribute","location"?,"value"}]}`, as an export
/// writes them. Without a tree, and with each name held once: imports are long. Used by one thread at a time.
public final class BulkReader {
    private static final int NAMES = 10_000; // remembered of a kind
    private static final int SHOWN_LENGTH = 200;
    private static final Pointer OBJECT = Pointer.ROOT.field("object");
    private static final Pointer TYPE = Pointer.ROOT.field("type");
    private static final Pointer ATTRIBUTES = Pointer.ROOT.field("attributes");

    private final Map<String, DefinitionName> definitions = new HashMap<>();
    private final Map<String, LocationId> locations = new HashMap<>();
    private final Map<String, TypeName> types = new HashMap<>();

    /// What a line comes to: [BulkLine], or [RefusedLine] where it names an object and is not of the form.
    public sealed interface Parsed permits BulkLine, RefusedLine {}

    /// Reads one line.
    ///
    /// @throws MalformedInput if it is not JSON, or names no object: nobody can say then what it is about
    public Parsed read(LineSplitter.Line line) {
        return Json.read(line.utf8(), json -> new Reading(line, json).all());
    }

    private static <T> T named(Map<String, T> known, String text, Function<String, T> constructor) {
        var name = known.get(text);
        if (name == null) {
            name = constructor.apply(text);
            if (known.size() < NAMES) {
                known.put(text, name);
            }
        }
        return name;
    }

    /// One line while it is read. What is not of the form is noted, the first of it, and the rest is read on.
    private final class Reading {
        private final LineSplitter.Line line;
        private final JsonParser json;
        private final List<Setting> set = new ArrayList<>();
        private Optional<String> object = Optional.empty();
        private Optional<TypeName> type = Optional.empty();
        private Optional<MalformedInput> fault = Optional.empty();

        Reading(LineSplitter.Line line, JsonParser json) {
            this.line = line;
            this.json = json;
        }

        Parsed all() throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedInput("invalid_value", "", "The line must be an object.");
            }
            for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "object" -> object = text(OBJECT);
                    case "type" -> type = parsed(TYPE, text -> named(types, text, TypeName::new));
                    case "attributes" -> attributes();
                    default -> unknown(Pointer.ROOT.field(name));
                }
            }
            var token = token();
            if (fault.isEmpty() && type.isEmpty()) {
                note("missing_field", TYPE, "The field /type is missing.");
            }
            return fault.<Parsed>map(wrong -> new RefusedLine(
                            Optional.of(line.number()),
                            token.text(),
                            wrong.code(),
                            String.valueOf(wrong.getMessage()),
                            List.of()))
                    .orElseGet(() -> new BulkLine(line.number(), token, type.orElseThrow(), set, line.sizeBytes()));
        }

        private ObjectToken token() {
            try {
                return new ObjectToken(object.orElseThrow(() -> fault.orElseGet(
                        () -> new MalformedInput("missing_field", OBJECT, "The field /object is missing."))));
            } catch (MalformedInput e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw new MalformedInput("invalid_value", OBJECT, String.valueOf(e.getMessage()));
            }
        }

        private void attributes() throws IOException {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                wrong(ATTRIBUTES, "an array");
                return;
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                attribute(ATTRIBUTES.element(set.size()));
            }
        }

        private void attribute(Pointer pointer) throws IOException {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                wrong(pointer, "an object");
                return;
            }
            var attribute = Optional.<DefinitionName>empty();
            var location = Optional.<LocationId>empty();
            var value = Optional.<Literal>empty();
            for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "attribute" ->
                        attribute = parsed(
                                pointer.field("attribute"), text -> named(definitions, text, DefinitionName::new));
                    case "location" ->
                        location = parsed(pointer.field("location"), text -> named(locations, text, LocationId::new));
                    case "value" -> value = literal(pointer.field("value"));
                    default -> unknown(pointer.field(name));
                }
            }
            if (attribute.isPresent() && value.isPresent()) {
                set.add(new Setting(new Slot(attribute.get(), location), value.get()));
            } else {
                var missing = pointer.field(attribute.isEmpty() ? "attribute" : "value");
                note("missing_field", missing, "The field " + missing + " is missing.");
            }
        }

        private Optional<Literal> literal(Pointer pointer) throws IOException {
            return switch (json.currentToken()) {
                case VALUE_STRING -> Optional.of(new Literal.Text(checked()));
                case VALUE_NUMBER_INT -> whole(pointer).map(Literal.Whole::new);
                case VALUE_TRUE -> Optional.of(new Literal.Flag(true));
                case VALUE_FALSE -> Optional.of(new Literal.Flag(false));
                case START_OBJECT -> amount(pointer);
                default -> {
                    wrong(pointer, "a string, a whole number, a boolean or an amount of money");
                    yield Optional.empty();
                }
            };
        }

        private Optional<Literal> amount(Pointer pointer) throws IOException {
            var amount = Optional.<Long>empty();
            var currency = Optional.<String>empty();
            for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "amount" -> amount = whole(pointer.field("amount"));
                    case "currency" -> currency = text(pointer.field("currency"));
                    default -> unknown(pointer.field(name));
                }
            }
            if (amount.isEmpty() || currency.isEmpty()) {
                wrong(pointer, "an amount and a currency");
                return Optional.empty();
            }
            return Optional.of(new Literal.Amount(amount.get(), currency.get()));
        }

        private Optional<Long> whole(Pointer pointer) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return Optional.of(json.getLongValue());
            }
            wrong(pointer, "a whole number");
            return Optional.empty();
        }

        private Optional<String> text(Pointer pointer) throws IOException {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                wrong(pointer, "a string");
                return Optional.empty();
            }
            return Optional.of(checked());
        }

        private String checked() throws IOException {
            var text = json.getText();
            Texts.check(text);
            return text;
        }

        private <T> Optional<T> parsed(Pointer pointer, Function<String, T> constructor) throws IOException {
            try {
                return text(pointer).map(constructor);
            } catch (MalformedInput e) {
                throw e;
            } catch (IllegalArgumentException e) {
                note("invalid_value", pointer, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        private void unknown(Pointer pointer) throws IOException {
            var whole = pointer.toString();
            Texts.check(whole);
            json.skipChildren();
            var shown = Texts.shortened(whole, SHOWN_LENGTH);
            if (fault.isEmpty()) {
                fault = Optional.of(
                        new MalformedInput("unknown_field", shown, "The field " + shown + " is not known."));
            }
        }

        /// Passes over the value, too.
        private void wrong(Pointer pointer, String expected) throws IOException {
            json.skipChildren();
            note("invalid_value", pointer, "The field " + pointer + " must be " + expected + ".");
        }

        private void note(String code, Pointer pointer, @Nullable String message) {
            if (fault.isEmpty()) {
                fault = Optional.of(new MalformedInput(code, pointer, String.valueOf(message)));
            }
        }
    }
}
