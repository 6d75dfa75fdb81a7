package dev.storemesh.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads one JSON object field by field, and then refuses what nobody asked for. Every error names the field by its
/// JSON pointer.
///
/// ```java
/// var fields = Fields.of(body);
/// var reason = fields.optionalText("reason");
/// fields.end(); // 400 unknown_field for all others
/// ```
public final class Fields {
    private static final int SHOWN_LENGTH = 200;

    private final JsonNode node;
    private final Pointer pointer;
    private final List<String> read = new ArrayList<>();

    private Fields(JsonNode node, Pointer pointer) {
        this.node = node;
        this.pointer = pointer;
    }

    public static Fields of(JsonNode node) {
        return of(node, Pointer.ROOT);
    }

    public static Fields of(JsonNode node, Pointer pointer) {
        if (!node.isObject()) {
            throw new MalformedInput("invalid_value", pointer, named(pointer) + " must be an object");
        }
        return new Fields(node, pointer);
    }

    /// Where the object itself stands.
    public Pointer pointer() {
        return pointer;
    }

    public Pointer pointer(String name) {
        return pointer.field(name);
    }

    public boolean has(String name) {
        return node.has(name);
    }

    /// The field's value as it stands.
    public JsonNode any(String name) {
        return optional(name).orElseThrow(() -> missing(name));
    }

    /// An explicit `null` is not an absent field: it is refused by whoever asks for a text or a number.
    public Optional<JsonNode> optional(String name) {
        return Optional.ofNullable(find(name));
    }

    private @Nullable JsonNode find(String name) {
        read.add(name);
        return node.get(name);
    }

    public String text(String name) {
        var text = findText(name);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable(findText(name));
    }

    private @Nullable String findText(String name) {
        var value = find(name);
        if (value != null && !value.isTextual()) {
            throw wrong(name, "a string");
        }
        return value == null ? null : value.textValue();
    }

    /// A text that a constructor makes something of; what it throws names this field.
    public <T> T parsed(String name, Function<String, T> constructor) {
        return translate(name, text(name), constructor);
    }

    public <T> Optional<T> optionalParsed(String name, Function<String, T> constructor) {
        var text = findText(name);
        return text == null ? Optional.empty() : Optional.of(translate(name, text, constructor));
    }

    public long number(String name) {
        return optionalNumber(name).orElseThrow(() -> missing(name));
    }

    public Optional<Long> optionalNumber(String name) {
        return optional(name).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw wrong(name, "a whole number");
            }
            return value.longValue();
        });
    }

    public boolean flag(String name, boolean otherwise) {
        return optional(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrong(name, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(otherwise);
    }

    /// The elements of an array field, each translated with its own pointer; an absent field is an empty list.
    public <T> List<T> list(String name, Element<T> element) {
        var array = find(name);
        if (array == null) {
            return List.of();
        }
        if (!array.isArray()) {
            throw wrong(name, "an array");
        }
        var place = pointer(name);
        var elements = new ArrayList<T>(array.size());
        for (var i = 0; i < array.size(); i++) {
            elements.add(element.read(array.path(i), place.element(i)));
        }
        return elements;
    }

    /// Translates one element of an array.
    @FunctionalInterface
    public interface Element<T> {
        T read(JsonNode node, Pointer pointer);
    }

    public <T> T translate(String name, String text, Function<String, T> constructor) {
        try {
            return constructor.apply(text);
        } catch (MalformedInput e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedInput("invalid_value", pointer(name), String.valueOf(e.getMessage()));
        }
    }

    /// Refuses every field that was not asked for.
    public void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!read.contains(name)) {
                var unknown = pointer(Texts.shortened(name, SHOWN_LENGTH));
                throw new MalformedInput("unknown_field", unknown, "The field " + unknown + " is not known.");
            }
        });
    }

    public MalformedInput missing(String name) {
        return new MalformedInput("missing_field", pointer(name), "The field " + pointer(name) + " is missing.");
    }

    public MalformedInput wrong(String name, String expected) {
        return new MalformedInput(
                "invalid_value", pointer(name), "The field " + pointer(name) + " must be " + expected + ".");
    }

    private static String named(Pointer pointer) {
        return pointer.toString().isEmpty() ? "The body" : "The field " + pointer;
    }
}
