package dev.storemesh.http.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads JSON (RFC 8259) as an internet API should (RFC 7493): UTF-8 only, no key twice, nothing after the value, no
/// text that is not Unicode. Everything it refuses is 400 `malformed_json`.
final class StrictJson {
    private static final int DEPTH = 64;
    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxNumberLength(100)
                            .maxNameLength(1_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    private StrictJson() {}

    static JsonNode read(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            var json = READER.readTree(text);
            if (json.isMissingNode()) {
                throw malformed("", "the body is empty (expected: JSON)");
            }
            checkText(json, JsonPointer.empty());
            return json;
        } catch (CharacterCodingException e) {
            throw malformed("", "the body is not UTF-8");
        } catch (StreamConstraintsException e) {
            throw malformed(
                    "",
                    "the body is too deep, or a number or name in it too long (expected: at most " + DEPTH
                            + " levels, numbers of 100 and names of 1000 characters)");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw malformed(
                    "",
                    "the body is not JSON" + where + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private static void checkText(JsonNode json, JsonPointer at) {
        if (json.isTextual()) {
            checkText(json.textValue(), at);
        }
        for (var field : json.properties()) {
            checkText(field.getKey(), at);
            checkText(field.getValue(), at.appendProperty(field.getKey()));
        }
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                checkText(json.get(i), at.appendIndex(i));
            }
        }
    }

    private static void checkText(String text, JsonPointer at) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw malformed(at.toString(), "text with the character NUL");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw malformed(at.toString(), "text with half of a surrogate pair");
            }
        }
    }

    private static ProblemException malformed(String pointer, String detail) {
        var problem = Problem.of(400, "malformed_json", detail);
        return new ProblemException(
                pointer.isEmpty() ? problem : Problem.badRequest("malformed_json", pointer, detail));
    }
}
