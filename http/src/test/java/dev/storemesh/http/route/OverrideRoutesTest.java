package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverrideRoutesTest extends WithApi {
    private static final String CATALOG = "/api/v1/catalogs/demo";
    private static final String LIST = CATALOG + "/overrides";
    private static final String CLEAR = LIST + "/clear";
    private static final String EVERYWHERE = LIST + "/set-everywhere";
    private static final TypeName ITEM = new TypeName("retail.item");
    private static final Version NOW = new Version(9);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @BeforeEach
    void aCatalogOfTwoStores() {
        var written = new Written(
                NOON, Provenance.of("ann").withStore(new StoreId("store-1")).withReason(Optional.of("a stain")));
        ports.history = new Reading.Found<>(
                NOW,
                new ObjectHistory(
                        new ObjectToken("tea"),
                        ITEM,
                        List.of(new ObjectHistory.Entry(
                                written, new ObjectHistory.Step(new Version(4), false, List.of(), List.of()))),
                        false));
        ports.schema = new Reading.Found<>(NOW, new SchemaView(List.of(location("store-1"), location("store-2"))));
        there(
                item("tea", price("", 350, 1), price("store-1", 375, 4)),
                item("milk", price("", 99, 1), price("store-1", 99, 4), price("store-2", 89, 4)),
                item("salt", price("", 50, 1)));
    }

    private static ObjectView.Live location(String id) {
        var rows = Stream.of(Map.entry("id", id), Map.entry("kind", "store"), Map.entry("store", id));
        return new ObjectView.Live(
                new ObjectToken("sys." + id),
                StandardSchema.LOCATION,
                NOW,
                rows.map(field -> new Row(
                                new Attribute(
                                        StandardSchema.name(StandardSchema.LOCATION, field.getKey()),
                                        Optional.empty(),
                                        new Value.Text(field.getValue())),
                                NOW))
                        .toList());
    }

    private static ObjectView.Live item(String token, Row... rows) {
        return new ObjectView.Live(new ObjectToken(token), ITEM, new Version(4), List.of(rows));
    }

    private static Row price(String location, long amount, long version) {
        return row("retail.item.price", location, new Value.Money(amount, "USD"), version);
    }

    private static Row row(String definition, String location, Value value, long version) {
        return new Row(
                new Attribute(
                        new DefinitionName(definition),
                        location.isEmpty() ? Optional.empty() : Optional.of(new LocationId(location)),
                        value),
                new Version(version));
    }

    /// Pages as the real port gives them.
    private void there(ObjectView.Live... objects) {
        ports.object = new Reading.Found<>(NOW, objects[0]);
        ports.pages = query -> {
            var rest = new ArrayList<ObjectView>(List.of(objects));
            query.after()
                    .ifPresent(last -> rest.subList(
                                    0,
                                    rest.stream()
                                                    .map(ObjectView::object)
                                                    .toList()
                                                    .indexOf(last)
                                            + 1)
                            .clear());
            return CompletableFuture.completedStage(new Reading.Found<>(
                    query.version().orElse(NOW),
                    new Slice(rest.subList(0, Math.min(rest.size(), query.limit())), rest.size() > query.limit())));
        };
    }

    private <T> T asked(Class<T> type) {
        return ports.asked.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void listsWhatDiffersWithWhoWroteItAndWhen() {
        var seen = get("reader", LIST);
        assertThat(seen.body().path("overrides").size()).isEqualTo(2);
        assertThat(seen.body().path("overrides").path(0).toString()).isEqualTo("""
                {"object":"tea","type":"retail.item","attribute":"retail.item.price","location":"store-1",\
                "values":[{"amount":375,"currency":"USD"}],"global":[{"amount":350,"currency":"USD"}],\
                "differs":true,"version":4,"at":"2026-03-01T12:00:00.000Z","caller":"ann","store":"store-1",\
                "reason":"a stain"}""");
        assertThat(seen.body().path("overrides").path(1).path("location").asText())
                .isEqualTo("store-2");
        assertThat(seen.headers()).containsEntry("Storemesh-Version", "9");
        assertThat(asked(HistoryQuery.class).after()).contains(new Version(3));
    }

    @Test
    void listsThoseThatRepeatTheGlobalValueWhenAskedTo() {
        assertThat(get("reader", LIST + "?all=true").body().path("overrides").size())
                .isEqualTo(3);
        assertThat(get("reader", LIST + "?all=perhaps").named()).isEqualTo("400 invalid_parameter all");
    }

    @Test
    void listsThoseOfOneLocationOrOneAttribute() {
        assertThat(get("reader", LIST + "?location=store-2")
                        .body()
                        .path("overrides")
                        .size())
                .isEqualTo(1);
        assertThat(get("reader", LIST + "?attribute=retail.item.name")
                        .body()
                        .path("overrides")
                        .size())
                .isZero();
    }

    @Test
    void pagesGoOnAfterAWholeObjectAtTheSameVersion() {
        var first = get("reader", LIST + "?limit=1").body();
        assertThat(first.path("overrides").size()).isEqualTo(1);
        var second = get("reader", LIST + "?limit=1&page=" + first.path("next").asText())
                .body();
        assertThat(asked(PageQuery.class).version()).contains(NOW);
        assertThat(second.path("overrides").path(0).path("object").asText()).isEqualTo("milk");
        var third = get("reader", LIST + "?limit=1&page=" + second.path("next").asText())
                .body();
        assertThat(third.path("overrides").size()).isZero();
        assertThat(third.has("next")).isFalse();
    }

    @Test
    void showsOneObjectWithTheGlobalAndTheStoresValuesSideBySide() {
        there(item(
                "tea",
                price("", 350, 1),
                price("store-1", 375, 4),
                row("sys.enabled", "store-2", new Value.Flag(false), 4)));
        var seen = get("reader", CATALOG + "/objects/tea/overrides").body();
        assertThat(seen.path("attributes").path(0).path("attribute").asText()).isEqualTo("retail.item.price");
        assertThat(seen.path("attributes").path(0).path("global").toString())
                .isEqualTo("[{\"amount\":350,\"currency\":\"USD\"}]");
        assertThat(seen.path("attributes").path(0).path("overrides").path(0).path("values"))
                .hasToString("[{\"amount\":375,\"currency\":\"USD\"}]");
        assertThat(seen.path("missingAt")).hasToString("[\"store-2\"]");
        ports.object = new Reading.Nothing<>(NOW);
        assertThat(get("reader", CATALOG + "/objects/tea/overrides").outcome()).isEqualTo("404 unknown_object");
    }

    @Test
    void listsWhatIsMissingAtAStore() {
        there(
                item("tea", price("", 350, 1), row("sys.enabled", "store-2", new Value.Flag(false), 4)),
                item("milk", price("", 99, 1)));
        assertThat(get("reader", CATALOG + "/missing?location=store-2").body().path("objects"))
                .hasToString("[{\"object\":\"tea\",\"type\":\"retail.item\"}]");
        assertThat(get("reader", CATALOG + "/missing?location=store-1").body().path("objects"))
                .isEmpty();
        assertThat(get("reader", CATALOG + "/missing").named()).isEqualTo("400 invalid_parameter location");
        assertThat(get("reader", CATALOG + "/missing?location=atlantis").named())
                .isEqualTo("400 invalid_parameter location");
    }

    @Test
    void clearingIsOneWriteThatSaysHowManyItEnded() {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(new Version(10), Map.of(), false));
        var seen = post("editor", CLEAR, "{'attribute':'retail.item.price','reason':'one price'}");
        assertThat(seen.body()).hasToString("{\"version\":10,\"objects\":{},\"ended\":3}");
        var write = asked(Write.class);
        assertThat(WriteJson.write(write.operations())).hasToString("""
                [{"op":"put","object":"tea","unset":[{"attribute":"retail.item.price","location":"store-1"}]},\
                {"op":"put","object":"milk","unset":[{"attribute":"retail.item.price","location":"store-1"},\
                {"attribute":"retail.item.price","location":"store-2"}]}]""");
        assertThat(write.provenance().reason()).contains("one price");
    }

    @Test
    void clearingMayBeAboutSomeObjectsOnly() {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(new Version(10), Map.of(), false));
        assertThat(post("editor", CLEAR, "{'objects':['tea']}")
                        .body()
                        .path("ended")
                        .asInt())
                .isEqualTo(1);
        assertThat(post("editor", CLEAR, "{'objects':['tea'],'type':'retail.vendor'}")
                        .body()
                        .path("ended")
                        .asInt())
                .isZero();
        ports.object = new Reading.Nothing<>(NOW);
        assertThat(post("editor", CLEAR, "{'objects':['tea']}").outcome()).isEqualTo("404 unknown_object");
    }

    @Test
    void nobodyClearsEverythingByMistake() {
        assertThat(post("editor", CLEAR, "{}").outcome()).isEqualTo("400 invalid_value");
        assertThat(post("editor", CLEAR, "{'type':'retail.item'}").outcome()).isEqualTo("400 invalid_value");
        assertThat(post("editor", CLEAR, "{'everything':true,'location':'store-1'}")
                        .outcome())
                .isEqualTo("400 unknown_field");
        assertThat(ports.asked).noneMatch(Write.class::isInstance);
    }

    @Test
    void whereNothingIsToBeClearedNothingIsWritten() {
        assertThat(post("editor", CLEAR, "{'attribute':'retail.item.name'}").body())
                .hasToString("{\"version\":9,\"ended\":0}");
        assertThat(ports.asked).noneMatch(Write.class::isInstance);
    }

    @Test
    void aRepeatedOneIsToldWhatTheFirstDid() {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(new Version(10), Map.of(), true));
        there(item("tea", price("", 350, 1)));
        ports.log = new Reading.Found<>(
                NOW,
                new LogSlice(
                        new HistoryId("0".repeat(26)),
                        List.of(new LogEntry(
                                new Version(10),
                                NOON,
                                Provenance.of("ann"),
                                new ChainHash("ab".repeat(32)),
                                false,
                                List.of(new ObjectChange(
                                        new ObjectToken("tea"),
                                        ITEM,
                                        false,
                                        List.of(),
                                        List.of(price("store-1", 375, 4), price("store-2", 380, 4)))))),
                        false));
        var seen = send("editor", "POST", CLEAR, "{'location':'store-1'}", Map.of("Idempotency-Key", "once"));
        assertThat(seen.body()).hasToString("{\"version\":10,\"objects\":{},\"replayed\":true,\"ended\":2}");
    }

    @Test
    void oneValueEverywhereIsOneWrite() {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(new Version(10), Map.of(), false));
        var body = "{'object':'tea','attribute':'retail.item.price','values':[{'amount':360,'currency':'USD'}]}";
        assertThat(post("editor", EVERYWHERE, body).body().path("ended").asInt())
                .isEqualTo(1);
        assertThat(asked(Write.class).operations()).hasSize(2);
        assertThat(post("editor", EVERYWHERE, "{'object':'tea','attribute':'retail.item.price'}")
                        .outcome())
                .isEqualTo("400 invalid_value");
        ports.object = new Reading.Nothing<>(NOW);
        assertThat(post("editor", EVERYWHERE, body).outcome()).isEqualTo("404 unknown_object");
    }

    @Test
    void aStoresStaffAsksForItsOwnStoreOnly() {
        ports.standing =
                new SitePort.Standing("store-1", SitePort.Kind.STORE, true, Optional.of(SitePort.LinkState.REACHABLE));
        assertThat(post("clerk", CLEAR, "{'location':'store-2'}").outcome()).isEqualTo("403 forbidden");
        assertThat(ports.asked).noneMatch(Write.class::isInstance);
        post("clerk", CLEAR, "{'attribute':'retail.item.price'}"); // of its own location
        assertThat(WriteJson.write(asked(Write.class).operations()).toString()).doesNotContain("store-2");
    }

    @Test
    void moreThanAWriteHoldsAreRefused() {
        there(Stream.iterate(1, number -> number + 1)
                .limit(10_001)
                .map(number -> item("i" + number, price("store-1", number, 4)))
                .toArray(ObjectView.Live[]::new));
        assertThat(post("editor", CLEAR, "{'location':'store-1'}").outcome()).isEqualTo("413 too_large");
    }

    @Test
    void readsThatFindNoCatalogSaySo() {
        ports.pages = query -> CompletableFuture.completedStage(new Reading.NoCatalog<>());
        ports.object = new Reading.NoCatalog<>();
        assertThat(get("reader", LIST).outcome()).isEqualTo("404 unknown_catalog");
        assertThat(get("reader", CATALOG + "/missing?location=store-1").outcome())
                .isEqualTo("404 unknown_catalog");
        assertThat(post("editor", CLEAR, "{'location':'store-1'}").outcome()).isEqualTo("404 unknown_catalog");
        assertThat(post("editor", CLEAR, "{'objects':['tea']}").outcome()).isEqualTo("404 unknown_catalog");
    }
}
