package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRoutesTest extends WithApi {
    private static final Version V7 = new Version(7);
    private static final String CATALOG = "/api/v1/catalogs/demo/";
    private static final String POINTS = "com.acme.points";

    @BeforeEach
    void aCatalogWithSomeOfItsOwn() {
        ports.schema = new Reading.Found<>(
                V7,
                new SchemaView(List.of(
                        object("sys.1", SchemaKind.TYPE, text("name", "com.acme.coupon")),
                        object(
                                "sys.2",
                                SchemaKind.DEFINITION,
                                text("name", POINTS),
                                text("valueType", "integer"),
                                text("description", "Per item")),
                        object(
                                "sys.3",
                                SchemaKind.CONSTRAINT,
                                text("name", "com.acme.points.oneOf"),
                                text("kind", "one_of"),
                                text("definition", POINTS),
                                text("value", "1"),
                                text("value", "2")),
                        object("sys.4", SchemaKind.LOCATION, text("id", "store-1"), text("kind", "store")),
                        object("sys.5", SchemaKind.APP, text("name", "com.acme"), version(3)))));
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(new Version(8), Map.of(), false));
    }

    private record Field(String name, Value value) {}

    private static Field text(String name, String text) {
        return new Field(name, new Value.Text(text));
    }

    private static Field version(long number) {
        return new Field("version", new Value.Whole(number));
    }

    private static ObjectView.Live object(String token, SchemaKind kind, Field... fields) {
        return new ObjectView.Live(
                new ObjectToken(token),
                kind.type(),
                V7,
                Stream.of(fields)
                        .map(field -> new Row(
                                new Attribute(
                                        StandardSchema.name(kind.type(), field.name()),
                                        Optional.empty(),
                                        field.value()),
                                V7))
                        .toList());
    }

    private String written() {
        return Json.text(WriteJson.write(((Write) ports.asked.getLast()).operations()));
    }

    private static String json(String text) {
        return text.replace('\'', '"').replaceAll("\\n\\s*", "");
    }

    // Reads

    @Test
    void listsOwnAndStandardOnesByName() {
        var answer = get("reader", CATALOG + "definitions");
        assertThat(answer.outcome()).isEqualTo("200");
        assertThat(answer.headers()).containsEntry("Storemesh-Version", "7");
        var names = answer.body().path("definitions").findValuesAsText("name");
        assertThat(names).contains(POINTS, "retail.item.price", "sys.enabled").isSorted();
        assertThat(answer.body().path("definitions").get(0).toString())
                .isEqualTo(json("{'name':'com.acme.points','description':'Per item','valueType':'integer',"
                        + "'object':'sys.2','version':7}"));
        assertThat(get("reader", CATALOG + "constraints")
                        .body()
                        .path("constraints")
                        .toString())
                .contains(json("{'name':'com.acme.points.oneOf','definition':'com.acme.points','kind':'one_of',"
                        + "'values':['1','2'],'object':'sys.3','version':7}"))
                .contains(json("'name':'retail.item.barcode.unique'"));
        assertThat(get("reader", CATALOG + "locations").body().path("locations").toString())
                .isEqualTo(json("[{'id':'store-1','kind':'store','object':'sys.4','version':7}]"));
    }

    @Test
    void listsLocationsOfAGroupOrOfAStore() {
        ports.schema = new Reading.Found<>(
                V7,
                new SchemaView(List.of(
                        location("sys.1", "store-1", text("group", "north")),
                        location("sys.2", "store-2", text("group", "north"), text("store", "store-1")),
                        location("sys.3", "web", text("store", "store-1")),
                        location("sys.4", "store-4"))));
        assertThat(locations("?group=north")).containsExactly("store-1", "store-2");
        assertThat(locations("?store=store-1")).containsExactly("store-1", "store-2", "web");
        assertThat(locations("?store=store-1&group=north")).containsExactly("store-1", "store-2");
        assertThat(locations("?store=store-2")).isEmpty();
        assertThat(locations("?store=store-4")).containsExactly("store-4");
        assertThat(get("reader", CATALOG + "locations?group=North").named()).isEqualTo("400 unknown_group group");
        assertThat(get("reader", CATALOG + "locations?store=Store").named()).isEqualTo("400 invalid_parameter store");
        assertThat(get("reader", CATALOG + "types?group=north").named()).isEqualTo("400 unknown_parameter group");
    }

    private static ObjectView.Live location(String token, String id, Field... fields) {
        return object(
                token,
                SchemaKind.LOCATION,
                Stream.concat(Stream.of(text("id", id), text("kind", "store")), Stream.of(fields))
                        .toArray(Field[]::new));
    }

    private List<String> locations(String query) {
        return get("reader", CATALOG + "locations" + query)
                .body()
                .path("locations")
                .findValuesAsText("id");
    }

    @Test
    void showsOneAtAVersion() {
        assertThat(get("reader", CATALOG + "types/com.acme.coupon?version=7")
                        .body()
                        .toString())
                .isEqualTo(json("{'name':'com.acme.coupon','object':'sys.1','version':7}"));
        assertThat(ports.asked).contains(Optional.of(V7));
        assertThat(get("reader", CATALOG + "types/retail.item")
                        .body()
                        .path("standard")
                        .asBoolean())
                .isTrue();
        assertThat(get("reader", CATALOG + "definitions/retail.item.price")
                        .body()
                        .toString())
                .isEqualTo(json("{'name':'retail.item.price','type':'retail.item','valueType':'money',"
                        + "'variesByLocation':true,'standard':true}"));
        assertThat(get("reader", CATALOG + "types/com.acme.Coupon").outcome()).isEqualTo("404 unknown_type");
        assertThat(get("reader", CATALOG + "locations/store-2").outcome()).isEqualTo("404 unknown_location");
    }

    @ParameterizedTest
    @ValueSource(strings = {"types", "types/com.acme.coupon", "apps"})
    void readsSayWhenThereIsNoCatalogOrNoSuchVersion(String path) {
        ports.schema = new Reading.NoCatalog<>();
        assertThat(get("reader", CATALOG + path).outcome()).isEqualTo("404 unknown_catalog");
        ports.schema = new Reading.NotYet<>(V7);
        assertThat(get("reader", CATALOG + path + "?version=9").named()).isEqualTo("400 invalid_parameter version");
    }

    // Writes

    @Test
    void makesWhatIsNotThere() {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(
                new Version(8), Map.of("#constraint.com.acme.points.range", new ObjectToken("sys.9")), false));
        var body =
                "{'name':'com.acme.points.range','definition':'com.acme.points','kind':'range','min':-1.50,'max':'20','fromNowOn':true,'reason':'why'}";
        var answer = post("editor", CATALOG + "constraints", body);
        assertThat(written()).isEqualTo(json("""
                [{'op':'put','object':'#constraint.com.acme.points.range','type':'sys.constraint','set':[
                {'attribute':'sys.constraint.definition','value':'com.acme.points'},
                {'attribute':'sys.constraint.fromNowOn','value':true},
                {'attribute':'sys.constraint.kind','value':'range'},
                {'attribute':'sys.constraint.max','value':'20'},
                {'attribute':'sys.constraint.min','value':'-1.5'},
                {'attribute':'sys.constraint.name','value':'com.acme.points.range'}]}]"""));
        assertThat(((Write) ports.asked.getLast()).provenance().reason()).contains("why");
        assertThat(answer.headers()).containsEntry("Storemesh-Version", "8");
        assertThat(answer.body().toString()).isEqualTo(json("""
                {'version':8,'objects':{'#constraint.com.acme.points.range':'sys.9'},
                'constraint':{'name':'com.acme.points.range','definition':'com.acme.points','fromNowOn':true,
                'kind':'range','max':'20','min':'-1.5','object':'sys.9'}}"""));
    }

    @Test
    void anAppSaysNothingOfWhoDecides() {
        var rule = "{'name':'com.acme.loyalty.x','kind':'%s','definition':'com.acme.points'%s}";
        assertThat(send("program", "POST", CATALOG + "constraints", rule.formatted("authority", ",'authority':'store'"))
                        .outcome())
                .isEqualTo("403 forbidden");
        assertThat(send("program", "POST", CATALOG + "constraints", rule.formatted("required", ""))
                        .outcome())
                .isNotEqualTo("403 forbidden");
        assertThat(send("editor", "POST", CATALOG + "constraints", rule.formatted("authority", ",'authority':'store'"))
                        .outcome())
                .isNotEqualTo("403 forbidden");
    }

    @Test
    void putSetsWhatIsThereAndEndsWhatIsNot() {
        var answer = send(
                "editor",
                "PUT",
                CATALOG + "constraints/com.acme.points.oneOf",
                "{'kind':'one_of','definition':'com.acme.points','values':[1,'2',true],'ifVersion':7}");
        assertThat(answer.body().path("constraint").path("object").asText()).isEqualTo("sys.3");
        assertThat(written())
                .contains(json("'object':'sys.3','set'"))
                .contains(json("{'attribute':'sys.constraint.value','value':'true'}"))
                .contains(
                        json(
                                "'unset':[{'attribute':'sys.constraint.authority'},{'attribute':'sys.constraint.fromNowOn'},{'attribute':'sys.constraint.group'}"))
                .contains(json("{'attribute':'sys.constraint.value'}]"))
                .endsWith(json("'ifVersion':7}]"))
                .doesNotContain("sys.constraint.name");
    }

    @Test
    void postAddsAndLeavesTheRest() {
        post("editor", CATALOG + "definitions", "{'name':'com.acme.points','description':'Each'}");
        assertThat(written())
                .isEqualTo(json("[{'op':'put','object':'sys.2','set':[{'attribute':'sys.definition.description',"
                        + "'value':'Each'}]}]"));
    }

    @Test
    void deletesWhatIsThere() {
        send("editor", "DELETE", CATALOG + "locations/store-1", "{'ifVersion':3,'reason':'closed'}");
        assertThat(written()).isEqualTo(json("[{'op':'delete','object':'sys.4','ifVersion':3}]"));
        assertThat(send("editor", "DELETE", CATALOG + "locations/store-9", "").outcome())
                .isEqualTo("404 unknown_location");
        var standard = send("editor", "DELETE", CATALOG + "types/retail.item", "");
        assertThat(standard.outcome()).isEqualTo("422 violations");
        assertThat(standard.body().at("/violations/0/code").asText()).isEqualTo("standard_name");
    }

    @Test
    void aRepeatedDeleteIsAnsweredAsTheFirstWas() {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(V7, Map.of(), true));
        var key = Map.of("Idempotency-Key", "k1");
        var again = send("editor", "DELETE", CATALOG + "types/com.acme.gone", "", key);
        assertThat(again.body().path("replayed").asBoolean()).isTrue();
        ports.answer = CompletableFuture.completedStage(Answer.refuse(new Refusal.Violations(
                List.of(Violation.of(Violation.Code.UNKNOWN_OBJECT, "#nothing", "It names nothing.")), 1)));
        assertThat(send("editor", "DELETE", CATALOG + "types/com.acme.gone", "", key)
                        .outcome())
                .isEqualTo("404 unknown_type");
        ports.answer = CompletableFuture.completedStage(Answer.refuse(new Refusal.KeyReused()));
        assertThat(send("editor", "DELETE", CATALOG + "types/com.acme.gone", "", key)
                        .outcome())
                .isEqualTo("422 key_reused");
    }

    @Test
    void oneBodyAtTwoPathsIsNotTheSameRequest() {
        send("editor", "PUT", CATALOG + "types/com.acme.a", "{'description':'x'}");
        send("editor", "PUT", CATALOG + "types/com.acme.b", "{'description':'x'}");
        send("editor", "PUT", CATALOG + "types/com.acme.b", "{ 'description' : 'x' }");
        var digests = ports.asked.stream()
                .flatMap(asked -> asked instanceof Write write ? Stream.of(write.digest()) : Stream.empty())
                .toList();
        assertThat(digests.get(0)).isNotEqualTo(digests.get(1));
        assertThat(digests.get(2)).isEqualTo(digests.get(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POST|types|{}|400 missing_field /name",
                "POST|types|{'name':'a.b','colour':1}|400 unknown_field /colour",
                "POST|types|{'name':7}|400 invalid_value /name",
                "PUT|types/a.b|{'name':'a.c'}|400 invalid_value /name",
                "POST|definitions|{'name':'a.b','variesByLocation':'yes'}|400 invalid_value /variesByLocation",
                "POST|definitions|{'name':'a.b','maxBytes':1.5}|400 invalid_value /maxBytes",
                "POST|constraints|{'name':'a.b','min':true}|400 invalid_value /min",
                "POST|constraints|{'name':'a.b','max':1e99}|400 invalid_value /max",
                "POST|constraints|{'name':'a.b','values':'x'}|400 invalid_value /values",
                "POST|constraints|{'name':'a.b','values':[{}]}|400 invalid_value /values",
                "POST|constraints|{'name':'a.b','ifVersion':-1}|400 invalid_value /ifVersion",
                "POST|locations|{'name':'x'}|400 missing_field /id",
                "DELETE|locations/store-1|{'why':1}|400 unknown_field /why",
                "POST|apps|{'app':'com.acme'}|400 missing_field /version",
                "POST|apps|{'app':'acme','version':1}|400 invalid_value /app",
                "POST|apps|{'app':'com.acme','version':0}|400 invalid_value /version",
                "POST|apps|{'app':'com.acme','version':1,'types':[{'name':'com.acmes.x'}]}|400 invalid_value /types/0/name",
                "POST|apps|{'app':'com.acme','version':1,'types':[{'name':'com.acme.x'},{'name':'com.acme.X'}]}|400 invalid_value /types/1/name",
                "POST|apps|{'app':'com.acme','version':1,'types':[{'name':'com.acme.x','reason':'y'}]}|400 unknown_field /types/0/reason",
                "DELETE|apps/acme||400 invalid_parameter app"
            })
    void namesTheFieldThatIsWrongAndWritesNothing(String method, String path, String body, String expected) {
        assertThat(send("editor", method, CATALOG + path, body == null ? "" : body)
                        .named())
                .isEqualTo(expected);
        assertThat(ports.asked).noneMatch(Write.class::isInstance);
    }

    @Test
    void onlyEditorsWriteAndOnlyAtHq() {
        for (var token : List.of("reader", "approver", "link")) {
            assertThat(post(token, CATALOG + "types", "{'name':'a.b'}").outcome())
                    .isEqualTo("403 forbidden");
        }
        ports.answer = CompletableFuture.completedStage(Answer.refuse(new Refusal.HqOnly(), V7));
        assertThat(post("editor", CATALOG + "types", "{'name':'a.b'}").outcome())
                .isEqualTo("409 hq_only");
        assertThat(send("editor", "PUT", CATALOG + "types/a.b", "{}").outcome()).isEqualTo("409 hq_only");
        assertThat(send("editor", "DELETE", CATALOG + "types/com.acme.coupon", "")
                        .outcome())
                .isEqualTo("409 hq_only");
        assertThat(post("editor", CATALOG + "apps", "{'app':'com.other','version':1}")
                        .outcome())
                .isEqualTo("409 hq_only");
    }

    @Test
    void theRulesOfWritesHold() {
        ports.answer = CompletableFuture.completedStage(Answer.refuse(new Refusal.Violations(
                List.of(Violation.of(Violation.Code.RANGE, "tea", "A price is positive.")), 4711)));
        var refused = post("editor", CATALOG + "constraints", "{'name':'a.b'}");
        assertThat(refused.outcome()).isEqualTo("422 violations");
        assertThat(refused.body().path("count").asInt()).isEqualTo(4711);
        ports.schema = new Reading.NoCatalog<>();
        assertThat(post("editor", CATALOG + "types", "{'name':'a.b'}").outcome())
                .isEqualTo("404 unknown_catalog");
    }

    // Apps

    @Test
    void installsAnAppByOneWriteAndSaysWhich() {
        ports.answer = CompletableFuture.completedStage(
                new Answer.Accepted(new Version(8), Map.of("#type.com.acme.card", new ObjectToken("sys.9")), false));
        var answer =
                post("editor", CATALOG + "apps", "{'app':'com.acme','version':4,'types':[{'name':'com.acme.card'}]}");
        assertThat(answer.body().path("app").toString()).isEqualTo(json("{'app':'com.acme','version':4}"));
        assertThat(written()).isEqualTo(json("""
                [{'op':'put','object':'sys.5','set':[{'attribute':'sys.app.version','value':4}],'ifVersion':7},
                {'op':'put','object':'#type.com.acme.card','type':'sys.type','set':[
                {'attribute':'sys.type.name','value':'com.acme.card'}],'ifVersion':7},
                {'op':'delete','object':'sys.1','ifVersion':7},
                {'op':'delete','object':'sys.2','ifVersion':7},
                {'op':'delete','object':'sys.3','ifVersion':7}]"""));
    }

    @Test
    void thePackageThatIsThereChangesNothing() {
        var same = """
                {'app':'com.acme','version':3,'types':[{'name':'com.acme.coupon'}],
                 'definitions':[{'name':'com.acme.points','valueType':'integer','description':'Per item'}],
                 'constraints':[{'name':'com.acme.points.oneOf','kind':'one_of','definition':'com.acme.points','values':['2','1']}]}""";
        var answer = post("editor", CATALOG + "apps", same);
        assertThat(answer.body().toString())
                .isEqualTo(json("{'version':7,'objects':{},'app':{'app':'com.acme','version':3}}"));
        assertThat(ports.asked).noneMatch(Write.class::isInstance);
    }

    @Test
    void anOlderPackageMustBeMeant() {
        var refused = post("editor", CATALOG + "apps", "{'app':'com.acme','version':2}");
        assertThat(refused.outcome()).isEqualTo("409 newer_installed");
        assertThat(refused.body().path("installed").asInt()).isEqualTo(3);
        assertThat(post("editor", CATALOG + "apps", "{'app':'com.acme','version':2,'downgrade':true}")
                        .outcome())
                .isEqualTo("200");
    }

    @Test
    void listsAndTakesAppsAway() {
        assertThat(get("reader", CATALOG + "apps").body().path("apps").toString())
                .isEqualTo(json("[{'app':'com.acme','version':3,'object':'sys.5','changed':7}]"));
        send("editor", "DELETE", CATALOG + "apps/com.acme", "");
        assertThat(written()).contains("sys.1", "sys.2", "sys.3", "sys.5").doesNotContain("sys.4");
        assertThat(send("editor", "DELETE", CATALOG + "apps/com.other", "").outcome())
                .isEqualTo("404 unknown_app");
    }

    @Test
    void anAppIsInstalledByItselfOrByPeople() {
        assertThat(post("loyalty", CATALOG + "apps", "{'app':'com.acme','version':4}")
                        .outcome())
                .isEqualTo("403 forbidden");
        assertThat(send("loyalty", "DELETE", CATALOG + "apps/com.acme", "").outcome())
                .isEqualTo("403 forbidden");
        assertThat(post("loyalty", CATALOG + "apps", "{'app':'com.acme.loyalty','version':1}")
                        .outcome())
                .isEqualTo("200");
    }

    @Test
    void oneAppDoesNotReachIntoTheNamespaceOfAnotherThatIsInstalled() {
        ports.schema = new Reading.Found<>(
                V7,
                new SchemaView(List.of(
                        object("sys.1", SchemaKind.TYPE, text("name", "com.acme.loyalty.card")),
                        object("sys.2", SchemaKind.APP, text("name", "com.acme.loyalty"), version(1)))));
        var refused = post(
                "editor", CATALOG + "apps", "{'app':'com.acme','version':1,'types':[{'name':'com.acme.loyalty.x'}]}");
        assertThat(refused.body().at("/violations/0/code").asText()).isEqualTo("namespace_owned");
        post("editor", CATALOG + "apps", "{'app':'com.acme','version':1}");
        assertThat(written()).doesNotContain("delete");
    }
}
