package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.openapi.Contract;
import dev.storemesh.protocol.json.HostileJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that somebody sends to break the server, to every endpoint that takes one: always a 400, and soon.
class HostileBodiesTest extends WithServer {
    private static final Contract CONTRACT = Contract.load();

    private static final int SMALL = 256 << 10;
    private static final Set<String> DECIMALS = Set.of("min", "max", "withinPercent");

    static List<Endpoint> endpoints() {
        return ENDPOINTS.stream()
                .filter(endpoint ->
                        endpoint.body() == Endpoint.Body.REQUIRED || endpoint.body() == Endpoint.Body.OPTIONAL)
                .toList();
    }

    /// All bodies are read by the same code: the largest are tried on one endpoint.
    private static boolean isTooLarge(byte[] body, Endpoint endpoint) {
        return body.length > SMALL && !endpoint.template().endsWith("/writes");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatIsNotJsonIsRefused(Endpoint endpoint) throws Exception {
        for (var body : HostileJson.malformed().entrySet()) {
            if (isTooLarge(body.getValue(), endpoint)) {
                continue;
            }
            var refusal = send(body.getKey(), endpoint, "", body.getValue());
            assertThat(refusal.status()).as(body.getKey()).isEqualTo(400);
            assertThat(refusal.code()).as(body.getKey()).isEqualTo("malformed_json");
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatNobodyAskedForIsRefused(Endpoint endpoint) throws Exception {
        for (var body : HostileJson.unwanted().entrySet()) {
            if (isTooLarge(body.getValue(), endpoint)) {
                continue;
            }
            assertThat(send(body.getKey(), endpoint, "", body.getValue()).status())
                    .as(body.getKey())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void nothingIsRefusedWhereSomethingIsNeeded(Endpoint endpoint) throws Exception {
        var refusal = send("nothing", endpoint, "", new byte[0]);
        if (endpoint.body() == Endpoint.Body.REQUIRED) {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.code()).isEqualTo("malformed_json");
        }
    }

    /// Each field that the document names, with each value that no field may have.
    @ParameterizedTest
    @MethodSource("endpoints")
    void noFieldTakesAValueThatNoneMayHave(Endpoint endpoint) throws Exception {
        for (var field : fields(endpoint)) {
            if (DECIMALS.contains(field)) {
                continue; // any number may stand there, however long
            }
            for (var value : HostileJson.unwantedValues().entrySet()) {
                var body = "{\"" + field + "\":" + value.getValue() + "}";
                assertThat(send(body, endpoint, "", body.getBytes(StandardCharsets.UTF_8))
                                .status())
                        .as(body)
                        .isEqualTo(400);
            }
        }
    }

    private static Set<String> fields(Endpoint endpoint) {
        var schema = CONTRACT.operation(endpoint.method(), endpoint.template())
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        Set<String> names = new LinkedHashSet<>();
        List<JsonNode> open = new ArrayList<>(List.of(schema));
        for (var i = 0; i < open.size(); i++) {
            var node = CONTRACT.resolve(open.get(i));
            for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
                names.add(property.getKey());
            }
            node.path("allOf").forEach(open::add);
            node.path("oneOf").forEach(open::add);
        }
        return names;
    }
}
