package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.http.openapi.Contract;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The document says exactly what the routes can do.
class DocumentedTest extends WithApi {
    private final Contract contract = Contract.load();
    private final java.util.List<Endpoint> endpoints =
            Api.endpoints(ports, ports, ports, ports, ports, () -> PAGE_TOKENS);

    @Test
    void everyStatusOfEveryEndpointAndNoOther() {
        var all = new TreeSet<String>();
        endpoints.forEach(endpoint -> endpoint.statuses().forEach(status -> all.add(endpoint + " " + status)));
        assertThat(contract.statuses()).isEqualTo(all);
    }

    @Test
    void everyParameterAndNoOther() {
        for (var endpoint : endpoints) {
            var documented = new TreeSet<String>();
            for (var reference :
                    contract.operation(endpoint.method(), endpoint.template()).path("parameters")) {
                var parameter = contract.resolve(reference);
                if (parameter.path("in").asText().equals("query")) {
                    documented.add(parameter.path("name").asText());
                }
            }
            assertThat(documented).as(endpoint.toString()).isEqualTo(new TreeSet<>(endpoint.parameters()));
        }
    }

    @Test
    void whetherThereIsABody() {
        for (var endpoint : endpoints) {
            var body =
                    contract.operation(endpoint.method(), endpoint.template()).path("requestBody");
            assertThat(endpoint.body())
                    .as(endpoint.toString())
                    .isEqualTo(
                            body.isMissingNode()
                                    ? Endpoint.Body.NONE
                                    : body.path("content").has("application/x-ndjson")
                                            ? Endpoint.Body.LINES
                                            : body.path("required").asBoolean()
                                                    ? Endpoint.Body.REQUIRED
                                                    : Endpoint.Body.OPTIONAL);
        }
    }

    @Test
    void healthAloneIsOpenToEverybody() {
        for (var endpoint : endpoints) {
            var open =
                    contract.operation(endpoint.method(), endpoint.template()).has("security");
            assertThat(endpoint.admission().equals(Admission.NOBODY_NEEDED))
                    .as(endpoint.toString())
                    .isEqualTo(open)
                    .isEqualTo(endpoint.template().startsWith("/health/"));
        }
    }

    @Test
    void isServedToEverybodyWithAToken() {
        assertThat(get("reader", "/api/v1/openapi.json").body().path("openapi").asText())
                .isEqualTo("3.1.0");
        assertThat(get("", "/api/v1/openapi.json").outcome()).isEqualTo("401 unauthenticated");
    }

    /// Deny by default: each endpoint refuses whoever has no token, or one that nobody knows.
    @Test
    void nothingButHealthAnswersWithoutAToken() {
        for (var endpoint : endpoints) {
            var target = endpoint.template()
                    .replace("{catalog}", "demo")
                    .replace("{token}", "tea")
                    .replace("{definition}", "retail.item.barcode")
                    .replace("{value}", "4006381333931")
                    .replace("{id}", "x")
                    .replace("{name}", "com.acme.x")
                    .replace("{app}", "com.acme");
            var admitted = endpoint.admission().equals(Admission.NOBODY_NEEDED);
            assertThat(send("", endpoint.method(), target, "").status())
                    .as(target)
                    .isEqualTo(admitted ? 200 : 401);
            var body = endpoint.admission().equals(Admission.JOIN_TOKEN) ? "{'node':'n'}" : "";
            assertThat(send("stranger", endpoint.method(), target, body).status())
                    .as(target)
                    .isEqualTo(admitted ? 200 : 401);
        }
        assertThat(ports.asked).doesNotContain(Ports.DEMO);
    }
}
