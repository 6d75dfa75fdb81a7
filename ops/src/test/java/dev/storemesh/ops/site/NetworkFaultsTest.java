package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.site.NetworkSchedule.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// HQ and three stores on a network that breaks, while the stores ask for changes and HQ edits the same items.
/// After it is whole again, all sites hold the same bytes, and each request that a store acknowledged took effect
/// once, in order.
///
/// `-Dstoremesh.schedules=N` runs more of them, `-Dstoremesh.seed=S` others.
@Isolated("has the machine to itself to be as fast as it can")
final class NetworkFaultsTest {
    private static final int STORES = 3;
    private static final int KILLS_EVERY = 4; // schedules
    private static final int CUT_OFF_REQUESTS = 1_000;
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String CATALOG = "/catalogs/demo";
    private static final List<String> UNDECIDED = List.of("conflicted", "waiting");
    private static final List<String> ITEMS =
            IntStream.range(0, 12).mapToObj(number -> "item-" + number).toList();

    @TempDir
    Path folder = Path.of("");

    private final List<SiteProcess> sites = new ArrayList<>();
    private final List<MarkingStore> marking = new ArrayList<>();
    private final MarkLedger ledger = new MarkLedger();
    private final ExecutorService people = Executors.newCachedThreadPool();
    private Optional<StarNetwork> network = Optional.empty();
    private long edits;

    @BeforeEach
    void start() throws Exception {
        StarNetwork.need();
        var star = new StarNetwork(STORES);
        network = Optional.of(star);
        for (var site = 0; site <= STORES; site++) {
            var home = Files.createDirectory(folder.resolve(site == 0 ? "hq" : "store-" + site));
            Files.writeString(home.resolve("storemesh.conf"), """
                    storemesh.http { bind = "0.0.0.0", allow-plain-tokens = true }
                    storemesh.link { allow-plain-tokens = true, wait = 2s, answer = 2s, backoff-max = 500ms }
                    """);
            sites.add(new SiteProcess(home, star.host(site), star.port(), star.prefix(site)));
        }
        hq().start();
        prepare(hq().operator());
        for (var store = 1; store <= STORES; store++) {
            var joinToken = hq().operator()
                    .post("/stores", "{\"store\":\"store-" + store + "\",\"catalog\":\"demo\"}")
                    .expect(201)
                    .body()
                    .path("joinToken")
                    .asText();
            sites.get(store).start("--join", star.hqUrl(store), "--token", joinToken);
        }
        converge();
    }

    @AfterEach
    void leaveNothingBehind() throws InterruptedException {
        people.shutdownNow();
        sites.forEach(SiteProcess::close);
        network.ifPresent(StarNetwork::close);
        assertThat(people.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void prepare(Caller operator) throws Exception {
        operator.put(CATALOG).expect(201);
        for (var store = 1; store <= STORES; store++) {
            operator.post(CATALOG + "/locations", "{\"id\":\"store-" + store + "\",\"kind\":\"store\"}")
                    .expect(200);
        }
        operator.post(
                        CATALOG + "/definitions",
                        "{\"name\":\"com.acme.mark\",\"type\":\"retail.item\",\"valueType\":\"string\","
                                + "\"cardinality\":\"many\",\"variesByLocation\":true}")
                .expect(200);
        operator.post(
                        CATALOG + "/decision-rules",
                        "{\"name\":\"com.acme.marks\",\"decision\":\"approve\",\"definitions\":[\"com.acme.mark\"]}")
                .expect(200);
        var items = ITEMS.stream()
                .map(item -> "{\"op\":\"put\",\"object\":\"" + item + "\",\"create\":true,\"type\":\"retail.item\"}")
                .toList();
        operator.post(CATALOG + "/writes", "{\"operations\":[" + String.join(",", items) + "]}")
                .expect(200);
    }

    private SiteProcess hq() {
        return sites.getFirst();
    }

    private StarNetwork star() {
        return network.orElseThrow();
    }

    @Test
    void afterAnyFaultsAllSitesHoldTheSameAndEachRequestTookEffectOnceAndInOrder() throws Exception {
        var seed = Long.getLong("storemesh.seed", System.nanoTime());
        var schedules = Integer.getInteger("storemesh.schedules", 20);
        System.out.println("NetworkFaultsTest: seed " + seed + ", " + schedules + " schedules");
        for (var store = 1; store <= STORES; store++) {
            marking.add(new MarkingStore(store, ITEMS, seed));
        }
        cutOffWithAThousandRequests(new Random(seed));
        for (var number = 1; number < schedules; number++) {
            var schedule = NetworkSchedule.of(seed + number, STORES, number % KILLS_EVERY == 0);
            try {
                run(schedule);
            } catch (Exception | AssertionError failure) {
                sites.forEach(site -> System.out.println(site.logTail()));
                throw new AssertionError("schedule " + number + " of seed " + seed + ": " + schedule, failure);
            }
        }
        System.out.println("NetworkFaultsTest: " + ledger.version() + " versions, marks "
                + marking.stream().map(MarkingStore::marks).toList());
    }

    /// A store queues, is killed, and starts while it is cut off; HQ edits the same items meanwhile.
    private void cutOffWithAThousandRequests(Random random) throws Exception {
        star().cutToStore(1);
        star().cutToHq(1);
        var before = sites.get(1).operator().visible("demo");
        var store = marking.getFirst();
        for (var i = 0; i < CUT_OFF_REQUESTS; i++) {
            store.mark(sites.get(1).operator());
            if (i % 10 == 0) {
                edit(random);
            }
        }
        sites.get(1).kill();
        sites.get(1).start();
        assertThat(sites.get(1).operator().visible("demo"))
                .as("a store that starts while it is cut off reads what it had")
                .isEqualTo(before);
        star().healAll();
        converge();
    }

    private void run(NetworkSchedule schedule) throws Exception {
        var enough = new AtomicBoolean();
        var working = new ArrayList<Future<?>>();
        for (var i = 0; i < STORES; i++) {
            var store = marking.get(i);
            var site = sites.get(i + 1);
            working.add(people.submit(during(() -> store.work(site.operator(), enough::get))));
        }
        working.add(people.submit(during(() -> {
            var random = new Random(schedule.seed());
            while (!enough.get()) {
                edit(random);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        })));
        for (var step : schedule.steps()) {
            LockSupport.parkNanos(step.pause().toNanos());
            carryOut(step.fault());
        }
        star().healAll();
        enough.set(true);
        for (var person : working) {
            person.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        converge();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Callable<Void> during(Work work) {
        return () -> {
            work.run();
            return null;
        };
    }

    private void carryOut(Fault fault) throws Exception {
        switch (fault) {
            case Fault.CutBoth(var store) -> {
                star().heal(store);
                star().cutToStore(store);
                star().cutToHq(store);
            }
            case Fault.CutToStore(var store) -> {
                star().heal(store);
                star().cutToStore(store);
            }
            case Fault.CutToHq(var store) -> {
                star().heal(store);
                star().cutToHq(store);
            }
            case Fault.Heal(var store) -> star().heal(store);
            case Fault.Flap(var store, var times) -> {
                for (var i = 0; i < times; i++) {
                    carryOut(new Fault.CutBoth(store));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
                    star().heal(store);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
                }
            }
            case Fault.Kill(var site) -> {
                sites.get(site).kill();
                sites.get(site).start();
            }
        }
    }

    /// HQ changes an item that stores mark; now and then at a store's own place, so that requests for it meet a
    /// conflict.
    private void edit(Random random) throws Exception {
        var location = random.nextInt(4) == 0 ? ",\"location\":\"store-" + (1 + random.nextInt(STORES)) + "\"" : "";
        var body = "{\"operations\":[{\"op\":\"put\",\"object\":\"" + ITEMS.get(random.nextInt(ITEMS.size()))
                + "\",\"set\":[{\"attribute\":\"com.acme.mark\"" + location + ",\"value\":\"hq-" + edits + "\"}]}]}";
        var key = "edit-" + edits++;
        Eventually.see(
                "HQ takes " + key,
                SOON,
                () -> {
                    try {
                        return hq().operator()
                                .within(Duration.ofSeconds(2))
                                .post(CATALOG + "/writes", body, Optional.of(key))
                                .status();
                    } catch (IOException away) {
                        return 0;
                    }
                },
                status -> status == 200);
    }

    /// Waits until nothing is under way any more, decides what waits for a person, and looks at everything.
    private void converge() throws Exception {
        var operator = hq().operator();
        for (var store = 1; store <= STORES; store++) {
            var there = sites.get(store).operator();
            for (var status : List.of("queued", "sent")) {
                Eventually.see(
                        "nothing is " + status + " at store " + store,
                        SOON,
                        () -> there.get("/change-requests?catalog=demo&status=" + status),
                        reply -> reply.status() == 200
                                && reply.body().path("changeRequests").isEmpty());
            }
        }
        decideAll(operator);
        var version = operator.visible("demo");
        var whole =
                operator.get(CATALOG + "/export?version=" + version).expect(200).raw();
        for (var store = 1; store <= STORES; store++) {
            var there = sites.get(store).operator();
            Eventually.see(
                    "store " + store + " has version " + version,
                    SOON,
                    () -> there.get(CATALOG),
                    reply -> reply.status() == 200
                            && reply.body().path("visible").asLong() == version);
            assertThat(there.get(CATALOG + "/export?version=" + version)
                            .expect(200)
                            .raw())
                    .as("store " + store + " at version " + version)
                    .isEqualTo(whole);
            assertThat(there.get(CATALOG).expect(200).body().path("chain"))
                    .isEqualTo(operator.get(CATALOG).expect(200).body().path("chain"));
        }
        readLog(operator, version);
        ledger.check(marking);
    }

    private static void decideAll(Caller operator) throws Exception {
        Eventually.see(
                "no request is undecided",
                SOON,
                () -> {
                    for (var status : UNDECIDED) {
                        operator.post(
                                        "/change-request-decisions",
                                        "{\"decision\":\"approve\",\"catalog\":\"demo\",\"status\":\"" + status
                                                + "\",\"version\":" + operator.visible("demo") + "}")
                                .expect(200);
                    }
                    return undecided(operator);
                },
                List::isEmpty);
    }

    private static List<JsonNode> undecided(Caller operator) throws Exception {
        var all = new ArrayList<JsonNode>();
        for (var status : UNDECIDED) {
            operator.get("/change-requests?catalog=demo&status=" + status)
                    .expect(200)
                    .body()
                    .path("changeRequests")
                    .forEach(all::add);
        }
        return all;
    }

    private void readLog(Caller operator, long version) throws Exception {
        while (ledger.version() < version) {
            operator.get(CATALOG + "/log?limit=1000&after=" + ledger.version())
                    .expect(200)
                    .body()
                    .path("entries")
                    .forEach(ledger::read);
        }
    }
}
