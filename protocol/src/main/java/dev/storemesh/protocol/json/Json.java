package dev.storemesh.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// JSON in and out. Reading is strict: one value, no duplicate keys, at most 64 deep, valid UTF-8, no NUL, no lone
/// surrogates, no number of more than 40 digits or beyond those of IEEE 754 (RFC 7493, section 2.2). What passes
/// here can be written again, and read again, by anybody.
public final class Json {
    private static final int DEPTH = 64;
    private static final int NUMBER_LENGTH = 100; // so long that each number that passes can be read as we write it
    private static final int REASON_LENGTH = 200;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final char REPLACEMENT = '\uFFFD';

    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH)
            .maxNumberLength(NUMBER_LENGTH)
            .build();

    private static final JsonFactory READER = JsonFactory.builder()
            .streamReadConstraints(CONSTRAINTS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// A tree finds keys that are there twice by itself.
    private static final ObjectMapper MAPPER = new ObjectMapper(
                    JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
            .setNodeFactory(new CheckedNumbers())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS); // a double would make 1e999 infinite

    /// As a tree's text in UTF-8 would be: without this, what is beyond the BMP would be two escapes instead.
    private static final JsonFactory WRITER = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .rootValueSeparator("") // who writes several values says what is between them
            .build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Reads one value.
    ///
    /// @throws MalformedInput if the bytes are not one JSON value as described above
    public static JsonNode parse(byte[] utf8) {
        var text = decoded(utf8);
        // UTF-8 has no half of a surrogate pair, and JSON no NUL that is not escaped
        return text.contains("\\u") ? parse(text) : tree(text);
    }

    /// The fast way of the JDK puts a sign in the place of what is malformed: only where that is there, which may
    /// be right, the strict one is asked.
    private static String decoded(byte[] utf8) {
        var text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedInput("malformed_json", "", "The body is not valid UTF-8.");
        }
    }

    /// Takes one value from a stream of tokens, of which it leaves none but what is after the value.
    @FunctionalInterface
    public interface Reader<T> {
        T read(JsonParser json) throws IOException;
    }

    /// Reads one value without a tree, as strictly as [#parse(byte\[\])] does, but that whoever reads checks the
    /// texts and numbers that it takes.
    ///
    /// @throws MalformedInput if the bytes are not one JSON value
    public static <T> T read(byte[] utf8, Reader<T> reader) {
        try (var json = READER.createParser(decoded(utf8))) {
            var value = reader.read(json);
            if (json.nextToken() != null) {
                throw new MalformedInput("malformed_json", "", "The body is not JSON as we take it: it goes on.");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new MalformedInput("malformed_json", "", "The body is not JSON as we take it: " + reason(e));
        } catch (IOException e) {
            throw new IllegalStateException("text in memory can always be read", e);
        }
    }

    /// Reads one value.
    ///
    /// @throws MalformedInput if the text is not one JSON value as described above
    public static JsonNode parse(String text) {
        var node = tree(text);
        checkTexts(node);
        return node;
    }

    private static JsonNode tree(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new MalformedInput("malformed_json", "", "The body is not JSON as we take it: " + reason(e));
        } catch (NumberFormatException e) { // an exponent that no int holds
            throw new MalformedInput(
                    "malformed_json", "", "The body is not JSON as we take it: a number is too large.");
        }
        if (node.isMissingNode()) {
            throw new MalformedInput("malformed_json", "", "The body is empty; expected JSON.");
        }
        return node;
    }

    /// Refuses texts that hold what none may. The depth of `node` is bounded by the parser, so the recursion is, too.
    private static void checkTexts(JsonNode node) {
        if (node.isTextual()) {
            Texts.check(node.textValue());
        } else if (node.isArray()) {
            node.forEach(Json::checkTexts);
        } else if (node.isObject()) {
            node.forEachEntry((name, value) -> {
                Texts.check(name);
                checkTexts(value);
            });
        }
    }

    /// Makes no number that [Numbers] refuses; an int or a long is always one of ours.
    private static final class CheckedNumbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1;

        @Override
        public ValueNode numberNode(BigDecimal number) {
            return checked(super.numberNode(number));
        }

        @Override
        public ValueNode numberNode(BigInteger number) {
            return checked(super.numberNode(number));
        }

        private static ValueNode checked(ValueNode number) {
            Numbers.check(number);
            return number;
        }
    }

    /// The parser quotes what it read, up to a whole key of 50,000 characters: hence no regular expressions here.
    private static String reason(JsonProcessingException e) {
        var where = e.getLocation();
        var at = where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
        var message = Texts.shortened(e.getOriginalMessage(), REASON_LENGTH);
        var own = before(" for `ObjectNode`: not allowed", before("\n", message)); // and which setting of ours says so
        return before(" (start marker at [", own) + at; // Jackson's place is in its own words
    }

    private static String before(String mark, String text) {
        var end = text.indexOf(mark);
        return end < 0 ? text : text.substring(0, end);
    }

    /// Writes part of a JSON text.
    @FunctionalInterface
    public interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /// What `writer` writes, in UTF-8: the same bytes as those of a tree with the same fields.
    ///
    /// @param sizeBytes about how many there will be
    public static byte[] bytes(int sizeBytes, Writer writer) {
        try (var bytes =
                        new ByteArrayBuilder(Math.min(sizeBytes, BLOCK_BYTES)); // grows block by block, without copying
                var json = WRITER.createGenerator(bytes)) {
            writer.write(json);
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("JSON can always be written into memory", e);
        }
    }

    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new IllegalStateException("a JSON tree in memory can always be written", e);
        }
    }

    public static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }
}
