package dev.storemesh.node.replica;

import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.replica.HqLog.DEMO;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Writes;
import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Reading.Nothing;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectJson;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Filter;
import dev.storemesh.protocol.query.Query;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.WriteJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store's own values in its replica and partitions, while HQ is away and these double and restart, until HQ has
/// decided them.
class OwnValuesTest {
    private static final StoreId STORE = new StoreId("store-1");
    private static final DefinitionName PRICE = StandardSchema.name(StandardSchema.ITEM, "price");
    private static final Slot HERE = new Slot(PRICE, Optional.of(new LocationId("store-1")));
    private final HqLog hq = new HqLog("01JCZ0000000000000000000HQ");

    @TempDir
    Path folder;

    private TestSite site;
    private FollowedCatalog store;

    @BeforeEach
    void start() {
        site = TestSite.start(folder);
        var log = new LogReader(site.system(), LogOrigin.REPLICA);
        store = new FollowedCatalog(
                site.system(),
                DEMO,
                site.settings().replica(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, tiny()),
                log,
                Instant::now,
                new SplittableRandom(1));
        get(store.enrol(STORE, hq.history(), 1));
    }

    private static PartitionSettings tiny() {
        return ReplicaDoublingTest.TINY;
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static Operation put(String token, boolean create, Optional<TypeName> type, Setting... settings) {
        return new Put(
                new ObjectRef.Known(new ObjectToken(token)),
                create,
                type,
                List.of(settings),
                List.of(),
                Optional.empty());
    }

    private static Setting of(TypeName type, String name, String value) {
        return new Setting(new Slot(StandardSchema.name(type, name), Optional.empty()), new Literal.Text(value));
    }

    private static Operation price(String token, long cents) {
        return put(token, false, Optional.empty(), new Setting(HERE, new Literal.Amount(cents, "USD")));
    }

    private static Stream<Operation> items(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> make("item-" + number, "Item " + number));
    }

    private void begin() {
        var location = StandardSchema.LOCATION;
        var constraint = StandardSchema.CONSTRAINT;
        hq.write(Writes.of(
                put(
                        "sys.store-1",
                        true,
                        Optional.of(location),
                        of(location, "id", "store-1"),
                        of(location, "kind", "store")),
                put(
                        "sys.own",
                        true,
                        Optional.of(constraint),
                        of(constraint, "name", "own.price"),
                        of(constraint, "kind", "authority"),
                        of(constraint, "definition", PRICE.text()),
                        of(constraint, "authority", "store"))));
        hq.write(Writes.of(items(0, 8).toArray(Operation[]::new)));
        follow();
    }

    private void follow() {
        get(store.replica()
                .<ReplicaEntity.Outcome>ask(
                        replyTo -> new ReplicaEntity.Follow(hq.history(), hq.entries(), replyTo), TestSite.SOON));
    }

    private Following state() {
        return (Following) get(store.replica().<Replica>ask(ReplicaEntity.InspectAll::new, TestSite.SOON));
    }

    private long own(Operation... operations) {
        return ((Answer.Queued) get(store.write(DEMO, Writes.of(operations))))
                .local()
                .orElseThrow();
    }

    private LocalView view() {
        return get(store.view(DEMO)).orElseThrow();
    }

    private CatalogPort at(LocalView view) {
        return store.on(Terms.NONE.over(Optional.of(view.local())));
    }

    private static Optional<Row> row(CatalogPort catalog, String token, Optional<Version> version) {
        return ((Found<ObjectView.Live>) get(catalog.object(DEMO, new ObjectToken(token), version, Scope.all())))
                .value().rows().stream().filter(row -> row.slot().equals(HERE)).findFirst();
    }

    /// At the newest view.
    private Optional<Long> cents(String token) {
        return row(store, token, Optional.empty()).map(OwnValuesTest::cents);
    }

    private static long cents(Row row) {
        return ((Value.Money) row.attribute().value()).amount();
    }

    /// All prices on the pages of a view.
    private Map<ObjectToken, Long> pages(LocalView view) {
        var all = new PageQuery(
                Selection.EVERYTHING, Order.PAGE_KEY, Optional.of(view.version()), Optional.empty(), 1000);
        return ((Found<Slice>) get(at(view).page(DEMO, all)))
                .value().objects().stream()
                        .flatMap(object -> ((ObjectView.Live) object)
                                .rows().stream()
                                        .filter(row -> row.slot().equals(HERE))
                                        .map(row -> Map.entry(object.object(), cents(row))))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void decideAtHq() {
        hq.execute(new RecordRequests(
                STORE,
                1,
                state().queue().unrecorded().stream()
                        .map(OwnValuesTest::offered)
                        .toList(),
                Writes.ANN));
    }

    private static OfferedRequest offered(QueuedRequest request) {
        return new OfferedRequest(
                request.id(),
                request.sequence(),
                request.base(),
                CanonicalJson.text(WriteJson.write(request.operations())),
                "ann",
                Optional.empty(),
                request.queuedAt());
    }

    private void untilGeneration(int generation) {
        var deadline = System.nanoTime() + TestSite.SOON.toNanos();
        while (state().partitions().generation() < generation) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /// What is seen with what is pending: names and own prices with the status of the request that each is of.
    private String pending(String token) {
        return get(shown().object(DEMO, new ObjectToken(token), Optional.empty(), Scope.all()))
                        instanceof Found<ObjectView.Live>(var version, var view)
                ? line(view)
                : "none";
    }

    private CatalogPort shown() {
        return store.on(new Terms(Optional.empty(), Duration.ZERO, Optional.empty(), true));
    }

    private static String line(ObjectView.Live view) {
        return StreamSupport.stream(ObjectJson.write(view).path("attributes").spliterator(), false)
                .map(row -> row.path("value")
                                .path("amount")
                                .asText(row.path("value").asText()) + " "
                        + row.path("pending").path("status").asText())
                .map(String::strip)
                .collect(Collectors.joining(", "));
    }

    @Test
    void standWithAllThatIsPendingForWhoAsksForThat() {
        begin();
        hq.write(Writes.of(items(8, 40).toArray(Operation[]::new)));
        follow();
        untilGeneration(3);
        get(store.write(DEMO, Writes.of(rename("item-3", "Three"))));
        own(price("item-3", 90));
        get(store.write(DEMO, Writes.of(make("mug", "Mug"))));
        get(store.write(DEMO, Writes.of(rename("mug", "Cup"))));
        assertThat(pending("item-3")).isEqualTo("Three queued, 90 queued");
        assertThat(pending("mug")).isEqualTo("Cup queued");
        assertThat(pending("item-4")).isEqualTo("Item 4");
        assertThat(get(store.object(DEMO, new ObjectToken("mug"), Optional.empty(), Scope.all())))
                .isInstanceOf(Nothing.class);

        stop();
        start(); // and HQ is away
        var all = new PageQuery(Selection.EVERYTHING, Order.PAGE_KEY, Optional.empty(), Optional.empty(), 1000);
        assertThat(((Found<Slice>) get(shown().page(DEMO, all)))
                        .value().objects().stream()
                                .map(view -> (ObjectView.Live) view)
                                .filter(view -> !view.pending().isEmpty())
                                .map(OwnValuesTest::line))
                .containsExactlyInAnyOrder("Three queued, 90 queued", "Cup queued");
        var named = Query.of(new Filter.Attribute(
                StandardSchema.name(StandardSchema.ITEM, "name"), new Filter.Match.Equal(new Literal.Text("Cup"))));
        assertThat(((Found<QueryAnswer>) get(shown().query(
                                        DEMO, new CatalogPort.QueryPage(named, Optional.empty(), Optional.empty()))))
                        .value()
                        .objects())
                .extracting(OwnValuesTest::line)
                .containsExactly("Cup queued");

        decideAtHq(); // the price waits for what was asked for the same object before
        follow();
        assertThat(pending("item-3")).isEqualTo("Three waiting, 90 waiting");
        assertThat(pending("mug")).isEqualTo("Cup waiting");
    }

    @Test
    void standInEveryReadThroughDoublingsAndRestartsUntilHqHasDecided() {
        begin();
        assertThat(own(price("item-3", 90), price("item-5", 50))).isEqualTo(1);
        assertThat(cents("item-3")).hasValue(90L);
        var first = view();
        assertThat(first).isEqualTo(new LocalView(new Version(3), 1));
        assertThat(row(store, "item-3", Optional.of(first.version()))).isEmpty(); // what HQ knew
        assertThat(row(at(first), "item-3", Optional.of(first.version())))
                .hasValueSatisfying(row -> assertThat(row.overlaid()).hasValue(new Row.Overlaid(1)));

        hq.write(Writes.of(items(8, 60).toArray(Operation[]::new)));
        follow();
        untilGeneration(3);
        assertThat(own(price("item-40", 40), price("item-3", 80))).isEqualTo(2);
        var prices =
                Map.of(new ObjectToken("item-3"), 80L, new ObjectToken("item-5"), 50L, new ObjectToken("item-40"), 40L);
        assertThat(pages(view())).isEqualTo(prices);
        assertThat(pages(first)).isEqualTo(Map.of(new ObjectToken("item-3"), 90L, new ObjectToken("item-5"), 50L));

        stop();
        start(); // and HQ is away
        assertThat(view()).isEqualTo(new LocalView(new Version(4), 2));
        assertThat(pages(view())).isEqualTo(prices);
        assertThat(pages(first).get(new ObjectToken("item-3"))).isEqualTo(90);
        var before = view();

        hq.write(Writes.of(price("item-3", 300), rename("item-5", "Five")));
        decideAtHq();
        for (var entry : hq.entries()) { // one by one
            get(store.replica()
                    .<ReplicaEntity.Outcome>ask(
                            replyTo -> new ReplicaEntity.Follow(hq.history(), List.of(entry), replyTo), TestSite.SOON));
            assertThat(pages(view())).as("at version %s", entry.version()).isEqualTo(prices);
            assertThat(cents("item-40")).hasValue(40L);
        }
        assertThat(state().own().undecided()).isEmpty();
        assertThat(row(store, "item-3", Optional.empty()))
                .hasValueSatisfying(row -> assertThat(row.overlaid()).isEmpty());
        assertThat(pages(before)).isEqualTo(prices);
        assertThat(row(at(before), "item-40", Optional.of(before.version())))
                .hasValueSatisfying(row -> assertThat(row.overlaid()).hasValue(new Row.Overlaid(2)));
    }
}
