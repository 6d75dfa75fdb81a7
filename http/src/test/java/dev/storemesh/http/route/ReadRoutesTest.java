package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadRoutesTest extends WithApi {
    private static final String CATALOG = "/api/v1/catalogs/demo";
    private static final Version V7 = new Version(7);
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final TypeName ITEM = new TypeName("retail.item");
    private static final Attribute NAME =
            new Attribute(new DefinitionName("retail.item.name"), Optional.empty(), new Value.Text("Tea"));
    private static final ObjectView.Live LIVE = new ObjectView.Live(TEA, ITEM, V7, List.of(new Row(NAME, V7)));

    @Test
    void showsAnObjectAtTheVersionItWasReadAt() {
        ports.object = new Reading.Found<>(new Version(9), LIVE);
        var seen = get("reader", CATALOG + "/objects/tea?version=9&location=store-1");
        assertThat(seen.outcome()).isEqualTo("200");
        assertThat(seen.headers()).containsEntry("Storemesh-Version", "9");
        assertThat(seen.body().path("attributes").get(0).path("value").asText()).isEqualTo("Tea");
        assertThat(ports.asked)
                .containsExactly(Ports.DEMO, TEA, Optional.of(new Version(9)), new Scope.At(new LocationId("store-1")));
    }

    @Test
    void whatIsNotThereIsUnknown() {
        ports.object = new Reading.Nothing<>(V7);
        assertThat(get("reader", CATALOG + "/objects/tea").outcome()).isEqualTo("404 unknown_object");
        ports.object = new Reading.NoCatalog<>();
        assertThat(get("reader", CATALOG + "/objects/tea").outcome()).isEqualTo("404 unknown_catalog");
        ports.object = new Reading.NotYet<>(V7);
        assertThat(get("reader", CATALOG + "/objects/tea?version=8").named())
                .isEqualTo("400 invalid_parameter version");
    }

    @ParameterizedTest
    @CsvSource({
        "/objects/a%20b, token",
        "/objects/tea?version=-1, version",
        "/objects/tea?version=x, version",
        "/objects/tea?version=, version",
        "/objects/tea?version=99999999999999999999, version",
        "/objects/tea?location=a%20b, location",
        "/objects?limit=0, limit",
        "/objects?limit=1001, limit",
        "/objects?limit=+1, limit",
        "/objects?type=item, type",
        "/changes, since",
        "/changes?since=-1, since",
        "/changes?since=8&version=7, since",
        "/log?after=x, after",
        "/log?wait=31, wait",
        "/log?wait=1.5, wait",
        "/log?limit=1001, limit",
        "/log?chain=abc, chain"
    })
    void parametersThatMakeNoSenseAreNamed(String target, String field) {
        assertThat(get("reader", CATALOG + target).named()).isEqualTo("400 invalid_parameter " + field);
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void pagesGoOnWhereTheLastOneEndedAndStayAtItsVersion() {
        ports.slice = new Reading.Found<>(V7, new Slice(List.of(LIVE), true));
        var first = get("reader", CATALOG + "/objects?type=retail.item&limit=1");
        var query = (PageQuery) ports.asked.getLast();
        assertThat(query.version()).isEmpty();
        assertThat(query.limit()).isEqualTo(1);

        ports.slice = new Reading.Found<>(V7, new Slice(List.of(), false));
        var next = get(
                "reader", CATALOG + "/objects?page=" + first.body().path("next").asText());
        assertThat(next.body().has("next")).isFalse();
        query = (PageQuery) ports.asked.getLast();
        assertThat(query.version()).contains(V7);
        assertThat(query.after()).contains(TEA);
        assertThat(query.selection().type()).contains(ITEM);
        assertThat(query.limit()).isEqualTo(100);
    }

    @Test
    void aPageTokenHoldsItsParameters() {
        ports.slice = new Reading.Found<>(V7, new Slice(List.of(LIVE), true));
        var page = CATALOG + "/objects?page="
                + get("reader", CATALOG + "/objects?type=retail.item")
                        .body()
                        .path("next")
                        .asText();
        assertThat(get("reader", page + "&type=retail.item&version=7&limit=5").outcome())
                .isEqualTo("200");
        assertThat(get("reader", page + "&type=retail.department").named()).isEqualTo("400 invalid_parameter type");
        assertThat(get("reader", page + "&location=store-1").named()).isEqualTo("400 invalid_parameter location");
        assertThat(get("reader", page + "&version=6").named()).isEqualTo("400 invalid_parameter version");
    }

    private static Terms over(long local) {
        return Terms.NONE.over(Optional.of(local));
    }

    @Test
    void atAStoreAReadIsOfAPair() {
        ports.view = Optional.of(new LocalView(V7, 3));
        ports.object = new Reading.Found<>(V7, LIVE);
        var newest = get("reader", CATALOG + "/objects/tea");
        assertThat(newest.headers()).containsEntry("Storemesh-Version", "7").containsEntry("Storemesh-Local", "3");
        assertThat(ports.asked).startsWith(over(3), Ports.DEMO, TEA, Optional.of(V7));
        ports.asked.clear();
        assertThat(get("reader", CATALOG + "/objects/tea?version=5&local=2").headers())
                .containsEntry("Storemesh-Local", "2");
        assertThat(ports.asked).startsWith(over(2), Ports.DEMO, TEA, Optional.of(new Version(5)));
        ports.asked.clear();
        assertThat(get("reader", CATALOG + "/objects/tea?version=5").headers()).doesNotContainKey("Storemesh-Local");
        assertThat(ports.asked).startsWith(Ports.DEMO, TEA, Optional.of(new Version(5))); // what HQ knew
        ports.object = new Reading.Nothing<>(V7);
        assertThat(get("reader", CATALOG + "/objects/by/retail.item.barcode/1").headers())
                .containsEntry("Storemesh-Local", "3");
        assertThat(get("reader", CATALOG + "/objects/tea?local=2").named()).isEqualTo("400 invalid_parameter local");
        assertThat(get("reader", CATALOG + "/objects/tea?version=7&local=4").named())
                .isEqualTo("400 invalid_parameter local");
        assertThat(get("reader", CATALOG + "/changes?since=1&version=7&local=3").named())
                .isEqualTo("400 invalid_parameter local");
        assertThat(get("reader", CATALOG + "/changes?since=1&sinceLocal=4").named())
                .isEqualTo("400 invalid_parameter sinceLocal");
        ports.view = Optional.empty();
        assertThat(get("reader", CATALOG + "/objects/tea?version=7&local=0").named())
                .isEqualTo("400 invalid_parameter local");
    }

    private static final Terms PENDING = new Terms(Optional.empty(), Duration.ZERO, Optional.empty(), true);

    @Test
    void whatIsPendingIsShownToWhoAsksForIt() {
        ports.view = Optional.of(new LocalView(V7, 3));
        ports.object = new Reading.Found<>(V7, LIVE);
        for (var one : List.of("/objects/tea", "/objects/by/retail.item.barcode/1")) {
            ports.asked.clear();
            assertThat(get("reader", CATALOG + one + "?pending=include").headers())
                    .containsEntry("Storemesh-Version", "7")
                    .doesNotContainKey("Storemesh-Local");
            assertThat(ports.asked).startsWith(PENDING).contains(Optional.empty()); // the newest
            for (var bad : List.of("", "exclude", "Include", "include&version=7", "include&version=7&local=1")) {
                assertThat(get("reader", CATALOG + one + "?pending=" + bad).named())
                        .as(bad)
                        .isEqualTo("400 invalid_parameter pending");
            }
        }
        ports.slice = new Reading.Found<>(V7, new Slice(List.of(LIVE), true));
        var first = get("reader", CATALOG + "/objects?pending=include&limit=1");
        ports.asked.clear();
        var page = CATALOG + "/objects?page=" + first.body().path("next").asText();
        assertThat(get("reader", page).outcome()).isEqualTo("200");
        assertThat(ports.asked.getFirst()).isEqualTo(PENDING);
        assertThat(((PageQuery) ports.asked.getLast()).version()).contains(V7);
        assertThat(get("reader", page + "&pending=include").outcome()).isEqualTo("200");
        assertThat(get("reader", CATALOG + "/export?pending=include").outcome()).startsWith("400");
        ports.view = Optional.empty();
        assertThat(get("reader", CATALOG + "/objects/tea?pending=include").named())
                .isEqualTo("400 invalid_parameter pending"); // as at HQ
    }

    @Test
    void allPagesOfAReadAreOfOnePair() {
        ports.view = Optional.of(new LocalView(V7, 3));
        ports.slice = new Reading.Found<>(V7, new Slice(List.of(LIVE), true));
        for (var read : List.of("/objects?limit=1", "/changes?since=3&sinceLocal=1&limit=1")) {
            var first = get("reader", CATALOG + read);
            assertThat(first.body().path("local").asLong()).isEqualTo(3);
            ports.view = Optional.of(new LocalView(new Version(9), 5)); // meanwhile
            ports.asked.clear();
            var path = CATALOG
                    + read.replaceFirst("[?].*", "?page=")
                    + first.body().path("next").asText();
            var next = get("reader", path + "&version=7&local=3");
            assertThat(next.outcome()).isEqualTo("200");
            assertThat(next.headers()).containsEntry("Storemesh-Local", "3");
            assertThat(ports.asked.getFirst()).isEqualTo(over(3));
            assertThat(((PageQuery) ports.asked.getLast()).version()).contains(V7);
            assertThat(get("reader", path + "&local=2").named()).isEqualTo("400 invalid_parameter local");
            ports.view = Optional.of(new LocalView(V7, 3));
        }
        assertThat(ports.asked).contains(new LocalView(new Version(3), 1));
        var ofHq = get("reader", CATALOG + "/changes?since=3");
        assertThat(ofHq.headers()).doesNotContainKey("Storemesh-Local");
        assertThat(ofHq.body().has("local")).isFalse();
    }

    @Test
    void changesCarryTombstonesAndTheirBeginning() {
        ports.slice = new Reading.Found<>(
                V7, new Slice(List.of(LIVE, new ObjectView.Tombstone(TEA, ITEM, V7, ObjectView.Reason.DELETED)), true));
        var first = get("reader", CATALOG + "/changes?since=3");
        assertThat(first.body().path("objects").get(1).path("deleted").asBoolean())
                .isTrue();
        get("reader", CATALOG + "/changes?page=" + first.body().path("next").asText());
        assertThat(ports.asked.get(ports.asked.size() - 2)).isEqualTo(new Version(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "MXsi", "!!!"})
    void pageTokensOfNobodyAreRefused(String token) {
        assertThat(get("reader", CATALOG + "/objects?page=" + token).named()).isEqualTo("400 bad_page_token page");
        assertThat(get("reader", CATALOG + "/changes?page=" + token).named()).isEqualTo("400 bad_page_token page");
    }

    @Test
    void pageTokensOfAnotherReadCatalogOrSiteAreRefused() {
        var other = PAGE_TOKENS.write(new PageCursor("objects", new CatalogId("other"), V7, Map.of(), "tea"));
        var changes = PAGE_TOKENS.write(new PageCursor("changes", Ports.DEMO, V7, Map.of("since", "1"), "tea"));
        var foreign = new PageTokens("18".repeat(32)).write(new PageCursor("objects", Ports.DEMO, V7, Map.of(), "tea"));
        var good = PAGE_TOKENS.write(new PageCursor("objects", Ports.DEMO, V7, Map.of(), "tea"));
        var altered = good.substring(0, 20) + (good.charAt(20) == 'A' ? 'B' : 'A') + good.substring(21);
        for (var token : List.of(other, changes, foreign, altered)) {
            assertThat(get("reader", CATALOG + "/objects?page=" + token).named())
                    .isEqualTo("400 bad_page_token page");
        }
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void theLogIsWhole() {
        var entry = new LogEntry(
                V7,
                Instant.EPOCH,
                Provenance.of("editor").withKey(Optional.of("k")).withReason(Optional.of("why")),
                new ChainHash("a".repeat(64)),
                false,
                List.of(new ObjectChange(TEA, ITEM, false, List.of(NAME), List.of(new Row(NAME, new Version(1))))));
        ports.log = new Reading.Found<>(
                new Version(9),
                new LogSlice(
                        new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H"),
                        Optional.of(new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0J")),
                        List.of(entry),
                        true));
        var seen = get("link", CATALOG + "/log?after=6&limit=1&wait=30&chain=" + "b".repeat(64));
        assertThat(seen.outcome()).isEqualTo("200");
        assertThat(seen.headers()).containsEntry("Storemesh-Version", "9");
        assertThat(seen.body().path("entries")).hasSize(1);
        assertThat(seen.body().path("origin").asText()).isEqualTo("01JNZ8Q4T3V9XK2M7B5D6F8G0J");
        assertThat(ports.asked)
                .endsWith(new LogQuery(
                        new Version(6), 1, Duration.ofSeconds(30), Optional.of(new ChainHash("b".repeat(64)))));
    }

    @Test
    void aFollowerOfAnotherLogIsTold() {
        ports.log = new Reading.Diverged<>(V7);
        assertThat(get("link", CATALOG + "/log?after=6").outcome()).isEqualTo("409 diverged");
        ports.log = new Reading.NotYet<>(V7);
        assertThat(get("link", CATALOG + "/log?after=8").outcome()).isEqualTo("409 diverged");
        ports.log = new Reading.NoCatalog<>();
        assertThat(get("link", CATALOG + "/log").outcome()).isEqualTo("404 unknown_catalog");
    }
}
