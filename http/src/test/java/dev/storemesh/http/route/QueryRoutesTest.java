package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.CatalogPort.QueryPage;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.query.Filter;
import dev.storemesh.protocol.query.Query;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.QueryAnswer.Count;
import dev.storemesh.protocol.query.QueryAnswer.Counts;
import dev.storemesh.protocol.query.Report;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryRoutesTest extends WithApi {
    private static final String CATALOG = "/api/v1/catalogs/demo";
    private static final String QUERY = CATALOG + "/query";
    private static final Version V7 = new Version(7);
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final DefinitionName NAME = new DefinitionName("retail.item.name");
    private static final DefinitionName BARCODE = new DefinitionName("retail.item.barcode");
    private static final ObjectView.Live LIVE = new ObjectView.Live(
            TEA,
            new TypeName("retail.item"),
            V7,
            List.of(new Row(new Attribute(NAME, Optional.empty(), new Value.Text("Tea")), V7)));

    private static QueryAnswer answer(boolean more) {
        return new QueryAnswer(List.of(LIVE), more, Optional.empty(), List.of());
    }

    private QueryPage asked() {
        return (QueryPage) ports.asked.getLast();
    }

    @Test
    void translatesTheQueryAndItsAnswer() {
        ports.queried = new Reading.Found<>(
                V7,
                new QueryAnswer(
                        List.of(LIVE),
                        false,
                        Optional.of(1L),
                        List.of(new Counts(NAME, List.of(new Count(new Value.Text("Tea"), 1)), true))));
        var seen = post(
                "reader",
                QUERY,
                "{'filter':{'type':'retail.item'},'version':7,'location':'store-1','total':true,"
                        + "'facets':[{'attribute':'retail.item.name','limit':1}]}");
        assertThat(seen.outcome()).isEqualTo("200");
        assertThat(seen.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(seen.body().path("objects").get(0).path("object").asText()).isEqualTo("tea");
        assertThat(seen.body().path("total").asLong()).isEqualTo(1);
        assertThat(seen.body().path("facets"))
                .hasToString("[{\"attribute\":\"retail.item.name\","
                        + "\"values\":[{\"value\":\"Tea\",\"count\":1}],\"more\":true}]");
        assertThat(asked())
                .isEqualTo(new QueryPage(
                        new Query(
                                new Filter.OfType(new TypeName("retail.item")),
                                List.of(),
                                100,
                                Optional.of(new LocationId("store-1")),
                                Optional.empty(),
                                List.of(new Query.Facet(NAME, 1)),
                                true),
                        Optional.of(V7),
                        Optional.empty()));
    }

    @Test
    void showsNeitherTotalNorFacetsUnasked() {
        ports.queried = new Reading.Found<>(V7, answer(false));
        var body = post("reader", QUERY, "{}").body();
        assertThat(body.properties()).extracting(java.util.Map.Entry::getKey).containsExactly("version", "objects");
    }

    @Test
    void pagesGoOnAtTheSameVersionWithTheSameBody() {
        ports.queried = new Reading.Found<>(V7, answer(true));
        var next = post("reader", QUERY, "{'filter':{'and':[]},'limit':1}")
                .body()
                .path("next")
                .asText();

        post("reader", QUERY, "{'page':'" + next + "','limit':5,'filter':{'and':[]}}");
        assertThat(asked().version()).contains(V7);
        assertThat(asked().after()).contains(TEA);
        assertThat(asked().query().limit()).isEqualTo(5);
        assertThat(post("reader", QUERY, "{'page':'" + next + "','version':7,'filter':{'and':[]}}")
                        .outcome())
                .isEqualTo("200");

        for (var other : List.of(
                "{'page':'" + next + "'}",
                "{'page':'" + next + "','filter':{'or':[]}}",
                "{'page':'" + next + "','filter':{'and':[]},'version':6}",
                "{'page':'" + next + "','filter':{'and':[]},'location':'store-1'}",
                "{'page':'" + next.substring(1) + "','filter':{'and':[]}}")) {
            assertThat(post("reader", QUERY, other).named()).as(other).isEqualTo("400 bad_page_token /page");
        }
    }

    @Test
    void atAStoreAllPagesAreOfOnePair() {
        ports.view = Optional.of(new LocalView(V7, 3));
        ports.queried = new Reading.Found<>(V7, answer(true));
        var first = post("reader", QUERY, "{}");
        assertThat(first.headers()).containsEntry("Storemesh-Local", "3");
        assertThat(first.body().path("local").asLong()).isEqualTo(3);
        ports.view = Optional.of(new LocalView(new Version(9), 5)); // meanwhile
        ports.asked.clear();
        var next = first.body().path("next").asText();
        assertThat(post("reader", QUERY, "{'page':'" + next + "','version':7,'local':3}")
                        .headers())
                .containsEntry("Storemesh-Local", "3");
        assertThat(ports.asked).contains(Terms.NONE.over(Optional.of(3L)));
        assertThat(asked().version()).contains(V7);
        assertThat(post("reader", QUERY, "{'page':'" + next + "','local':2}").named())
                .isEqualTo("400 bad_page_token /page");
        assertThat(post("reader", QUERY, "{'local':2}").named()).isEqualTo("400 invalid_value /local");
        assertThat(post("reader", QUERY, "{'local':-1}").named()).isEqualTo("400 invalid_value /local");
        ports.reported = new Reading.Found<>(V7, new Report.Answer(Map.of()));
        assertThat(post("reader", QUERY, "{'group':'north','version':7,'local':1}")
                        .headers())
                .containsEntry("Storemesh-Local", "1");
        ports.view = Optional.empty();
        assertThat(post("reader", QUERY, "{'version':7,'local':0}").named()).isEqualTo("400 invalid_value /local");
    }

    @Test
    void queriesAreOfWhatIsPendingForWhoAsksForIt() {
        ports.view = Optional.of(new LocalView(V7, 3));
        ports.queried = new Reading.Found<>(V7, answer(true));
        var first = post("reader", QUERY, "{'pending':'include'}");
        assertThat(first.headers()).doesNotContainKey("Storemesh-Local");
        assertThat(ports.asked).contains(new Terms(Optional.empty(), Duration.ZERO, Optional.empty(), true));
        assertThat(asked().version()).isEmpty();
        ports.asked.clear();
        var next = first.body().path("next").asText();
        assertThat(post("reader", QUERY, "{'pending':'include','page':'" + next + "'}")
                        .outcome())
                .isEqualTo("200");
        assertThat(ports.asked).contains(new Terms(Optional.empty(), Duration.ZERO, Optional.empty(), true));
        assertThat(asked().version()).contains(V7);
        assertThat(post("reader", QUERY, "{'page':'" + next + "'}").named()).isEqualTo("400 bad_page_token /page");
        for (var bad : List.of("{'pending':'yes'}", "{'pending':'include','version':7}")) {
            assertThat(post("reader", QUERY, bad).named()).as(bad).isEqualTo("400 invalid_value /pending");
        }
        assertThat(post("reader", QUERY, "{'group':'north','pending':'include'}")
                        .named())
                .isEqualTo("400 unknown_field /pending");
        ports.view = Optional.empty();
        assertThat(post("reader", QUERY, "{'pending':'include'}").named()).isEqualTo("400 invalid_value /pending");
    }

    @Test
    void aTokenOfAnotherReadIsNoPageOfAQuery() {
        ports.slice =
                new Reading.Found<>(V7, new dev.storemesh.protocol.object.VersionedObjects.Slice(List.of(LIVE), true));
        var next = get("reader", CATALOG + "/objects").body().path("next").asText();
        assertThat(post("reader", QUERY, "{'page':'" + next + "'}").named()).isEqualTo("400 bad_page_token /page");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'where':{}} unknown_field /where",
                "{'filter':[]} invalid_value /filter",
                "{'version':-1} invalid_value /version",
                "{'version':'7'} invalid_value /version",
                "{'page':7} invalid_value /page"
            })
    void namesWhatIsNotOfTheForm(String example) {
        var parts = example.split(" ", -1);
        assertThat(post("reader", QUERY, parts[0]).named()).isEqualTo("400 " + parts[1] + " " + parts[2]);
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void listsAllThatMakesNoSense() {
        ports.queried = new Reading.Invalid<>(
                V7,
                List.of(
                        new Fault("/filter/type", Fault.Code.UNKNOWN_TYPE, "type: retail.ghost is not known here"),
                        new Fault("/facets", Fault.Code.TOO_MANY, "9 facets")));
        var seen = post("reader", QUERY, "{}");
        assertThat(seen.outcome()).isEqualTo("422 invalid_query");
        assertThat(seen.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(seen.body().path("errors"))
                .hasToString("[{\"pointer\":\"/filter/type\",\"code\":\"unknown_type\","
                        + "\"message\":\"type: retail.ghost is not known here\"},"
                        + "{\"pointer\":\"/facets\",\"code\":\"too_many\",\"message\":\"9 facets\"}]");
    }

    @Test
    void saysWhatAQueryMayCost() {
        ports.queried = new Reading.TooCostly<>(V7, "evaluations", 20_000_000);
        var seen = post("reader", QUERY, "{}");
        assertThat(seen.outcome()).isEqualTo("422 query_too_costly");
        assertThat(seen.body().path("limit").asLong()).isEqualTo(20_000_000);
    }

    @Test
    void aVersionThatIsNotThereYetIsNamed() {
        ports.queried = new Reading.NotYet<>(V7);
        assertThat(post("reader", QUERY, "{'version':8}").named()).isEqualTo("400 invalid_value /version");
        ports.queried = new Reading.NoCatalog<>();
        assertThat(post("reader", QUERY, "{}").outcome()).isEqualTo("404 unknown_catalog");
    }

    @Test
    void translatesAReportAndItsAnswer() {
        ports.reported = new Reading.Found<>(
                V7,
                new Report.Answer(Map.of(
                        new LocationId("store-1"),
                        new Report.Counted(
                                Optional.of(2L),
                                List.of(new Counts(NAME, List.of(new Count(new Value.Text("Tea"), 2)), false))),
                        new LocationId("store-2"),
                        new Report.Counted(Optional.of(0L), List.of()))));
        var seen = post(
                "reader",
                QUERY,
                "{'group':'north','version':7,'total':true,'facets':[{'attribute':'retail.item.name','limit':1}]}");
        assertThat(seen.outcome()).isEqualTo("200");
        assertThat(seen.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(seen.body())
                .hasToString("{\"version\":7,\"locations\":[{\"location\":\"store-1\",\"total\":2,\"facets\":"
                        + "[{\"attribute\":\"retail.item.name\",\"values\":[{\"value\":\"Tea\",\"count\":2}]}]},"
                        + "{\"location\":\"store-2\",\"total\":0}]}");
        assertThat(ports.asked)
                .containsExactly(
                        Ports.DEMO,
                        new Report("north", Query.EVERYTHING, List.of(new Query.Facet(NAME, 1)), true),
                        Optional.of(V7));
    }

    @Test
    void aReportReadsAtAnInstant() {
        ports.versionAt = new Reading.Found<>(V7, new Version(3));
        ports.reported = new Reading.Found<>(V7, new Report.Answer(Map.of()));
        assertThat(post("reader", QUERY, "{'group':'north','at':'2026-03-01T09:30:00.000Z'}")
                        .outcome())
                .isEqualTo("200");
        assertThat(ports.asked).last().isEqualTo(Optional.of(new Version(3)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'group':7} invalid_value /group",
                "{'group':'north','location':'store-1'} invalid_value /location",
                "{'group':'north','page':'x'} invalid_value /page",
                "{'group':'north','where':{}} unknown_field /where",
                "{'group':'north','version':1,'at':'2026-03-01T09:30:00.000Z'} invalid_value /at"
            })
    void namesWhatIsNotOfTheFormOfAReport(String example) {
        var parts = example.split(" ", -1);
        assertThat(post("reader", QUERY, parts[0]).named()).isEqualTo("400 " + parts[1] + " " + parts[2]);
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void saysThatAGroupIsUnknownOrTheReportTooCostly() {
        ports.reported = new Reading.Invalid<>(V7, List.of(new Fault("/group", Fault.Code.UNKNOWN_GROUP, "none")));
        var seen = post("reader", QUERY, "{'group':'nowhere'}");
        assertThat(seen.outcome()).isEqualTo("422 invalid_query");
        assertThat(seen.body().path("errors"))
                .hasToString("[{\"pointer\":\"/group\",\"code\":\"unknown_group\",\"message\":\"none\"}]");
        ports.reported = new Reading.TooCostly<>(V7, "evaluations", 20_000);
        assertThat(post("reader", QUERY, "{'group':'north'}").outcome()).isEqualTo("422 query_too_costly");
        ports.reported = new Reading.NotYet<>(V7);
        assertThat(post("reader", QUERY, "{'group':'north','version':8}").named())
                .isEqualTo("400 invalid_value /version");
    }

    @Test
    void findsAnObjectByAUniqueValue() {
        ports.object = new Reading.Found<>(V7, LIVE);
        var seen = get("reader", CATALOG + "/objects/by/retail.item.barcode/a%2Fb%20c?version=7&location=store-1");
        assertThat(seen.outcome()).isEqualTo("200");
        assertThat(seen.body().path("object").asText()).isEqualTo("tea");
        assertThat(ports.asked)
                .containsExactly(
                        Ports.DEMO, BARCODE, "a/b c", Optional.of(V7), new Scope.At(new LocationId("store-1")));
    }

    @Test
    void whatNothingHasOrManyMayHaveIsRefused() {
        var target = CATALOG + "/objects/by/retail.item.name/Tea";
        ports.object = new Reading.Nothing<>(V7);
        assertThat(get("reader", target).outcome()).isEqualTo("404 unknown_object");
        ports.object =
                new Reading.Invalid<>(V7, List.of(new Fault("definition", Fault.Code.NOT_UNIQUE_ATTRIBUTE, "shared")));
        assertThat(get("reader", target).outcome()).isEqualTo("422 not_unique_attribute");
        ports.object = new Reading.Invalid<>(V7, List.of(new Fault("value", Fault.Code.WRONG_VALUE_TYPE, "no")));
        assertThat(get("reader", target).outcome()).isEqualTo("422 invalid_query");
        assertThat(get("reader", CATALOG + "/objects/by/name/Tea").named())
                .isEqualTo("400 invalid_parameter definition");
    }
}
