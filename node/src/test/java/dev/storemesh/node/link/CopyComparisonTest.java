package dev.storemesh.node.link;

import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.replica.HqLog.DEMO;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.route.CatalogDigests;
import dev.storemesh.http.route.CatalogDigests.Summed;
import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Writes;
import dev.storemesh.node.link.ScriptedHq.Heard;
import dev.storemesh.node.replica.FollowedCatalog;
import dev.storemesh.node.replica.HqLog;
import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.DigestJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification.Difference;
import dev.storemesh.protocol.verify.Verification.Different;
import dev.storemesh.protocol.verify.Verification.Kind;
import dev.storemesh.protocol.verify.Verification.NotCompared;
import dev.storemesh.protocol.verify.Verification.Outcome;
import dev.storemesh.protocol.verify.Verification.Same;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store's copy against an HQ that says what we like.
class CopyComparisonTest {
    private static final String DIGEST = "/api/v1/catalogs/demo/digest";
    private static final String OTHER = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private static final Optional<LocationId> HERE = Optional.of(new LocationId("store-1"));

    private final ScriptedHq hq = new ScriptedHq();
    private final AtomicReference<LinkState> state = new AtomicReference<>(LinkState.REACHABLE);
    private final AtomicInteger moves = new AtomicInteger(); // to another scope, while it is compared

    @SuppressWarnings("NullAway.Init") // by @BeforeEach
    private TestSite site;

    @SuppressWarnings("NullAway.Init") // by @BeforeEach
    private FollowedCatalog catalog;

    @BeforeEach
    void startAStoreThatHoldsTwoObjects() {
        var log = new HqLog("01JCZ0000000000000000000HQ");
        log.write(Writes.of(make("tea", "Tea")));
        log.write(Writes.of(make("milk", "Milk")));
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
        get(catalog.enrol(new StoreId("store-1"), log.history(), 1));
        get(catalog.replica()
                .<ReplicaEntity.Outcome>ask(
                        replyTo -> new ReplicaEntity.Follow(log.history(), log.entries(), replyTo), TestSite.SOON));
    }

    @AfterEach
    void stop() {
        site.close();
        hq.close();
    }

    private HqClient client() {
        return new HqClient(
                hq.uri(), () -> "sms_secret", Optional.empty(), Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    private Outcome outcome() {
        return get(new CopyComparison(catalog, DEMO, client(), state::get).outcome());
    }

    private Summed summed(int buckets, Set<Integer> inDetail) {
        var reading = get(CatalogDigests.of(catalog, DEMO, Optional.empty(), buckets, inDetail, Optional.empty()));
        if (reading instanceof Reading.Found<Summed>(var at, var summed)) {
            return summed;
        }
        throw new AssertionError("nothing to read: " + reading);
    }

    /// What the store holds itself.
    private ObjectNode theSame(Heard request) {
        var query = request.uri().getQuery();
        assertThat(query).contains("version=3&");
        var buckets = Integer.parseInt(query.replaceAll(".*buckets=([0-9]+).*", "$1"));
        var json = Json.object().put("version", 3);
        if (!query.contains("bucket=")) {
            DigestJson.write(json.putArray("digests"), summed(buckets, Set.of()).digest());
            return json;
        }
        var summed = summed(buckets, DigestJson.buckets(query.replaceAll(".*bucket=([0-9,]+).*", "$1")));
        DigestJson.write(json.putArray("digests"), summed.digest());
        var objects = json.putArray("objects");
        summed.objects()
                .forEach((object, digest) -> DigestJson.write(
                        objects.addObject().put("object", object.text()).putArray("digests"), digest));
        return json;
    }

    /// Other tea, and salt where the store has milk.
    private ObjectNode another(Heard request) {
        var json = theSame(request);
        json.withArray("digests").forEach(CopyComparisonTest::alter);
        json.path("objects").forEach(object -> {
            if (object.path("object").asText().equals("tea")) {
                object.path("digests").forEach(CopyComparisonTest::alter);
            }
            if (object.path("object").asText().equals("milk")) {
                ((ObjectNode) object).put("object", "salt");
            }
        });
        return json;
    }

    private static void alter(JsonNode digest) {
        ((ObjectNode) digest).put("sum", OTHER);
    }

    @Test
    void aStoreOfOneLocationComparesWhatIsOfItAndAsksAgainWhenItHoldsAnother() {
        hq.at(DIGEST, this::theSame);
        var catalogs = new AtomicInteger();
        var others = (CatalogPort) Proxy.newProxyInstance(
                CatalogPort.class.getClassLoader(), new Class<?>[] {CatalogPort.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("location")) {
                        return method.invoke(catalog, arguments);
                    }
                    var isFirst = catalogs.getAndIncrement() == 0;
                    return CompletableFuture.completedStage(
                            isFirst || moves.get() == 0 ? HERE : Optional.<LocationId>empty());
                });
        assertThat(get(new CopyComparison(others, DEMO, client(), state::get).outcome()))
                .isInstanceOf(Same.class);
        assertThat(hq.heard(DIGEST).element().uri().getQuery()).contains("&location=store-1");
        catalogs.set(0);
        moves.set(1);
        assertThat(new CopyComparison(others, DEMO, client(), state::get).outcome())
                .failsWithin(TestSite.SOON)
                .withThrowableThat()
                .withMessageContaining("another copy");
    }

    @Test
    void whatIsTheSameIsFoundByOneQuestion() {
        hq.at(DIGEST, this::theSame);
        assertThat(outcome()).isInstanceOfSatisfying(Same.class, same -> {
            assertThat(same.version()).isEqualTo(new Version(3));
            assertThat(same.rows()).isGreaterThanOrEqualTo(4); // two objects, and a name of each
        });
        assertThat(hq.heard(DIGEST)).hasSize(1);
    }

    @Test
    void namesTheObjectsThatDiffer() {
        hq.at(DIGEST, this::another);
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Different.class,
                        different -> assertThat(different.objects())
                                .contains(
                                        new Difference(new ObjectToken("milk"), Kind.MISSING_AT_HQ),
                                        new Difference(new ObjectToken("salt"), Kind.MISSING_AT_STORE),
                                        new Difference(new ObjectToken("tea"), Kind.DIFFERS)));
    }

    @Test
    void saysThatTheyDifferWhereThereIsTooMuchToName() {
        hq.at(
                DIGEST,
                this::another,
                ScriptedHq.json(200, onlyBucket(0)),
                ScriptedHq.json(200, onlyBucket(1)),
                ScriptedHq.problem(413, "too_large"));
        assertThat(outcome()).isInstanceOfSatisfying(Different.class, different -> {
            assertThat(different.objects()).isEmpty();
            assertThat(different.more()).isTrue();
        });
    }

    private static ObjectNode onlyBucket(int bucket) {
        var json = Json.object().put("version", 3);
        var digests = json.putArray("digests");
        digests.addObject().put("bucket", bucket).put("rows", 1).put("sum", OTHER);
        return json;
    }

    @Test
    void anHqThatDoesNotHaveTheVersionIsNotCompared() {
        hq.at(DIGEST, this::theSame, ScriptedHq.problem(409, "diverged"));
        assertThat(outcome()).isEqualTo(new NotCompared("diverged"));
    }

    @Test
    void anHqThatDoesNotAnswerIsForLater() {
        hq.at(DIGEST, this::theSame, ScriptedHq.problem(503, "unavailable"), ScriptedHq.cut());
        assertThatThrownBy(this::outcome).hasRootCauseInstanceOf(HqClient.Refused.class);
        assertThatThrownBy(this::outcome).isNotNull();
        assertThat(outcome()).isInstanceOf(Same.class);
    }

    @Test
    void doesNotCompareWithAnotherLogThanTheOneItFollows() {
        state.set(LinkState.DIVERGED);
        assertThat(outcome()).isEqualTo(new NotCompared("diverged"));
    }
}
