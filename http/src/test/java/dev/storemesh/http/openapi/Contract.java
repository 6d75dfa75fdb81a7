package dev.storemesh.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.storemesh.protocol.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The OpenAPI document as a judge of answers, and as a script of requests that can be sent.
///
/// Answers are held to it more strictly than clients may hold them: a field that the document does not name
/// fails, so that nothing is answered that is not documented.
public final class Contract {
    private static final String LINES = "application/x-ndjson";

    private final JsonNode document;
    private final ObjectNode closed;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.builder(
                    JsonSchemaFactory.getInstance(VersionFlag.V202012))
            .metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                    .keyword(new NonValidationKeyword("components"))
                    .build())
            .build();
    private final Map<String, JsonSchema> known = new HashMap<>();

    private Contract(JsonNode document) {
        this.document = document;
        this.closed = document.deepCopy();
        close(closed.path("components").path("schemas"));
    }

    public static Contract load() {
        return new Contract(OpenApiDocument.read());
    }

    /// `GET /api/v1/catalogs/{catalog} 404`, for every status of every operation.
    public Set<String> statuses() {
        var all = new TreeSet<String>();
        operations()
                .forEach((name, operation) -> operation
                        .path("responses")
                        .fieldNames()
                        .forEachRemaining(status -> all.add(name + " " + status)));
        return all;
    }

    /// By `GET /api/v1/catalogs/{catalog}`.
    public Map<String, JsonNode> operations() {
        var all = new TreeMap<String, JsonNode>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                all.put(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), operation.getValue());
            }
        }
        return all;
    }

    public JsonNode operation(String method, String template) {
        var name = method + " " + template;
        return Optional.ofNullable(operations().get(name))
                .orElseThrow(() -> new AssertionError(name + " is not in the document"));
    }

    /// What a JSON pointer such as `#/components/schemas/Page` in the document names.
    public JsonNode resolve(JsonNode node) {
        var reference = node.path("$ref").asText("");
        if (reference.isEmpty()) {
            return node;
        }
        var target = document.at(reference.substring(1));
        if (target.isMissingNode()) {
            throw new AssertionError(reference + " is not in the document");
        }
        return target;
    }

    // Answers

    /// Fails with an [AssertionError] unless this is an answer that the document allows. `headers` by name, in any
    /// case; `body` as it came, empty for none.
    public void check(String method, String template, int status, Map<String, String> headers, String body) {
        var where = method + " " + template + " " + status;
        var declared = operation(method, template).path("responses").path(String.valueOf(status));
        if (declared.isMissingNode()) {
            throw new AssertionError(where + " is not in the document: " + body);
        }
        var response = resolve(declared);
        var given = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        given.putAll(headers);
        for (var header : response.path("headers").properties()) {
            if (resolve(header.getValue()).path("required").asBoolean() && !given.containsKey(header.getKey())) {
                throw new AssertionError(where + " lacks the header " + header.getKey());
            }
        }
        checkBody(where, response.path("content"), given.getOrDefault("Content-Type", ""), body);
    }

    private void checkBody(String where, JsonNode content, String contentType, String body) {
        if (content.isEmpty()) {
            if (!body.isEmpty()) {
                throw new AssertionError(where + " has a body, and none is documented: " + body);
            }
            return;
        }
        var type = contentType.replaceAll(";.*", "").strip();
        if (!content.has(type)) {
            throw new AssertionError(where + " is of type `" + type + "`, which is not documented: " + body);
        }
        var values = type.equals("application/x-ndjson") ? body.lines().toList() : List.of(body);
        for (var value : values) {
            var wrong = violations(
                    content.path(type).path("schema"),
                    type.startsWith("text/") ? TextNode.valueOf(value) : Json.parse(value));
            if (!wrong.isEmpty()) {
                throw new AssertionError(where + " is not as documented: " + wrong + "\n" + value);
            }
        }
    }

    /// What is wrong with a value by a schema of the document, where no field may be that it does not name.
    public List<String> violations(JsonNode schema, JsonNode value) {
        var validator = known.computeIfAbsent(schema.toString(), any -> {
            var whole = JsonNodeFactory.instance.objectNode();
            whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
            whole.setAll((ObjectNode) schema.deepCopy());
            whole.set("components", closed.path("components"));
            return schemas.getSchema(whole);
        });
        return validator.validate(value).stream().map(Object::toString).toList();
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(Contract::close);
    }

    // Requests

    /// Every documented example, in an order in which all of them work against an empty HQ.
    public List<Example> examples() {
        var all = new ArrayList<Example>();
        operations().forEach((name, operation) -> {
            for (var example : operation.path("x-examples")) {
                all.add(example(name, operation, example));
            }
        });
        all.sort(Comparator.comparingInt(Example::order));
        return all;
    }

    private static Example example(String name, JsonNode operation, JsonNode example) {
        var body = example.path("body").asText("");
        var content = operation.path("requestBody").path("content");
        var type = content.has(LINES) ? LINES : "application/json";
        var bodies = content.path(type).path("examples");
        if (example.has("body") && !bodies.has(body)) {
            throw new AssertionError(name + " has no example of a body called " + example.path("body"));
        }
        return new Example(
                example.path("order").asInt(),
                example.path("name").asText(),
                name.substring(0, name.indexOf(' ')),
                name.substring(name.indexOf(' ') + 1),
                Optional.ofNullable(example.get("as")).map(JsonNode::asText),
                texts(example.path("path")),
                texts(example.path("query")),
                texts(example.path("headers")),
                body.isEmpty()
                        ? Optional.empty()
                        : Optional.of(bodies.path(body).path("value")),
                type,
                example.path("status").asInt(),
                texts(example.path("keep")));
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new LinkedHashMap<String, String>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    /// One request with the status it gets. `as` names the token to send: `operator`, or one that an earlier answer
    /// gave. `keep` names values of the answer, by JSON pointer, that later examples mention as `${name}`.
    public record Example(
            int order,
            String name,
            String method,
            String template,
            Optional<String> as,
            Map<String, String> path,
            Map<String, String> query,
            Map<String, String> headers,
            Optional<JsonNode> body,
            String contentType,
            int status,
            Map<String, String> keep) {
        private static final Pattern KEPT = Pattern.compile("\\$\\{([A-Za-z]+)}");

        /// Path and query, percent-encoded, with what was kept put in.
        public String target(Map<String, JsonNode> kept) {
            var target = template;
            for (var segment : path.entrySet()) {
                target = target.replace("{" + segment.getKey() + "}", encoded(fill(segment.getValue(), kept)));
            }
            var separator = "?";
            for (var parameter : query.entrySet()) {
                target += separator + encoded(parameter.getKey()) + "=" + encoded(fill(parameter.getValue(), kept));
                separator = "&";
            }
            return target;
        }

        /// The body with what was kept put in; a text that is only `${name}` becomes the value itself, of any type.
        public Optional<JsonNode> body(Map<String, JsonNode> kept) {
            return body.map(json -> fill(json, kept));
        }

        /// The body as it is sent: of lines, one for each element.
        public Optional<String> text(Map<String, JsonNode> kept) {
            return body(kept).map(json -> {
                if (!contentType.equals(LINES)) {
                    return Json.text(json);
                }
                var lines = new StringBuilder();
                json.forEach(line -> lines.append(Json.text(line)).append('\n'));
                return lines.toString();
            });
        }

        /// The headers with what was kept put in.
        public Map<String, String> headers(Map<String, JsonNode> kept) {
            var filled = new LinkedHashMap<String, String>();
            headers.forEach((name, value) -> filled.put(name, fill(value, kept)));
            return filled;
        }

        /// The token to send.
        public Optional<String> token(Map<String, JsonNode> kept) {
            return as.map(name -> value(name, kept).asText());
        }

        /// Takes from the answer what later examples need.
        public void keepFrom(JsonNode answer, Map<String, JsonNode> kept) {
            keep.forEach((name, pointer) -> {
                var value = answer.at(pointer);
                if (value.isMissingNode()) {
                    throw new AssertionError(this + ": no " + pointer + " in " + answer);
                }
                kept.put(name, value);
            });
        }

        private JsonNode fill(JsonNode json, Map<String, JsonNode> kept) {
            if (json.isTextual()) {
                var only = KEPT.matcher(json.textValue());
                return only.matches()
                        ? value(only.group(1), kept)
                        : JsonNodeFactory.instance.textNode(fill(json.textValue(), kept));
            }
            if (json.isObject()) {
                var filled = JsonNodeFactory.instance.objectNode();
                json.properties().forEach(field -> filled.set(field.getKey(), fill(field.getValue(), kept)));
                return filled;
            }
            if (json.isArray()) {
                var filled = JsonNodeFactory.instance.arrayNode();
                json.forEach(element -> filled.add(fill(element, kept)));
                return filled;
            }
            return json;
        }

        private String fill(String text, Map<String, JsonNode> kept) {
            return KEPT.matcher(text)
                    .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                            value(match.group(1), kept).asText()));
        }

        private JsonNode value(String name, Map<String, JsonNode> kept) {
            return Optional.ofNullable(kept.get(name))
                    .orElseThrow(() -> new AssertionError(this + ": nobody kept " + name));
        }

        private static String encoded(String text) {
            return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                    .replace("+", "%20");
        }

        @Override
        public String toString() {
            return order + " " + method + " " + template + " (" + name + ")";
        }
    }
}
