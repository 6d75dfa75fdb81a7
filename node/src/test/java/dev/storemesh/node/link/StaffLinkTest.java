package dev.storemesh.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.storemesh.node.link.ScriptedHq.Heard;
import dev.storemesh.node.site.HomeFolder;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.Access.Token;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.VerificationOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a store hears of its staff and replaces its credential, with an HQ that fails in every way.
class StaffLinkTest {
    private static final StoreId STORE = new StoreId("store-1");
    private static final String ACCESS = "/api/v1/stores/store-1/access";
    private static final String CREDENTIAL = "/api/v1/stores/store-1/credential";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration MONTH = Duration.ofDays(30);
    private static final StaffList NOBODY = StaffList.of(List.of());
    private static final StaffList ANN = StaffList.of(List.of(new Token(
            "t1",
            "Ann",
            Role.CLERK,
            Optional.empty(),
            Optional.empty(),
            Optional.of(STORE),
            SecretHash.of("smt_1"),
            NOON,
            Optional.empty(),
            false)));
    private static final ActorTestKit KIT = ActorTestKit.create("staff-link", ConfigFactory.load());

    @TempDir
    Path folder;

    private final ScriptedHq hq = new ScriptedHq();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final BlockingQueue<StaffList> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<VerificationOrder> orders = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> secrets = new LinkedBlockingQueue<>();
    private final BlockingQueue<LinkState> states = new LinkedBlockingQueue<>();
    private final AtomicReference<String> known = new AtomicReference<>(StaffList.NONE);
    private HomeFolder home;

    @BeforeEach
    void open() throws StartFailure {
        home = HomeFolder.open(folder);
    }

    @AfterEach
    void close() {
        hq.close();
        home.close();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private Enrolment enrolment() {
        return new Enrolment(
                hq.uri(),
                STORE,
                new CatalogId("demo"),
                new HistoryId("01JCZ0000000000000000000HQ"),
                1,
                "sms_1",
                SecretHash.of("smj_1"),
                NOON,
                Optional.empty());
    }

    private HeldEnrolment link(Enrolment enrolment) throws IOException {
        home.write(Enrolment.FILE, enrolment.text());
        var held = new HeldEnrolment(home, enrolment);
        var settings = new LinkSettings(
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                1_000,
                100,
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                MONTH,
                64,
                LinkSettings.Followed.ALL,
                MONTH);
        var client = new HqClient(
                hq.uri(),
                () -> {
                    secrets.add(held.credential());
                    return held.credential();
                },
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2));
        KIT.spawn(StaffLink.create(
                held, new Book(), client, settings, states::add, now::get, new SplittableRandom(1), orders::add));
        return held;
    }

    private final class Book implements StaffLink.Book {
        @Override
        public CompletionStage<String> known() {
            return CompletableFuture.completedFuture(known.get());
        }

        @Override
        public CompletionStage<?> hear(StaffList list) {
            known.set(list.version());
            heard.add(list);
            return CompletableFuture.completedFuture(list);
        }
    }

    private static ObjectNode nobody(Heard request) {
        return NOBODY.write().put("store", "store-1");
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    @Test
    void hearsOfItsStaffWhateverHappensOnTheWay() throws Exception {
        hq.at(
                ACCESS,
                StaffLinkTest::nobody,
                ScriptedHq.problem(503, "unavailable"),
                ScriptedHq.cut(),
                ScriptedHq.text(200, "no JSON"),
                ScriptedHq.json(200, Json.object().put("version", "x")),
                ScriptedHq.json(200, ANN.write()));
        link(enrolment());
        assertThat(next(heard)).isEqualTo(ANN);
        assertThat(next(heard)).isEqualTo(NOBODY);
        var requests = hq.heard(ACCESS);
        for (var failed = 0; failed < 4; failed++) {
            assertThat(next(requests).uri().getQuery()).isEqualTo("known=&order=&wait=1");
        }
        next(requests);
        assertThat(next(requests).uri().getQuery()).isEqualTo("known=" + ANN.version() + "&order=&wait=1");
    }

    @Test
    void saysThatHqDoesNotLetItIn() throws Exception {
        hq.at(
                ACCESS,
                StaffLinkTest::nobody,
                ScriptedHq.problem(403, "store_suspended"),
                ScriptedHq.problem(403, "store_removed"));
        link(enrolment());
        assertThat(next(states)).isEqualTo(LinkState.SUSPENDED);
        assertThat(next(states)).isEqualTo(LinkState.REMOVED);
        assertThat(next(heard)).isEqualTo(NOBODY); // it was let in again
    }

    @Test
    void asksForAnotherCredentialInTimeAndUsesItOnlyWhenItIsOnDisk() throws Exception {
        hq.at(ACCESS, StaffLinkTest::nobody);
        hq.at(
                CREDENTIAL,
                request -> Json.object().put("store", "store-1").put("credential", "sms_2"),
                ScriptedHq.problem(503, "unavailable"),
                ScriptedHq.cut());
        var held = link(enrolment());
        next(heard);
        assertThat(hq.heard(CREDENTIAL)).isEmpty(); // it is not due
        now.set(NOON.plus(MONTH));
        for (var asked = 0; asked < 3; asked++) {
            next(hq.heard(CREDENTIAL));
        }
        while (!next(secrets).equals("sms_2")) {
            assertThat(held.now().credential()).isIn("sms_1", "sms_2");
        }
        var onDisk = Enrolment.read(home).orElseThrow();
        assertThat(onDisk).isEqualTo(held.now());
        assertThat(onDisk.credential()).isEqualTo("sms_2");
        assertThat(onDisk.former()).contains("sms_1");
        assertThat(onDisk.since()).isEqualTo(NOON.plus(MONTH));
        heard.clear();
        next(heard);
        assertThat(hq.heard(CREDENTIAL)).isEmpty(); // once is enough
    }

    /// As when HQ was restored from a backup that is older than the credential.
    @Test
    void triesItsFormerCredentialWhereHqDoesNotKnowThePresentOneAndReplacesBoth() throws Exception {
        hq.at(ACCESS, StaffLinkTest::nobody, ScriptedHq.problem(401, "unauthenticated"));
        hq.at(CREDENTIAL, request -> Json.object().put("store", "store-1").put("credential", "sms_3"));
        var held = link(enrolment().by("sms_2", NOON));
        assertThat(next(secrets)).isEqualTo("sms_2");
        assertThat(next(secrets)).isEqualTo("sms_1"); // asks for another one by it
        assertThat(next(secrets)).isEqualTo("sms_3");
        assertThat(held.now().former()).contains("sms_1");
        assertThat(Enrolment.read(home)).contains(held.now());
    }

    @Test
    void hearsOnceWhatHqOrders() throws Exception {
        var order = new VerificationOrder("01JCZ0000000000000000000V1", Cause.ORDERED, true, NOON);
        var ordered = NOBODY.write().put("store", "store-1");
        ordered.set("order", order.write());
        hq.at(ACCESS, StaffLinkTest::nobody, ScriptedHq.json(200, ordered), ScriptedHq.json(200, ordered));
        link(enrolment());
        assertThat(next(orders)).isEqualTo(order);
        var requests = hq.heard(ACCESS);
        next(requests);
        assertThat(next(requests).uri().getQuery()).contains("&order=" + order.id() + "&");
        next(requests);
        assertThat(next(requests).uri().getQuery()).contains("&order=" + order.id() + "&");
        assertThat(orders).isEmpty();
    }
}
