package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.DifferenceQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HistoryRoutesTest extends WithApi {
    private static final String CATALOG = "/api/v1/catalogs/demo";
    private static final String HISTORY = CATALOG + "/objects/tea/history";
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final TypeName ITEM = new TypeName("retail.item");
    private static final Version V1 = new Version(1);
    private static final Version V3 = new Version(3);
    private static final Version V9 = new Version(9);

    private static Row price(long amount, long version) {
        return new Row(
                new Attribute(
                        new DefinitionName("retail.item.price"),
                        Optional.of(new LocationId("store-1")),
                        new Value.Money(amount, "USD")),
                new Version(version));
    }

    private <T> T asked(Class<T> type) {
        return ports.asked.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Nested
    class History {
        private ObjectHistory of(boolean more) {
            var written = new Written(
                    NOON,
                    Provenance.of("ann")
                            .withApp("com.acme.prices", Optional.of("Bea"))
                            .withStore(new StoreId("store-1"))
                            .withReason(Optional.of("spring")));
            return new ObjectHistory(
                    TEA,
                    ITEM,
                    List.of(new ObjectHistory.Entry(
                            written, new ObjectHistory.Step(V3, true, List.of(price(375, 3)), List.of(price(350, 1))))),
                    more);
        }

        @Test
        void saysWhoDidWhatWhenAndWhy() {
            ports.history = new Reading.Found<>(V9, of(false));
            var seen = get("reader", HISTORY);
            assertThat(seen.body().toString()).isEqualTo("""
                            {"version":9,"object":"tea","type":"retail.item","entries":[{"version":3,\
                            "at":"2026-03-01T12:00:00.000Z","caller":"ann","app":"com.acme.prices",\
                            "actingFor":"Bea","store":"store-1","reason":"spring","deleted":true,\
                            "set":[{"attribute":"retail.item.price","location":"store-1",\
                            "value":{"amount":375,"currency":"USD"},"version":3}],\
                            "ended":[{"attribute":"retail.item.price","location":"store-1",\
                            "value":{"amount":350,"currency":"USD"},"version":1}]}]}""");
            assertThat(seen.headers()).containsEntry("Storemesh-Version", "9");
        }

        @Test
        void itsPagesGoOnAfterAVersionAtTheSameVersion() {
            ports.history = new Reading.Found<>(V9, of(true));
            var first = get("reader", HISTORY + "?attribute=retail.item.price&location=store-1&limit=1");
            var next = first.body().path("next").asText();
            assertThat(asked(HistoryQuery.class).attribute()).contains(new DefinitionName("retail.item.price"));
            get("reader", HISTORY + "?page=" + next);
            var query = asked(HistoryQuery.class);
            assertThat(query.version()).contains(V9);
            assertThat(query.after()).contains(V3);
            assertThat(query.attribute()).contains(new DefinitionName("retail.item.price"));
            assertThat(get("reader", CATALOG + "/objects/milk/history?page=" + next)
                            .named())
                    .isEqualTo("400 bad_page_token page");
        }

        @Test
        void isOfAnObjectThatWas() {
            ports.history = new Reading.Nothing<>(V9);
            assertThat(get("reader", HISTORY).outcome()).isEqualTo("404 unknown_object");
        }

        @Test
        void namesALocationThatNobodyKnows() {
            ports.history = new Reading.Invalid<>(
                    V9, List.of(new Fault("location", Fault.Code.UNKNOWN_LOCATION, "location: atlantis")));
            assertThat(get("reader", HISTORY + "?location=atlantis").named())
                    .isEqualTo("400 unknown_location location");
        }
    }

    @Nested
    class AsOfAnInstant {
        private static final String AT = "at=2026-03-01T12:00:00Z";

        @Test
        void readsAtTheVersionThatWasThere() {
            ports.versionAt = new Reading.Found<>(V9, V3);
            ports.object = new Reading.Found<>(V3, new ObjectView.Live(TEA, ITEM, V1, List.of()));
            assertThat(get("reader", CATALOG + "/objects/tea?" + AT).outcome()).isEqualTo("200");
            assertThat(ports.asked).contains(NOON, Optional.of(V3));
        }

        @Test
        void pinsItForAllPages() {
            ports.versionAt = new Reading.Found<>(V9, V3);
            ports.slice =
                    new Reading.Found<>(V3, new Slice(List.of(new ObjectView.Live(TEA, ITEM, V1, List.of())), true));
            var next = get("reader", CATALOG + "/objects?" + AT)
                    .body()
                    .path("next")
                    .asText();
            ports.versionAt = new Reading.NoCatalog<>(); // is not asked again
            assertThat(get("reader", CATALOG + "/objects?page=" + next).outcome())
                    .isEqualTo("200");
            assertThat(asked(PageQuery.class).version()).contains(V3);
            assertThat(get("reader", CATALOG + "/objects?" + AT + "&page=" + next)
                            .outcome())
                    .isEqualTo("200");
            assertThat(get("reader", CATALOG + "/objects?at=2026-03-01T13:00:00Z&page=" + next)
                            .named())
                    .isEqualTo("400 invalid_parameter at");
        }

        @Test
        void isRefusedBesideAVersionAndBeforeTheFirst() {
            for (var path :
                    List.of("/objects/tea?", "/objects?", "/changes?since=0&", "/export?", "/objects/tea/history?")) {
                assertThat(get("reader", CATALOG + path + "version=3&" + AT).named())
                        .as(path)
                        .isEqualTo("400 invalid_parameter at");
                ports.versionAt = new Reading.Nothing<>(V9);
                assertThat(get("reader", CATALOG + path + AT).named()).as(path).isEqualTo("400 invalid_parameter at");
                ports.versionAt = new Reading.NoCatalog<>();
                assertThat(get("reader", CATALOG + path + AT).outcome())
                        .as(path)
                        .isEqualTo("404 unknown_catalog");
            }
            assertThat(get("reader", CATALOG + "/objects?at=yesterday").named()).isEqualTo("400 invalid_parameter at");
        }

        @Test
        void changesSinceALaterVersionAreRefused() {
            ports.versionAt = new Reading.Found<>(V9, V3);
            assertThat(get("reader", CATALOG + "/changes?since=4&" + AT).named())
                    .isEqualTo("400 invalid_parameter since");
        }
    }

    @Nested
    class Diff {
        @Test
        void pagesPinBothVersions() {
            ports.differences = new Reading.Found<>(
                    V9,
                    new ObjectDifference.Slice(
                            List.of(new ObjectDifference(
                                    TEA,
                                    ITEM,
                                    ObjectDifference.Kind.CHANGED,
                                    List.of(price(375, 9)),
                                    List.of(price(350, 1)))),
                            true));
            var first = get("reader", CATALOG + "/diff?from=9&to=3&type=retail.item&limit=1");
            assertThat(first.body().path("from").asLong()).isEqualTo(9);
            assertThat(first.body().path("to").asLong()).isEqualTo(3);
            assertThat(first.body().at("/objects/0/change").asText()).isEqualTo("changed");
            get("reader", CATALOG + "/diff?page=" + first.body().path("next").asText());
            var query = asked(DifferenceQuery.class);
            assertThat(query.from()).isEqualTo(V9);
            assertThat(query.to()).contains(V3);
            assertThat(query.after()).contains(TEA);
            assertThat(query.selection().type()).contains(ITEM);
        }

        @Test
        void needsBothVersionsAndBothToBeThere() {
            assertThat(get("reader", CATALOG + "/diff?to=3").named()).isEqualTo("400 invalid_parameter from");
            assertThat(get("reader", CATALOG + "/diff?from=3").named()).isEqualTo("400 invalid_parameter to");
            ports.differences = new Reading.NotYet<>(V9);
            assertThat(get("reader", CATALOG + "/diff?from=1&to=10").named()).isEqualTo("400 invalid_parameter to");
            assertThat(get("reader", CATALOG + "/diff?from=10&to=1").named()).isEqualTo("400 invalid_parameter from");
        }
    }

    @Nested
    class Search {
        @Test
        void hasAllFiltersAndSaysHowFarItWent() {
            ports.findings = new Reading.Found<>(
                    V9, new Findings(new HistoryId("01JD6ZK8Q0ABCDEFGHJKMNPQRS"), List.of(), true, V3));
            var seen = get(
                    "reader",
                    CATALOG + "/log?after=1&limit=7&caller=ann&app=com.acme.prices&actingFor=Bea&object=tea"
                            + "&store=store-1&from=2026-03-01T12:00:00Z&until=2026-03-02T12:00:00Z");
            assertThat(seen.body().path("scannedTo").asLong()).isEqualTo(3);
            assertThat(seen.body().path("more").asBoolean()).isTrue();
            var search = asked(LogSearch.class);
            assertThat(search.after()).isEqualTo(V1);
            assertThat(search.limit()).isEqualTo(7);
            assertThat(search.filter())
                    .hasNoNullFieldsOrProperties()
                    .isEqualTo(new dev.storemesh.protocol.log.LogFilter(
                            Optional.of("ann"),
                            Optional.of("com.acme.prices"),
                            Optional.of("Bea"),
                            Optional.of(new StoreId("store-1")),
                            Optional.of(TEA),
                            Optional.of(NOON),
                            Optional.of(Instant.parse("2026-03-02T12:00:00Z"))));
        }

        @Test
        void neitherWaitsNorFollows() {
            assertThat(get("reader", CATALOG + "/log?caller=ann&wait=1").named())
                    .isEqualTo("400 invalid_parameter wait");
            assertThat(get("reader", CATALOG + "/log?object=tea&chain=" + "0".repeat(64))
                            .named())
                    .isEqualTo("400 invalid_parameter chain");
        }
    }

    @Nested
    class Export {
        private final List<ObjectView> objects = IntStream.range(0, 1_203)
                .<ObjectView>mapToObj(number ->
                        new ObjectView.Live(new ObjectToken("o" + number), ITEM, V1, List.of(price(number, 1))))
                .toList();

        private Reading<Slice> from(PageQuery query) {
            var start = query.after()
                    .map(token -> Integer.parseInt(token.text().substring(1)) + 1)
                    .orElse(0);
            var end = Math.min(start + query.limit(), objects.size());
            return new Reading.Found<>(V3, new Slice(objects.subList(start, end), end < objects.size()));
        }

        @Test
        void isEveryObjectALineAtOneVersion() {
            ports.pages = query -> CompletableFuture.completedStage(from(query));
            var seen = get("reader", CATALOG + "/export?type=retail.item&location=store-1");
            assertThat(seen.headers())
                    .containsEntry("Storemesh-Version", "3")
                    .containsEntry("Content-Type", "application/x-ndjson");
            assertThat(seen.body()).hasSize(1_203);
            assertThat(seen.body().get(1).toString())
                    .isEqualTo("{\"object\":\"o1\",\"type\":\"retail.item\",\"attributes\":[{\"attribute\":"
                            + "\"retail.item.price\",\"location\":\"store-1\",\"value\":{\"amount\":1,"
                            + "\"currency\":\"USD\"}}]}");
            assertThat(ports.asked.stream().filter(PageQuery.class::isInstance).map(PageQuery.class::cast))
                    .hasSize(3)
                    .extracting(PageQuery::version)
                    .containsExactly(Optional.empty(), Optional.of(V3), Optional.of(V3));
        }

        @Test
        void ofNothingIsEmpty() {
            ports.schema = new Reading.Found<>(V3, new SchemaView(List.of()));
            ports.slice = new Reading.Found<>(V3, new Slice(List.of(), false));
            assertThat(get("reader", CATALOG + "/export").body()).isEmpty();
        }

        private ObjectView.Live bare(String object, String type) {
            return new ObjectView.Live(new ObjectToken(object), new TypeName(type), V1, List.of());
        }

        /// By the standard schema items refer to departments.
        @Test
        void comesInAnOrderInWhichItCanBeImported() {
            var all = List.<ObjectView>of(
                    bare("sys.x", "sys.type"),
                    bare("tea", "retail.item"),
                    bare("drinks", "retail.department"),
                    bare("mug", "retail.item"));
            ports.schema = new Reading.Found<>(V3, new SchemaView(List.of()));
            ports.pages = query -> CompletableFuture.completedStage(new Reading.Found<>(
                    V3,
                    new Slice(
                            all.stream()
                                    .filter(object -> query.selection()
                                            .type()
                                            .map(object.type()::equals)
                                            .orElse(true))
                                    .toList(),
                            false)));
            assertThat(get("reader", CATALOG + "/export")
                            .body()
                            .valueStream()
                            .map(line -> line.path("object").asText()))
                    .containsExactly("sys.x", "drinks", "tea", "mug");
        }

        @Test
        void breaksOffWhereAPageCannotBeHad() {
            ports.pages = query -> query.after().isPresent()
                    ? CompletableFuture.failedStage(new IllegalStateException("no answer"))
                    : CompletableFuture.completedStage(from(query));
            var response = open("reader", CATALOG + "/export?type=retail.item");
            assertThat(response.status().intValue()).isEqualTo(200);
            assertThatThrownBy(() -> response.entity()
                            .toStrict(5_000, SYSTEM)
                            .toCompletableFuture()
                            .join())
                    .hasRootCauseMessage("no answer");
        }

        @Test
        void asksForNoMoreThanIsTaken() {
            ports.pages = query -> CompletableFuture.completedStage(from(query));
            var response = open("reader", CATALOG + "/export");
            assertThat(ports.asked.stream().filter(PageQuery.class::isInstance)).hasSize(1);
            response.discardEntityBytes(SYSTEM);
        }

        @Test
        void saysWithAStatusWhatIsWrongAtOnce() {
            ports.slice = new Reading.NotYet<>(V3);
            assertThat(get("reader", CATALOG + "/export?version=9").named()).isEqualTo("400 invalid_parameter version");
            ports.pages = query -> CompletableFuture.failedStage(new IllegalStateException("no answer"));
            assertThat(get("reader", CATALOG + "/export").outcome()).isEqualTo("503 unavailable");
        }
    }

    @Nested
    class Revert {
        private static final String REVERT = CATALOG + "/revert";

        @Test
        void carriesWhatIsAskedAndByWhom() {
            ports.answer = CompletableFuture.completedStage(new Answer.Accepted(V9, Map.of(), false));
            var seen = send(
                    "editor",
                    "POST",
                    REVERT,
                    "{'to':3,'objects':['tea'],'reason':'undo','ifVersion':8}",
                    Map.of("Idempotency-Key", "k1"));
            assertThat(seen.outcome()).isEqualTo("200");
            assertThat(seen.body().path("version").asLong()).isEqualTo(9);
            var reversal = asked(Reversal.class);
            assertThat(reversal.to()).isEqualTo(V3);
            assertThat(reversal.objects()).contains(java.util.Set.of(TEA));
            assertThat(reversal.ifVersion()).contains(new Version(8));
            assertThat(reversal.provenance())
                    .isEqualTo(Provenance.of("editor")
                            .withReason(Optional.of("undo"))
                            .withKey(Optional.of("k1")));
        }

        @Test
        void isRefusedAsWritesAre() {
            assertThat(post("reader", REVERT, "{'to':3}").outcome()).isEqualTo("403 forbidden");
            assertThat(post("editor", REVERT, "{}").named()).isEqualTo("400 missing_field /to");
            assertThat(post("editor", REVERT, "{'to':-1}").named()).isEqualTo("400 invalid_value /to");
            assertThat(post("editor", REVERT, "{'to':1,'objects':[]}").named()).isEqualTo("400 invalid_value /objects");
            assertThat(post("editor", REVERT, "{'to':1,'objects':[7]}").named())
                    .isEqualTo("400 invalid_value /objects");
            assertThat(post("editor", REVERT, "{'to':1,'at':2}").named()).isEqualTo("400 unknown_field /at");
            assertThat(ports.asked).isEmpty();
            var refusals = Map.of(
                    new Refusal.HqOnly(), "409 hq_only",
                    new Refusal.NotYetSeen(V3), "400 invalid_value",
                    new Refusal.UnknownObject(TEA), "404 unknown_object",
                    new Refusal.TooLarge("objects to revert", 10_000), "413 too_large",
                    new Refusal.KeyReused(), "422 key_reused",
                    new Refusal.PreconditionFailed(List.of()), "409 precondition_failed");
            refusals.forEach((refusal, outcome) -> {
                ports.answer = CompletableFuture.completedStage(Answer.refuse(refusal));
                assertThat(post("editor", REVERT, "{'to':1}").outcome()).isEqualTo(outcome);
            });
            ports.answer = CompletableFuture.completedStage(Answer.refuse(new Refusal.NotYetSeen(V3)));
            assertThat(post("editor", REVERT, "{'to':4}").named()).isEqualTo("400 invalid_value /to");
        }
    }
}
