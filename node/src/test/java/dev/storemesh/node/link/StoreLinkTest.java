package dev.storemesh.node.link;

import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.link.ScriptedHq.cut;
import static dev.storemesh.node.link.ScriptedHq.json;
import static dev.storemesh.node.link.ScriptedHq.problem;
import static dev.storemesh.node.link.ScriptedHq.stall;
import static dev.storemesh.node.link.ScriptedHq.text;
import static dev.storemesh.node.replica.HqLog.DEMO;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Writes;
import dev.storemesh.node.link.ScriptedHq.Heard;
import dev.storemesh.node.replica.FollowedCatalog;
import dev.storemesh.node.replica.HqLog;
import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadedJson;
import dev.storemesh.protocol.object.LoadedSlice;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.Props;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The link against an HQ that fails in ways that a real one cannot be made to.
class StoreLinkTest {
    private static final String LOG = "/api/v1/catalogs/demo/log";
    private static final String SNAPSHOT = "/api/v1/catalogs/demo/snapshot";
    private static final String OFFERS = "/api/v1/change-requests";
    private static final Duration LEAST = Duration.ofMillis(20);
    private static final Duration MOST = Duration.ofMillis(80);
    private static final Duration BLINK = Duration.ofMillis(10);

    @TempDir
    Path folder;

    private HqLog log = new HqLog("01JCZ0000000000000000000HQ");
    private final ConcurrentLinkedQueue<LinkState> states = new ConcurrentLinkedQueue<>();
    private final ScriptedHq hq = new ScriptedHq();
    private final Semaphore reconnections = new Semaphore(0);
    private final LinkReports reports = new LinkReports("1.2.3", Instant::now);

    @SuppressWarnings("NullAway.Init") // by @BeforeEach
    private TestSite site;

    @SuppressWarnings("NullAway.Init") // by @BeforeEach
    private FollowedCatalog catalog;

    private int loadBeyond = 1_000;
    private volatile boolean isBack;

    @BeforeEach
    void startAStore() {
        log.write(Writes.of(make("tea", "Tea")));
        log.write(Writes.of(rename("tea", "Green tea")));
        start();
        get(catalog.enrol(new StoreId("store-1"), log.history(), 1));
    }

    private void start() {
        site = TestSite.start(folder);
        var reader = new LogReader(site.system(), LogOrigin.REPLICA);
        catalog = new FollowedCatalog(
                site.system(),
                DEMO,
                site.settings().replica(),
                site.settings().catalog(),
                Partitions.start(site.system(), reader, site.settings().partition()),
                reader,
                Instant::now,
                new SplittableRandom(1));
    }

    @AfterEach
    void stop() {
        site.close();
        hq.close();
    }

    private void link(Consumer<LinkState> state) {
        var settings = new LinkSettings(
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                loadBeyond,
                100,
                LEAST,
                MOST,
                Duration.ofDays(30),
                64,
                LinkSettings.Followed.ALL,
                BLINK);
        var client = new HqClient(
                hq.uri(), () -> "sms_secret", Optional.empty(), Duration.ofSeconds(2), Duration.ofMillis(300));
        var unused = site.system()
                .systemActorOf(
                        StoreLink.kept(
                                DEMO,
                                catalog.replica(),
                                client,
                                settings,
                                state,
                                new SplittableRandom(2),
                                reports,
                                reconnections::release),
                        "link",
                        Props.empty());
    }

    private void link() {
        link(states::add);
    }

    @Test
    void saysWhenHqIsBackAfterLongAndAllOfItIsHere() throws Exception {
        var isCut = new AtomicBoolean();
        hq.at(LOG, request -> {
            if (isCut.get()) {
                throw new IllegalStateException("HQ is down");
            }
            return usualLog(request);
        });
        hq.at(OFFERS, this::usualOffers);
        link();
        assertThat(headAfter(2)).isEqualTo(new Version(3));
        next(LOG);
        next(LOG);
        assertThat(reconnections.availablePermits()).isZero();
        isCut.set(true);
        states.clear();
        until(() -> states.contains(LinkState.UNREACHABLE));
        assertThat(reconnections.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        isCut.set(false);
        assertThat(reconnections.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    private Version headAfter(long version) {
        return get(catalog.replica()
                        .<Optional<LogStanding>>ask(
                                replyTo -> new ReplicaEntity.Await(new Version(version), TestSite.SOON, replyTo),
                                TestSite.SOON))
                .orElseThrow()
                .head();
    }

    private ObjectNode usualLog(Heard request) {
        var after = Long.parseLong(request.uri().getQuery().replaceAll(".*after=(\\d+).*", "$1"));
        return slice(
                log.history(),
                log.entries().stream()
                        .filter(entry -> entry.version().number() > after)
                        .toList());
    }

    private static ObjectNode slice(HistoryId history, List<LogEntry> entries) {
        var json = Json.object().put("version", 3).put("history", history.text());
        var array = json.putArray("entries");
        entries.forEach(entry -> array.add(LogJson.write(entry)));
        return json.put("more", false);
    }

    private ObjectNode usualOffers(Heard request) {
        return Json.object()
                .put("version", 4)
                .put("epoch", 1)
                .put("sequence", sequences(request).getLast());
    }

    private static List<Long> sequences(Heard request) {
        return StreamSupport.stream(request.body().path("requests").spliterator(), false)
                .map(node -> node.path("sequence").longValue())
                .toList();
    }

    private Heard next(String path) throws InterruptedException {
        var request = hq.heard(path).poll(TestSite.SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    @Test
    void appliesNothingOfWhatIsWrongAndFollowsOnWhenItIsRight() throws InterruptedException {
        var good = log.entries();
        var bent = new LogEntry(
                good.get(1).version(),
                good.get(1).at(),
                Writes.ANN.withReason(Optional.of("forged")),
                good.get(1).chain(),
                false,
                good.get(1).changes());
        var other = new HqLog("01JCZ0000000000000000000X1");
        hq.at(
                LOG,
                this::usualLog,
                text(200, "{\"version\": 1, \"entries\": [{"),
                text(200, "[]"),
                text(200, "{}"),
                text(200, ""),
                text(500, "<html>oh</html>"),
                problem(500, "internal"),
                problem(429, "busy"),
                problem(401, "unauthenticated"),
                text(302, "{}"),
                cut(),
                stall(),
                json(200, slice(log.history(), List.of(good.get(0), bent))),
                json(200, slice(log.history(), List.of(good.get(0), good.get(2)))),
                json(200, slice(other.history(), other.entries())),
                problem(409, "diverged"));
        hq.at(OFFERS, this::usualOffers);
        link();
        assertThat(headAfter(0)).isEqualTo(new Version(3));
        assertThat(hq.isScriptOver(LOG)).isTrue();
        assertThat(site.rows("replica|demo")).isEqualTo(2); // Enrolled and the one good answer
        next(LOG);
        assertThat(states).contains(LinkState.UNREACHABLE, LinkState.DIVERGED);
        log.write(Writes.of(rename("tea", "Black tea")));
        assertThat(headAfter(3)).isEqualTo(new Version(4));
        assertThat(states).endsWith(LinkState.REACHABLE);
    }

    /// A page of HQ's state as it is now, or as it was.
    private ObjectNode page(Heard request) {
        var query = request.uri().getQuery();
        var objects = PartitionContents.of(PartitionImage.EMPTY);
        var position = 0L;
        for (var entry : log.entries()) {
            objects.apply(new LogRow(new Position(++position), List.of(new LogRow.Step(entry, Optional.empty()))));
        }
        var at = query.contains("version=")
                ? Integer.parseInt(query.replaceAll(".*version=(\\d+).*", "$1"))
                : log.entries().size();
        var last = query.contains("last=")
                ? Optional.of(new ObjectToken(query.replaceAll(".*last=([^&]+).*", "$1")))
                : Optional.<ObjectToken>empty();
        var slice = LoadedSlice.of(objects.objects(), new Version(at), last, 2, 1 << 20);
        var json = Json.object()
                .put("version", at)
                .put("history", log.history().text())
                .put("more", slice.more());
        if (last.isEmpty()) {
            var entry = log.entries().get(at - 1);
            json.put("chain", entry.chain().hex()).put("at", Value.Moment.format(entry.at()));
        }
        var array = json.putArray("objects");
        slice.objects().forEach(object -> array.add(Json.parse(Json.bytes(100, out -> LoadedJson.write(out, object)))));
        return json;
    }

    private LogStanding standing() {
        return get(catalog.replica().<Optional<LogStanding>>ask(ReplicaEntity.Inspect::new, TestSite.SOON))
                .orElseThrow();
    }

    private static void until(BooleanSupplier seen) {
        var deadline = System.nanoTime() + TestSite.SOON.toNanos();
        while (!seen.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the time that it took").isLessThan(deadline);
        }
    }

    private Optional<String> name(String token) {
        var reading = get(catalog.object(DEMO, new ObjectToken(token), Optional.empty(), Scope.all()));
        return reading instanceof Reading.Found<ObjectView.Live>(var version, var view)
                ? view.value(new DefinitionName("retail.item.name")).map(value -> ((Value.Text) value).text())
                : Optional.empty();
    }

    @Test
    void asksForItsLocationAndAppliesNothingThatIsNotSaidToBeOfIt() throws InterruptedException {
        var here = Optional.of(new LocationId("store-1"));
        get(catalog.scope(here));
        assertThat(standing().location()).isEqualTo(here);
        var knows = new AtomicBoolean();
        hq.at(LOG, request -> {
            var answer = usualLog(request);
            if (knows.get()) {
                answer.putObject("scope").put("location", "store-1");
            }
            return answer;
        });
        hq.at(OFFERS, this::usualOffers);
        link();
        assertThat(next(LOG).uri().getQuery()).contains("&location=store-1");
        until(() -> states.contains(LinkState.DIVERGED));
        assertThat(standing().head()).isEqualTo(Version.NONE);
        knows.set(true);
        assertThat(headAfter(2)).isEqualTo(new Version(3));
        site.close();
        start();
        get(catalog.scope(here)); // nothing to do
        assertThat(standing().location()).isEqualTo(here);
        assertThat(standing().load()).isEmpty();
        get(catalog.scope(Optional.empty()));
        assertThat(standing().location()).isEqualTo(here);
        assertThat(standing().load().orElseThrow().location()).isEmpty();
    }

    @Test
    void takesALongLogsStateOverPageByPageAndGoesOnWhereItWasWhenItIsKilled() throws InterruptedException {
        loadBeyond = 2;
        for (var token : List.of("a", "b", "c", "d", "e")) {
            log.write(Writes.of(make(token, token)));
        }
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers);
        var down = new AtomicBoolean();
        hq.at(SNAPSHOT, request -> {
            if (down.getAndSet(!isBack)) {
                throw new IllegalStateException("HQ is down after the first page");
            }
            return page(request);
        });
        link();
        next(SNAPSHOT);
        until(() -> standing().load().flatMap(Load::begun).isPresent());
        assertThat(standing().head()).isEqualTo(Version.NONE);
        assertThat(name("tea")).isEmpty();
        site.close();
        log.write(Writes.of(rename("tea", "Black tea"))); // after the version that was begun
        isBack = true;
        down.set(false);
        start();
        link();
        assertThat(headAfter(8)).isEqualTo(new Version(9));
        assertThat(next(SNAPSHOT).uri().getQuery()).contains("version=8&last=");
        assertThat(standing().floor().orElseThrow().version()).isEqualTo(new Version(8));
        assertThat(name("tea")).contains("Black tea");
        assertThat(name("e")).contains("e");
    }

    @Test
    void beginsAnewWhereHqHasAnotherStateByNowAndKeepsWhatItHeldUntilThen() {
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers);
        link();
        assertThat(headAfter(0)).isEqualTo(new Version(3));
        assertThat(name("tea")).contains("Green tea");
        hq.at(SNAPSHOT, this::page, problem(503, "unavailable"));
        log = new HqLog("01JCZ0000000000000000000X1"); // restored, and written on
        log.write(Writes.of(make("tea", "Old tea")));
        assertThat(get(catalog.resync(DEMO))).isTrue();
        until(() -> {
            var name = name("tea").orElseThrow();
            assertThat(name).isIn("Green tea", "Old tea");
            return name.equals("Old tea");
        });
        assertThat(standing().history()).isEqualTo(log.history());
        assertThat(standing().head()).isEqualTo(new Version(2));
    }

    @Test
    void waitsLongerAfterEachFailureUpToABound() throws InterruptedException {
        var failures = new ScriptedHq.Script[12];
        java.util.Arrays.fill(failures, problem(503, "unavailable"));
        hq.at(LOG, this::usualLog, failures);
        hq.at(OFFERS, this::usualOffers);
        link();
        var times = new ArrayList<Long>();
        for (var i = 0; i < 13; i++) {
            times.add(next(LOG).nanos());
        }
        for (var i = 4; i < 13; i++) { // by then each wait is of the upper half of the longest
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThan(MOST.toNanos() / 2);
        }
        assertThat(headAfter(0)).isEqualTo(new Version(3));
    }

    @Test
    void doesNotSpinWhenHqDoesNotHoldItsPolls() throws InterruptedException {
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers);
        link();
        assertThat(headAfter(0)).isEqualTo(new Version(3));
        next(LOG);
        var first = next(LOG).nanos();
        for (var i = 0; i < 9; i++) {
            next(LOG);
        }
        assertThat(next(LOG).nanos() - first).isGreaterThan(10 * LEAST.toNanos() / 2);
    }

    @Test
    void offersFromWhereHqSaysItStands() throws InterruptedException {
        for (var token : List.of("a", "b", "c")) {
            get(catalog.write(DEMO, Writes.of(make(token, token))));
        }
        var gap = Json.object().put("code", "sequence_gap").put("epoch", 1).put("sequence", 1);
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers, json(409, gap));
        link();
        assertThat(sequences(next(OFFERS))).containsExactly(1L, 2L, 3L);
        assertThat(sequences(next(OFFERS))).containsExactly(2L, 3L);
        get(catalog.write(DEMO, Writes.of(make("d", "d"))));
        assertThat(sequences(next(OFFERS))).containsExactly(4L);
    }

    @Test
    void offersNothingToAnHqThatWasRestoredUntilItsStateIsTakenOver() throws InterruptedException {
        get(catalog.write(DEMO, Writes.of(make("a", "a"))));
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers, problem(400, "unknown_field"), problem(409, "diverged"));
        link();
        assertThat(next(OFFERS).body().path("history").asText())
                .isEqualTo(log.history().text());
        for (var i = 0; i < 2; i++) { // an HQ of an older version does not know that field
            var plain = next(OFFERS);
            assertThat(plain.body().has("history")).isFalse();
            assertThat(sequences(plain)).containsExactly(1L);
        }
    }

    @Test
    void aNewStoreOfARestoredHqBeginsWithItsState() throws InterruptedException {
        hq.at(LOG, request -> usualLog(request).put("origin", "01JCZ0000000000000000000X0"));
        hq.at(OFFERS, this::usualOffers);
        hq.at(SNAPSHOT, this::page);
        link();
        assertThat(headAfter(0)).isEqualTo(new Version(3));
        assertThat(standing().floor().orElseThrow().version()).isEqualTo(new Version(3));
        log.write(Writes.of(rename("tea", "Black tea")));
        assertThat(headAfter(3)).isEqualTo(new Version(4));
    }

    private static long epoch(Heard request) {
        return request.body().path("epoch").longValue();
    }

    @Test
    void numbersItsRequestsAnewWhereHqKnowsOthersUnderTheirNumbers() throws InterruptedException {
        for (var token : List.of("a", "b", "c")) {
            get(catalog.write(DEMO, Writes.of(make(token, token))));
        }
        var further = Json.object().put("version", 4).put("epoch", 1).put("sequence", 9);
        var stale = Json.object().put("code", "stale_epoch").put("epoch", 3).put("sequence", 9);
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers, json(200, further), json(409, stale), json(409, stale));
        link();
        assertThat(sequences(next(OFFERS))).containsExactly(1L, 2L, 3L);
        get(catalog.write(DEMO, Writes.of(make("d", "d")))); // not passed over, although HQ has nine of them
        var offered = next(OFFERS);
        assertThat(epoch(offered)).isEqualTo(1);
        assertThat(sequences(offered)).containsExactly(4L);
        for (var epoch = 4; epoch < 6; epoch++) {
            offered = next(OFFERS);
            assertThat(epoch(offered)).isEqualTo(epoch);
            assertThat(sequences(offered)).containsExactly(1L, 2L, 3L, 4L);
        }
        get(catalog.write(DEMO, Writes.of(make("e", "e"))));
        assertThat(sequences(next(OFFERS))).containsExactly(5L);
    }

    @Test
    void offersTheSameAgainWithPausesUntilHqHasRecordedIt() throws InterruptedException {
        get(catalog.write(DEMO, Writes.of(make("a", "A"))));
        var nothing = Json.object().put("version", 4).put("epoch", 1).put("sequence", 0);
        hq.at(LOG, this::usualLog);
        hq.at(
                OFFERS,
                this::usualOffers,
                problem(500, "internal"),
                text(200, "{\"sequence\""),
                text(200, "{}"),
                cut(),
                problem(409, "stale_epoch"),
                json(200, nothing),
                json(200, nothing),
                json(200, nothing));
        link();
        var times = new ArrayList<Long>();
        for (var i = 0; i < 9; i++) {
            var request = next(OFFERS);
            assertThat(sequences(request)).containsExactly(1L);
            times.add(request.nanos());
        }
        assertThat(times.get(8) - times.get(5)).isGreaterThan(3 * MOST.toNanos() / 2); // recording nothing is a failure
        get(catalog.write(DEMO, Writes.of(make("b", "B"))));
        assertThat(sequences(next(OFFERS))).containsExactly(2L);
    }

    @Test
    void aBugDoesNotEndIt() {
        hq.at(LOG, this::usualLog);
        hq.at(OFFERS, this::usualOffers);
        link(state -> {
            states.add(state);
            if (states.size() < 3) {
                throw new IllegalStateException("a bug");
            }
        });
        assertThat(headAfter(0)).isEqualTo(new Version(3));
        log.write(Writes.of(rename("tea", "Black tea")));
        assertThat(headAfter(3)).isEqualTo(new Version(4));
        log.write(Writes.of(rename("tea", "White tea")));
        assertThat(headAfter(4)).isEqualTo(new Version(5));
    }

    @Test
    void givesUpAnAnswerThatStallsHalfWay() {
        hq.at(LOG, this::usualLog, stall());
        var client = new HqClient(
                hq.uri(), () -> "sms_secret", Optional.empty(), Duration.ofMillis(300), Duration.ofMillis(300));
        assertThatThrownBy(() -> get(client.get(LOG + "?after=0", Duration.ZERO)))
                .hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(get(client.get(LOG + "?after=0", Duration.ZERO)).body().path("entries"))
                .hasSize(3);
    }
}
