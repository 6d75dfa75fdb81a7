package dev.storemesh.node.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.node.link.ScriptedHq.Heard;
import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One enrolment for all nodes of a store.
class TwinEnrolmentTest {
    private static final String ENROLMENTS = "/api/v1/enrolments";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final CompletionStage<?> MEMBER = CompletableFuture.completedFuture(true);
    private static final LinkSettings SETTINGS = new LinkSettings(
            Optional.empty(),
            Optional.empty(),
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            1_000,
            100,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofDays(30),
            64,
            LinkSettings.Followed.ALL,
            Duration.ofMinutes(5));

    private final TwinFiles files = new TwinFiles();
    private final ScriptedHq hq = new ScriptedHq();
    private final AtomicInteger credentials = new AtomicInteger();
    private final AtomicInteger nodes = new AtomicInteger();

    @AfterEach
    void stop() {
        hq.close();
    }

    private ObjectNode enrolled(Heard request) {
        return Json.object()
                .put("store", "store-1")
                .put("catalog", "demo")
                .put("history", "01JCZ0000000000000000000HQ")
                .put("epoch", 1)
                .put("credential", "sms_" + credentials.incrementAndGet());
    }

    private Optional<Enrolment> start(Optional<Join> join, CompletionStage<?> member) throws StartFailure {
        return Enroller.enrol(
                files,
                join,
                SETTINGS,
                Optional.empty(),
                () -> "node-" + nodes.incrementAndGet(),
                () -> NOON,
                new Enroller.Waiting(member, () -> false));
    }

    private Optional<Join> join(String token) {
        return Optional.of(new Join(hq.uri(), token));
    }

    private HeldEnrolment held() throws Exception {
        return new HeldEnrolment(files, Enrolment.read(files).orElseThrow());
    }

    @Test
    void theSecondNodeNeedsNoToken() throws Exception {
        hq.at(ENROLMENTS, this::enrolled);
        var first = start(join("smj_1"), MEMBER);
        assertThat(start(Optional.empty(), MEMBER)).isEqualTo(first);
        assertThat(start(join("smj_1"), MEMBER)).isEqualTo(first);
        assertThat(hq.heard(ENROLMENTS)).hasSize(1);
    }

    /// HQ answers each repetition by another credential and ends the one before.
    @Test
    void nodesThatStartAtOnceWithOneTokenEnrolOnce() throws Exception {
        hq.at(ENROLMENTS, this::enrolled);
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<Optional<Enrolment>> one = () -> start(join("smj_1"), MEMBER);
            var starts = threads.invokeAll(Collections.nCopies(4, one));
            for (var start : starts) {
                assertThat(start.get().orElseThrow().credential()).isEqualTo("sms_1");
            }
        }
        assertThat(hq.heard(ENROLMENTS)).hasSize(1);
        assertThat(nodes).hasValue(1);
    }

    @Test
    void aNodeThatIsFasterThanTheFirstOneWaitsForItAndMakesNoHq() throws Exception {
        hq.at(ENROLMENTS, this::enrolled);
        var member = new CompletableFuture<Boolean>();
        try (var threads = Executors.newSingleThreadExecutor()) {
            var early = threads.submit(() -> start(Optional.empty(), member));
            var first = start(join("smj_1"), MEMBER);
            member.complete(true);
            assertThat(early.get(30, TimeUnit.SECONDS)).isEqualTo(first);
        }
        assertThat(files.read(Enroller.KIND)).contains("store");
    }

    @Test
    void aDatabaseOfHqNeverBecomesAStores() throws Exception {
        hq.at(ENROLMENTS, this::enrolled);
        assertThat(start(Optional.empty(), MEMBER)).isEmpty();
        assertThat(start(Optional.empty(), new CompletableFuture<>())).isEmpty(); // nobody needs to wait any more
        assertThatThrownBy(() -> start(join("smj_1"), MEMBER))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("database of a test is HQ's");
        assertThat(hq.heard(ENROLMENTS)).isEmpty();
    }

    @Test
    void saysWhatASecondServerNeedsWhereTheTokenWasUsed() {
        hq.at(ENROLMENTS, this::enrolled, ScriptedHq.problem(409, "join_token_used"));
        assertThatThrownBy(() -> start(join("smj_1"), MEMBER))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("a second server of the same store needs no token");
    }

    /// It was frozen between HQ's answer and keeping it.
    @Test
    void aNodeThatLostTheLinkOverwritesNoCredential() throws Exception {
        hq.at(ENROLMENTS, this::enrolled);
        start(join("smj_1"), MEMBER);
        var lost = held();
        var took = held();
        took.replace("sms_2", NOON);
        lost.replace("sms_late", NOON);
        assertThat(Enrolment.read(files).orElseThrow().credential()).isEqualTo("sms_2");
        assertThat(lost.credential()).isEqualTo("sms_2");
        took.replace("sms_3", NOON);
        lost.tryAnother(); // HQ refused it
        assertThat(lost.credential()).isEqualTo("sms_3");
        lost.tryAnother(); // and this one, too: HQ is an older one
        assertThat(lost.credential()).isEqualTo("sms_2");
        lost.replace("sms_4", NOON);
        assertThat(took.reload()).isTrue();
        assertThat(took.credential()).isEqualTo("sms_4");
    }

    @Test
    void enrolsAnewOnlyOverWhatItKnew() throws Exception {
        hq.at(ENROLMENTS, this::enrolled);
        var first = start(join("smj_1"), MEMBER).orElseThrow();
        var again = start(join("smj_2"), MEMBER).orElseThrow();
        assertThat(again.credential()).isNotEqualTo(first.credential());
        assertThat(start(Optional.empty(), MEMBER)).contains(again);
        assertThat(nodes).hasValue(1);
    }
}
