package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A merchant's own schema over HTTP, from the first type to the last violation.
final class SchemaEndToEndTest {
    private static final String CATALOG = "/catalogs/demo";

    @TempDir
    Path folder = Path.of("");

    private final List<SiteProcess> sites = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        sites.forEach(SiteProcess::close);
    }

    @Test
    void aWriteIsToldAllThatItBreaksAndARuleAllThatBreaksIt() throws Exception {
        var hq = new SiteProcess(folder.resolve("hq"));
        sites.add(hq);
        hq.start();
        var operator = hq.operator();
        operator.put(CATALOG).expect(201);
        post(operator, "/types", "{'name':'com.acme.card'}");
        post(
                operator,
                "/definitions",
                "{'name':'com.acme.card.level','type':'com.acme.card','valueType':'integer','variesByLocation':true}");
        post(operator, "/definitions", "{'name':'com.acme.card.code','type':'com.acme.card','valueType':'string'}");
        post(operator, "/locations", "{'id':'north','kind':'store','timeZone':'Europe/Oslo','currency':'NOK'}");
        post(
                operator,
                "/constraints",
                "{'name':'com.acme.card.level.range','definition':'com.acme.card.level','kind':'range','min':1,'max':9,'message':'A level is 1 to 9.'}");
        post(
                operator,
                "/constraints",
                "{'name':'com.acme.card.code.length','definition':'com.acme.card.code','kind':'length','max':3}");
        post(
                operator,
                "/constraints",
                "{'name':'com.acme.card.code.form','definition':'com.acme.card.code','kind':'pattern','pattern':'[A-Z]+'}");

        var refused = operator.post(
                        CATALOG + "/writes",
                        quoted("{'operations':[{'op':'put','object':'#card','type':'com.acme.card','set':["
                                + "{'attribute':'com.acme.card.level','location':'north','value':12},"
                                + "{'attribute':'com.acme.card.code','value':'none'}]}]}"))
                .expect(422)
                .body();
        assertThat(refused.path("count").asInt()).isEqualTo(3);
        assertThat(refused.path("violations").findValuesAsText("constraint"))
                .containsExactlyInAnyOrder(
                        "com.acme.card.level.range", "com.acme.card.code.length", "com.acme.card.code.form");
        assertThat(violation(refused, "com.acme.card.level.range"))
                .hasToString(quoted("{'code':'range','constraint':'com.acme.card.level.range','object':'#card',"
                        + "'attribute':'com.acme.card.level','location':'north','value':12,"
                        + "'message':'A level is 1 to 9.'}"));

        for (var code : List.of("A", "BB", "CCC")) {
            operator.post(
                            CATALOG + "/writes",
                            quoted("{'operations':[{'op':'put','object':'card-" + code
                                    + "','create':true,'type':'com.acme.card','set':["
                                    + "{'attribute':'com.acme.card.code','value':'" + code + "'}]}]}"))
                    .expect(200);
        }
        var longer = "{'name':'com.acme.card.code.longer','definition':'com.acme.card.code','kind':'length','min':3}";
        var late = operator.post(CATALOG + "/constraints", quoted(longer))
                .expect(422)
                .body();
        assertThat(late.path("count").asInt()).isEqualTo(2);
        assertThat(late.path("violations").findValuesAsText("object")).containsExactlyInAnyOrder("card-A", "card-BB");
        post(operator, "/constraints", longer.replace("}", ",'fromNowOn':true}"));
        assertThat(operator.get(CATALOG + "/constraints/com.acme.card.code.longer")
                        .expect(200)
                        .body()
                        .path("fromNowOn")
                        .asBoolean())
                .isTrue();
        assertThat(hq.stop()).isZero();
    }

    private static void post(Caller caller, String what, String body) throws Exception {
        caller.post(CATALOG + what, quoted(body)).expect(200);
    }

    private static JsonNode violation(JsonNode refused, String constraint) {
        for (var violation : refused.path("violations")) {
            if (violation.path("constraint").asText().equals(constraint)) {
                return violation;
            }
        }
        throw new AssertionError("no violation of " + constraint + " in " + refused);
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
