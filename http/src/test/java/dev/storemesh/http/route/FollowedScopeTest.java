package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.CatalogPort.Snapshot;
import dev.storemesh.protocol.catalog.CatalogPort.SnapshotQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Dropped;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.VersionedObject.Life;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Followers and stores of one location.
class FollowedScopeTest extends WithApi {
    private static final String CATALOG = "/api/v1/catalogs/demo";
    private static final Version V7 = new Version(7);
    private static final HistoryId HISTORY = new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H");
    private static final ChainHash CHAIN = new ChainHash("a".repeat(64));
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final TypeName ITEM = new TypeName("retail.item");
    private static final LocationId HERE = new LocationId("store-1");

    private static Attribute price(Optional<String> location) {
        return new Attribute(
                new DefinitionName("retail.item.price"), location.map(LocationId::new), new Value.Money(1, "USD"));
    }

    private static final List<Attribute> PRICES =
            List.of(price(Optional.empty()), price(Optional.of("store-1")), price(Optional.of("store-2")));

    private static List<Row> rows() {
        return PRICES.stream().map(attribute -> new Row(attribute, V7)).toList();
    }

    private void thereIsALog() {
        var entry = new LogEntry(
                V7,
                Instant.EPOCH,
                Provenance.of("editor"),
                CHAIN,
                false,
                List.of(new ObjectChange(TEA, ITEM, false, PRICES, List.of())));
        ports.log = new Reading.Found<>(V7, new LogSlice(HISTORY, List.of(entry), false));
    }

    @Test
    void theLogOfALocationLeavesOutWhatIsElsewhereAndSaysWhatItIsOf() {
        thereIsALog();
        var seen = get("link", CATALOG + "/log?after=6&location=store-1");
        assertThat(seen.outcome()).isEqualTo("200");
        assertThat(seen.body().path("scope").path("location").asText()).isEqualTo("store-1");
        var entry = seen.body().path("entries").path(0);
        assertThat(entry.path("changes").path(0).path("set")).hasSize(2);
        assertThat(entry.path("chain").asText()).isEqualTo(CHAIN.hex());
        assertThat(ports.asked)
                .endsWith(new LogQuery(
                        LogPlace.of(new Version(6)), 100, Duration.ZERO, Optional.empty(), Optional.of(HERE)));
        var all = get("link", CATALOG + "/log?after=6");
        assertThat(all.body().has("scope")).isFalse();
        assertThat(all.body().path("entries").path(0).path("changes").path(0).path("set"))
                .hasSize(3);
    }

    @Test
    void theStateOfALocationLeavesOutWhatIsElsewhereAndSaysWhatItIsOf() {
        var object = new LoadedObject(
                TEA, ITEM, List.of(new Life(V7, Optional.empty())), rows(), List.of(), Dropped.NOTHING);
        ports.snapshot = new Reading.Found<>(
                V7, new Snapshot(HISTORY, Optional.of(new Floor(V7, CHAIN, Instant.EPOCH)), List.of(object), false));
        var seen = get("link", CATALOG + "/snapshot?location=store-1");
        assertThat(seen.body().path("scope").path("location").asText()).isEqualTo("store-1");
        assertThat(seen.body().path("objects").path(0).path("rows")).hasSize(2);
        assertThat(ports.asked).endsWith(new SnapshotQuery(Optional.empty(), Optional.empty(), 100, Optional.of(HERE)));
        var all = get("link", CATALOG + "/snapshot");
        assertThat(all.body().has("scope")).isFalse();
        assertThat(all.body().path("objects").path(0).path("rows")).hasSize(3);
    }

    @Test
    void theDigestOfALocationIsOfWhatIsGlobalOrThere() {
        ports.slice = new Reading.Found<>(V7, new Slice(List.of(new ObjectView.Live(TEA, ITEM, V7, rows())), false));
        var digest = get("link", CATALOG + "/digest?buckets=1&location=store-1").body();
        assertThat(digest.path("scope").path("location").asText()).isEqualTo("store-1");
        assertThat(digest.path("digests").findValuesAsText("location")).containsExactly("store-1");
        assertThat(get("link", CATALOG + "/digest?buckets=1")
                        .body()
                        .path("digests")
                        .findValuesAsText("location"))
                .containsExactly("store-1", "store-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/log?after=6", "/snapshot?limit=1"})
    void aLinkAsksForItsOwnLocationOrForAllAndForNoOther(String path) {
        thereIsALog();
        ports.snapshot = new Reading.NotYet<>(V7);
        assertThat(get("link", CATALOG + path + "&location=store-2").outcome()).isEqualTo("403 forbidden");
        assertThat(ports.asked).isEmpty();
        get("link", CATALOG + path + "&location=store-1");
        get("link", CATALOG + path);
        get("reader", CATALOG + path + "&location=store-2");
        assertThat(ports.asked).hasSize(6);
    }

    @Test
    void aSearchIsOfTheWholeLog() {
        assertThat(get("reader", CATALOG + "/log?caller=ann&location=store-1").named())
                .isEqualTo("400 invalid_parameter location");
    }

    @Test
    void aCatalogSaysWhatTheSiteHoldsOfIt() {
        var head = new CatalogHead(
                Ports.DEMO,
                HISTORY,
                V7,
                CHAIN,
                1,
                true,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(HERE));
        ports.head = new Reading.Found<>(V7, head);
        assertThat(get("reader", CATALOG).body().path("scope").toString()).isEqualTo("{\"location\":\"store-1\"}");
    }

    @Test
    void whatIsOutOfScopeIsAProblemThatSaysWhoCanTell() {
        ports.object = new Reading.OutOfScope<>(V7, HERE);
        var refused = get("reader", CATALOG + "/objects/tea?location=store-2");
        assertThat(refused.outcome()).isEqualTo("409 out_of_scope");
        assertThat(refused.body().path("detail").asText()).contains("store-1", "ask HQ");
        assertThat(refused.body().path("scope").path("location").asText()).isEqualTo("store-1");
        assertThat(refused.headers()).containsEntry("Storemesh-Version", "7");
        ports.log = new Reading.OutOfScope<>(V7, HERE);
        assertThat(get("reader", CATALOG + "/log").outcome()).isEqualTo("409 out_of_scope");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/overrides",
                "/overrides?location=store-2",
                "/objects/tea/overrides",
                "/missing?location=store-2",
                "/digest",
                "/digest?location=store-2"
            })
    void whereStoresDifferAStoreOfOneLocationCannotTell(String path) {
        ports.held = Optional.of(HERE);
        assertThat(get("reader", CATALOG + path).outcome()).isEqualTo("409 out_of_scope");
    }

    @Test
    void overridesOfAllStoresAreNotEndedByOneThatKnowsItsOwn() {
        ports.held = Optional.of(HERE);
        assertThat(post("editor", CATALOG + "/overrides/clear", "{\"attribute\":\"retail.item.price\"}")
                        .outcome())
                .isEqualTo("409 out_of_scope");
        assertThat(post(
                                "editor",
                                CATALOG + "/overrides/set-everywhere",
                                "{\"object\":\"tea\",\"attribute\":\"retail.item.price\",\"values\":[1]}")
                        .outcome())
                .isEqualTo("409 out_of_scope");
    }
}
