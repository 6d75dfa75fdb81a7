package dev.storemesh.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The document by itself; `route.DocumentedTest` holds it against the routes.
class ContractTest {
    private final Contract contract = Contract.load();
    private final JsonNode document = OpenApiDocument.read();

    @Test
    void isOpenApi31() {
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.path("info").path("title").asText()).isEqualTo("Storemesh");
    }

    @Test
    void everySchemaIsJsonSchema202012() {
        var meta = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SchemaLocation.of(SchemaId.V202012));
        var all = new ArrayList<JsonNode>();
        document.path("components").path("schemas").forEach(all::add);
        document.findValues("schema").forEach(all::add);
        assertThat(all)
                .hasSizeGreaterThan(50)
                .allSatisfy(schema -> assertThat(meta.validate(schema)).isEmpty());
        assertThat(meta.validate(new TextNode("no schema")))
                .as("the check can fail")
                .isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (var reference : document.findParents("$ref")) {
            assertThat(contract.resolve(reference)).isNotNull();
        }
    }

    @Test
    void operationsHaveNamesOfTheirOwn() {
        var names = new HashSet<String>();
        contract.operations()
                .values()
                .forEach(operation -> assertThat(
                                names.add(operation.path("operationId").asText()))
                        .isTrue());
    }

    @Test
    void everySegmentOfEveryPathIsDescribed() {
        contract.operations().forEach((name, operation) -> {
            var described = new HashSet<String>();
            for (var parameter : operation.path("parameters")) {
                var resolved = contract.resolve(parameter);
                if (resolved.path("in").asText().equals("path")) {
                    described.add(resolved.path("name").asText());
                }
            }
            var named = Pattern.compile("\\{([a-z]+)}")
                    .matcher(name)
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(described).as(name).containsExactlyInAnyOrderElementsOf(named);
        });
    }

    @Test
    void everyExampleOfAnAnswerIsOfItsSchema() {
        contract.operations()
                .forEach((name, operation) -> operation.path("responses").forEach(declared -> {
                    for (var media : contract.resolve(declared).path("content").properties()) {
                        if (media.getValue().has("example")) {
                            assertThat(contract.violations(
                                            media.getValue().path("schema"),
                                            media.getValue().path("example")))
                                    .as(name)
                                    .isEmpty();
                        }
                    }
                }));
    }

    @Test
    void everyOperationHasAnExampleThatWorksAndOneForEachBody() {
        var examples = contract.examples();
        contract.operations().forEach((name, operation) -> {
            assertThat(examples)
                    .as(name)
                    .anyMatch(example ->
                            name.equals(example.method() + " " + example.template()) && example.status() < 300);
            for (var body : operation
                    .path("requestBody")
                    .path("content")
                    .path("application/json")
                    .path("examples")
                    .properties()) {
                assertThat(examples)
                        .as(name + " " + body.getKey())
                        .anyMatch(example -> example.body()
                                .equals(java.util.Optional.of(body.getValue().path("value"))));
            }
        });
        assertThat(examples)
                .extracting(Contract.Example::order)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    /// What a client that trusts the document would send is what the examples send.
    @Test
    void examplesOfBodiesAreOfTheirSchemasUnlessTheyShowARefusal() {
        var kept = kept();
        for (var example : contract.examples()) {
            var schema = contract.operation(example.method(), example.template())
                    .path("requestBody")
                    .path("content")
                    .path(example.contentType())
                    .path("schema");
            bodies(example, kept)
                    .forEach(
                            body -> assertThat(contract.violations(schema, body).isEmpty())
                                    .as(example + " " + contract.violations(schema, body))
                                    .isEqualTo(example.status() != 400
                                            || example.query().containsKey("types")));
        }
    }

    /// Of lines each is one.
    private static List<JsonNode> bodies(Contract.Example example, Map<String, JsonNode> kept) {
        var bodies = new ArrayList<JsonNode>();
        example.body(kept).ifPresent(body -> {
            if (example.contentType().equals("application/json")) {
                bodies.add(body);
            } else {
                body.forEach(bodies::add);
            }
        });
        return bodies;
    }

    @Test
    void examplesOnlyMentionWhatAnEarlierOneKept() {
        var names = new HashSet<>(List.of("operator"));
        for (var example : contract.examples()) {
            Map<String, JsonNode> known = new HashMap<>();
            names.forEach(name -> known.put(name, TextNode.valueOf("x")));
            assertThat(example.target(known)).doesNotContain("{");
            assertThat(example.body(known).toString()).doesNotContain("${");
            example.token(known);
            example.headers(known);
            names.addAll(example.keep().keySet());
        }
    }

    private static Map<String, JsonNode> kept() {
        Map<String, JsonNode> kept = new HashMap<>();
        kept.put("coffee", TextNode.valueOf("coffee"));
        for (var number : List.of("version", "first", "epoch", "recorded")) {
            kept.put(number, IntNode.valueOf(3));
        }
        return kept;
    }

    @Test
    void refusesWhatIsNotDocumented() {
        var json = Map.of("content-type", "application/json", "storemesh-version", "1");
        contract.check("GET", "/health/live", 200, json, "{\"status\":\"live\"}");
        assertThatThrownBy(() -> contract.check("GET", "/health/live", 200, json, "{\"status\":\"live\",\"more\":1}"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("more");
        assertThatThrownBy(() -> contract.check("GET", "/health/live", 200, json, "{}"))
                .hasMessageContaining("status");
        assertThatThrownBy(() -> contract.check("GET", "/health/live", 418, json, "{}"))
                .hasMessageContaining("418");
        assertThatThrownBy(() -> contract.check("GET", "/health/dead", 200, json, "{}"))
                .hasMessageContaining("dead");
        assertThatThrownBy(
                        () -> contract.check("GET", "/health/live", 200, Map.of("Content-Type", "text/plain"), "live"))
                .hasMessageContaining("text/plain");
        var page = "/api/v1/catalogs/{catalog}/objects";
        contract.check("GET", page, 200, json, "{\"version\":1,\"objects\":[]}");
        assertThatThrownBy(() -> contract.check(
                        "GET", page, 200, Map.of("Content-Type", "application/json"), "{\"version\":1,\"objects\":[]}"))
                .hasMessageContaining("Storemesh-Version");
        assertThatThrownBy(
                        () -> contract.check(
                                "GET",
                                page,
                                200,
                                json,
                                "{\"version\":1,\"objects\":[{\"object\":\"a\",\"type\":\"a.b\",\"version\":1,\"attributes\":[],\"colour\":1}]}"))
                .hasMessageContaining("colour");
    }
}
