package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogRoutesTest extends WithApi {
    private static final Version V7 = new Version(7);
    private static final String WRITES = "/api/v1/catalogs/demo/writes";
    private static final String TEA =
            "{'operations':[{'op':'put','object':'#tea','type':'retail.item','set':[{'attribute':'retail.item.name','value':'Tea'}]}],'reason':'new'}";
    private static final Map<String, String> ACTING = Map.of("Storemesh-Acting-For", "ada@example.com");
    private static final CatalogHead HEAD = new CatalogHead(
            Ports.DEMO, new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H"), V7, new ChainHash("0".repeat(64)), 3, true);

    private void answers(Answer answer) {
        ports.answer = CompletableFuture.completedStage(answer);
    }

    @Test
    void makesACatalogOnce() {
        ports.head = new Reading.Found<>(V7, HEAD);
        answers(new Answer.Created(V7, true));
        var made = send("operator", "PUT", "/api/v1/catalogs/demo", "");
        assertThat(made.outcome()).isEqualTo("201");
        assertThat(made.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(made.body().path("visible").asLong()).isEqualTo(7);
        answers(new Answer.Created(V7, false));
        assertThat(send("operator", "PUT", "/api/v1/catalogs/demo", "{}").outcome())
                .isEqualTo("200");
    }

    @Test
    void onlyOperatorsMakeCatalogsAndOnlyAtHq() {
        assertThat(send("editor", "PUT", "/api/v1/catalogs/demo", "").outcome()).isEqualTo("403 forbidden");
        assertThat(send("operator", "PUT", "/api/v1/catalogs/demo", "{'x':1}").named())
                .isEqualTo("400 unknown_field /x");
        assertThat(send("operator", "PUT", "/api/v1/catalogs/Demo", "").named())
                .isEqualTo("400 invalid_parameter catalog");
        assertThat(ports.asked).isEmpty();
        answers(Answer.refuse(new Refusal.HqOnly()));
        assertThat(send("operator", "PUT", "/api/v1/catalogs/demo", "").outcome())
                .isEqualTo("409 hq_only");
    }

    @Test
    void saysHowFarACatalogIs() {
        assertThat(get("reader", "/api/v1/catalogs/demo").outcome()).isEqualTo("404 unknown_catalog");
        ports.head = new Reading.Found<>(V7, HEAD);
        var seen = get("reader", "/api/v1/catalogs/demo");
        assertThat(seen.body().path("objects").asLong()).isEqualTo(3);
        assertThat(seen.body().path("followed").asBoolean()).isTrue();
    }

    @Test
    void anotherMerchantsCatalogIsUnknownAndNotAsked() {
        assertThat(get("reader", "/api/v1/catalogs/other").outcome()).isEqualTo("404 unknown_catalog");
        assertThat(post("editor", "/api/v1/catalogs/other/writes", TEA).outcome())
                .isEqualTo("404 unknown_catalog");
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void writesAndSaysWhichVersion() {
        answers(new Answer.Accepted(V7, Map.of("#tea", new ObjectToken("01TEA")), false));
        var written = send("editor", "POST", WRITES, TEA, Map.of("Idempotency-Key", "k1"));
        assertThat(written.outcome()).isEqualTo("200");
        assertThat(written.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(written.body()).hasToString("{\"version\":7,\"objects\":{\"#tea\":\"01TEA\"}}");
        var write = (Write) ports.asked.getLast();
        assertThat(write.provenance().caller()).isEqualTo("editor");
        assertThat(write.provenance().reason()).contains("new");
        assertThat(write.provenance().key()).contains("k1");
        assertThat(write.digest()).hasSize(64);
        answers(new Answer.Accepted(V7, Map.of(), true));
        assertThat(post("editor", WRITES, TEA).body().path("replayed").asBoolean())
                .isTrue();
    }

    @Test
    void anAppWritesInItsNameAndSaysForWhom() {
        answers(new Answer.Accepted(V7, Map.of(), false));
        post("loyalty", WRITES, TEA);
        send("loyalty", "POST", WRITES, TEA, Map.of("Storemesh-Acting-For", "Zoë"));
        var written = ports.asked.stream()
                .flatMap(asked -> asked instanceof Write write ? Stream.of(write.provenance()) : Stream.empty())
                .toList();
        assertThat(written)
                .containsExactly(
                        Provenance.of("loyalty")
                                .withReason(Optional.of("new"))
                                .withApp("com.acme.loyalty", Optional.empty()),
                        Provenance.of("loyalty")
                                .withReason(Optional.of("new"))
                                .withApp("com.acme.loyalty", Optional.of("Zoë")));
    }

    @Test
    void onlyAnAppActsForSomebody() {
        for (var token : List.of("operator", "editor", "link")) {
            var method = token.equals("link") ? "GET" : "POST";
            var path = token.equals("link") ? "/api/v1/catalogs/demo" : WRITES;
            assertThat(send(token, method, path, token.equals("link") ? "" : TEA, ACTING)
                            .named())
                    .isEqualTo("400 invalid_header Storemesh-Acting-For");
        }
        assertThat(send("", "GET", "/health/live", "", ACTING).named())
                .isEqualTo("400 invalid_header Storemesh-Acting-For");
        assertThat(ports.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0001b", "a\u007f", "LONG"})
    void aPersonIsNamedOnOneLine(String person) {
        var named = person.equals("LONG") ? "x".repeat(201) : person;
        assertThat(send("loyalty", "POST", WRITES, TEA, Map.of("Storemesh-Acting-For", named))
                        .named())
                .isEqualTo("400 invalid_header Storemesh-Acting-For");
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void theSameBodyIsTheSameHoweverItIsWritten() {
        answers(new Answer.Accepted(V7, Map.of(), false));
        post("operator", WRITES, "{'operations':[{'op':'delete','object':'a'}],'reason':'x'}");
        post("operator", WRITES, "{ 'reason': 'x', 'operations': [ {'object':'a', 'op':'delete'} ] }");
        post("operator", WRITES, "{'operations':[{'op':'delete','object':'b'}],'reason':'x'}");
        var digests = ports.asked.stream()
                .flatMap(asked -> asked instanceof Write write ? Stream.of(write.digest()) : Stream.empty())
                .toList();
        assertThat(digests).hasSize(3);
        assertThat(digests.get(1)).isEqualTo(digests.get(0)).isNotEqualTo(digests.get(2));
    }

    @Test
    void atAStoreAWriteIsQueued() {
        var id = new RequestId("cr-01JNZ8Q4T3V9XK2M7B5D6F8G0H");
        answers(new Answer.Queued(id, Status.QUEUED, Map.of(), V7, false));
        var queued = post("editor", WRITES, TEA);
        assertThat(queued.outcome()).isEqualTo("202");
        assertThat(queued.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(queued.body().path("changeRequest").asText()).isEqualTo(id.text());
        assertThat(queued.headers()).doesNotContainKey("Storemesh-Local");

        answers(new Answer.Queued(id, Status.QUEUED, Map.of(), V7, false, Optional.of(4L))); // the store's own
        var own = post("editor", WRITES, TEA);
        assertThat(own.headers()).containsEntry("Storemesh-Local", "4");
        assertThat(own.body().path("local").asLong()).isEqualTo(4);
    }

    @Test
    void atAStoreWhoWaitsIsToldWhatHqDecided() {
        var id = new RequestId("cr-01JNZ8Q4T3V9XK2M7B5D6F8G0H");
        answers(new Answer.Settled(id, Status.REJECTED, Map.of("#tea", new ObjectToken("01J")), V7, true));
        var settled = send("editor", "POST", WRITES, TEA, Map.of("Prefer", "wait=9"));
        assertThat(settled.outcome()).isEqualTo("200");
        assertThat(settled.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(settled.headers()).containsEntry("Preference-Applied", "wait=9");
        assertThat(settled.body())
                .hasToString("{\"version\":7,\"objects\":{\"#tea\":\"01J\"},\"changeRequest\":\"" + id
                        + "\",\"status\":\"rejected\",\"replayed\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'operation':[]}|400 missing_field /operations",
                "{'operations':[]}|400 invalid_value /operations",
                "{'operations':{}}|400 invalid_value /operations",
                "{'operations':'x'}|400 invalid_value /operations",
                "{'operations':[1]}|400 invalid_value /operations/0",
                "{'operations':[{'op':'put'}]}|400 missing_field /operations/0/object",
                "{'operations':[{'op':'drop','object':'a'}]}|400 invalid_value /operations/0/op",
                "{'operations':[{'op':'delete','object':'a b'}]}|400 invalid_value /operations/0/object",
                "{'operations':[{'op':'delete','object':'a','x':1}]}|400 unknown_field /operations/0/x",
                "{'operations':[{'op':'put','object':'a','type':'Item'}]}|400 invalid_value /operations/0/type",
                "{'operations':[{'op':'put','object':'a','create':'yes'}]}|400 invalid_value /operations/0/create",
                "{'operations':[{'op':'put','object':'a','set':[{'attribute':'a.b'}]}]}|400 missing_field /operations/0/set/0/value",
                "{'operations':[{'op':'put','object':'a','set':[{'attribute':'a.b','value':null}]}]}|400 invalid_value /operations/0/set/0/value",
                "{'operations':[{'op':'put','object':'a','set':[{'attribute':'a.b','value':1.5}]}]}|400 invalid_value /operations/0/set/0/value",
                "{'operations':[{'op':'put','object':'a','set':[{'attribute':'a.b','value':{'amount':1}}]}]}|400 missing_field /operations/0/set/0/value/currency",
                "{'operations':[{'op':'delete','object':'a'}],'reason':7}|400 invalid_value /reason",
                "{'operations':[{'op':'delete','object':'a'}],'ifVersion':-7}|400 invalid_value /ifVersion",
                "[]|400 invalid_value ",
                "{'operations':[|400 malformed_json ",
                "{'operations':1,'operations':2}|400 malformed_json "
            })
    void namesTheFieldThatIsWrongAndChangesNothing(String body, String expected) {
        assertThat(post("editor", WRITES, body).named().strip()).isEqualTo(expected.strip());
        assertThat(ports.asked).isEmpty();
    }

    private static Violation violation(Violation.Code code) {
        return Violation.of(code, "tea", "It is wrong.");
    }

    @Test
    void refusedWritesSayAllThatIsWrong() {
        answers(Answer.refuse(new Refusal.Violations(
                List.of(violation(Violation.Code.UNKNOWN_OBJECT), violation(Violation.Code.UNKNOWN_OBJECT)), 2)));
        assertThat(post("editor", WRITES, TEA).outcome()).isEqualTo("404 unknown_object");
        answers(Answer.refuse(new Refusal.Violations(List.of(violation(Violation.Code.OBJECT_EXISTS)), 1)));
        assertThat(post("editor", WRITES, TEA).outcome()).isEqualTo("409 object_exists");
        answers(Answer.refuse(new Refusal.Violations(
                List.of(violation(Violation.Code.UNKNOWN_OBJECT), violation(Violation.Code.WRONG_VALUE_TYPE)), 2)));
        var refused = post("editor", WRITES, TEA);
        assertThat(refused.outcome()).isEqualTo("422 violations");
        assertThat(refused.body().path("violations")).hasSize(2);
    }

    @Test
    void aRefusalSaysAtWhichVersionItWasJudged() {
        answers(Answer.refuse(new Refusal.KeyReused(), V7));
        assertThat(post("editor", WRITES, TEA).headers()).containsEntry("Storemesh-Version", "7");
        answers(Answer.refuse(new Refusal.UnknownCatalog()));
        assertThat(post("editor", WRITES, TEA).headers()).doesNotContainKey("Storemesh-Version");
    }

    @Test
    void aReasonIsNoBook() {
        answers(new Answer.Accepted(V7, Map.of(), false));
        var body = "{'operations':[{'op':'delete','object':'a'}],'reason':'%s'}";
        assertThat(post("editor", WRITES, body.formatted("x".repeat(4096))).outcome())
                .isEqualTo("200");
        var refused = post("editor", WRITES, body.formatted("x".repeat(4097)));
        assertThat(refused.outcome()).isEqualTo("400 invalid_value");
        assertThat(refused.body().path("field").asText()).isEqualTo("/reason");
    }

    @Test
    void everyViolationThereIsIsDocumented() {
        for (var code : Violation.Code.values()) {
            answers(Answer.refuse(new Refusal.Violations(List.of(violation(code)), 1)));
            assertThat(post("editor", WRITES, TEA)
                            .body()
                            .path("violations")
                            .get(0)
                            .path("code")
                            .asText())
                    .isEqualTo(code.wireName());
        }
    }

    @Test
    void otherRefusalsHaveTheirCodes() {
        answers(Answer.refuse(new Refusal.KeyReused()));
        assertThat(post("editor", WRITES, TEA).outcome()).isEqualTo("422 key_reused");
        answers(Answer.refuse(new Refusal.UnknownCatalog()));
        assertThat(post("editor", WRITES, TEA).outcome()).isEqualTo("404 unknown_catalog");
        answers(Answer.refuse(new Refusal.TooLarge("bytes", 64)));
        assertThat(post("editor", WRITES, TEA).body().path("limit").asInt()).isEqualTo(64);
        answers(new Answer.Busy("writes", 100));
        var busy = post("editor", WRITES, TEA);
        assertThat(busy.outcome()).isEqualTo("429 busy");
        assertThat(busy.body().path("limit").asInt()).isEqualTo(100);
        answers(new Answer.Unavailable("a partition is away"));
        assertThat(post("editor", WRITES, TEA).outcome()).isEqualTo("503 unavailable");
        ports.answer = CompletableFuture.failedStage(new IllegalStateException("ask timed out"));
        assertThat(post("editor", WRITES, TEA).body().path("detail").asText()).contains("may have been made");
    }

    @Test
    void readersDoNotWrite() {
        for (var token : List.of("reader", "approver", "link")) {
            assertThat(post(token, WRITES, TEA).outcome()).isEqualTo("403 forbidden");
        }
    }
}
