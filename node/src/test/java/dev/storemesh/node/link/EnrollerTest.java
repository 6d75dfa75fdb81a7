package dev.storemesh.node.link;

import static dev.storemesh.node.link.ScriptedHq.json;
import static dev.storemesh.node.link.ScriptedHq.problem;
import static dev.storemesh.node.link.ScriptedHq.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.node.link.ScriptedHq.Heard;
import dev.storemesh.node.site.HomeFolder;
import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Enrolment, ended at any step and begun again.
class EnrollerTest {
    private static final String ENROLMENTS = "/api/v1/enrolments";
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
            Duration.ofMinutes(10));
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path folder;

    private final ScriptedHq hq = new ScriptedHq();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger credentials = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile String store = "store-1";

    @AfterEach
    void stop() {
        hq.close();
    }

    private ObjectNode usual(Heard request) {
        return Json.object()
                .put("store", store)
                .put("catalog", "demo")
                .put("history", "01JCZ0000000000000000000HQ")
                .put("epoch", 1)
                .put("credential", "sms_" + credentials.incrementAndGet());
    }

    /// A start of the node, as far as its enrolment.
    private Optional<Enrolment> start(Optional<Join> join) throws StartFailure {
        try (var home = HomeFolder.open(folder)) {
            return Enroller.enrol(
                    home,
                    join,
                    SETTINGS,
                    Optional.empty(),
                    () -> "node-" + made.incrementAndGet(),
                    () -> NOON,
                    new Enroller.Waiting(CompletableFuture.completedFuture(true), stopping::get));
        }
    }

    private Optional<Join> join(String token) {
        return Optional.of(new Join(hq.uri(), token));
    }

    private String node() throws InterruptedException {
        return hq.heard(ENROLMENTS).take().body().path("node").asText();
    }

    @Test
    void keepsItsNodeIdHoweverOftenItIsEndedAndEnrolsOnce() throws Exception {
        hq.at(
                ENROLMENTS,
                this::usual,
                problem(401, "unauthenticated"),
                text(502, "<html>"),
                problem(503, "unavailable"));
        assertThatThrownBy(() -> start(join("smj_1")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("unknown or has expired")
                .hasMessageNotContaining("smj_1");
        var first = start(join("smj_1")).orElseThrow(); // after two failures that pass
        Files.delete(folder.resolve("link.json")); // ended after HQ answered, before the answer was kept
        var second = start(join("smj_1")).orElseThrow();
        assertThat(first.credential()).isEqualTo("sms_1");
        assertThat(second.credential()).isEqualTo("sms_2");
        for (var i = 0; i < 5; i++) {
            assertThat(node()).isEqualTo("node-1");
        }

        assertThat(start(join("smj_1"))).contains(second); // from its file: HQ is not asked
        assertThat(start(Optional.empty())).contains(second);
        assertThat(hq.heard(ENROLMENTS)).isEmpty();
        assertThat(start(join("smj_2")).orElseThrow().credential()).isEqualTo("sms_3"); // joined anew
        assertThat(node()).isEqualTo("node-1");
        assertThat(start(Optional.empty()).orElseThrow().credential()).isEqualTo("sms_3");
    }

    @Test
    void keepsTheCredentialForItsOwnerAlone() throws Exception {
        hq.at(ENROLMENTS, this::usual);
        var enrolment = start(join("smj_1")).orElseThrow();
        assertThat(enrolment.toString()).doesNotContain("sms_1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("link.json"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("link.json"))).doesNotContain("smj_1");
    }

    @Test
    void saysWhatIsWrongWithAnAnswerThatIsNone() {
        hq.at(ENROLMENTS, this::usual, json(200, Json.object().put("store", "store-1")));
        assertThatThrownBy(() -> start(join("smj_1")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("what is no enrolment");
    }

    @Test
    void saysThatAnotherNodeUsedTheJoinToken() {
        hq.at(ENROLMENTS, this::usual, problem(409, "join_token_used"));
        assertThatThrownBy(() -> start(join("smj_1")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("another node has joined with it");
    }

    @Test
    void sendsNoSecretInTheClearBeyondThisMachine() throws IOException {
        assertThatThrownBy(() -> start(Optional.of(new Join(URI.create("http://192.0.2.1:8080"), "smj_1"))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("plain HTTP beyond this machine");
    }

    @Test
    void doesNotStartFromAnEnrolmentThatIsDamaged() throws Exception {
        hq.at(ENROLMENTS, this::usual);
        start(join("smj_1"));
        Files.writeString(folder.resolve("link.json"), "{\"format\": 1, \"hq\": ");
        assertThatThrownBy(() -> start(Optional.empty()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("link.json");
    }

    @Test
    void aHomeOfHqNeverBecomesAStores() throws Exception {
        hq.at(ENROLMENTS, this::usual);
        assertThat(start(Optional.empty())).isEmpty();
        assertThatThrownBy(() -> start(join("smj_1")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("is HQ's");
        assertThat(hq.heard(ENROLMENTS)).isEmpty();
        assertThat(start(Optional.empty())).isEmpty();
    }

    @Test
    void aStoresHomeNeverBecomesHqs() throws Exception {
        hq.at(ENROLMENTS, this::usual);
        start(join("smj_1"));
        Files.delete(folder.resolve("link.json"));
        assertThatThrownBy(() -> start(Optional.empty()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("enrolment is not complete");
    }

    @Test
    void aStoresHomeNeverBecomesAnotherStores() throws Exception {
        hq.at(ENROLMENTS, this::usual);
        var enrolment = start(join("smj_1"));
        store = "store-2";
        assertThatThrownBy(() -> start(join("smj_2")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("for store store-2")
                .hasMessageContaining("that of store store-1");
        assertThat(start(Optional.empty())).isEqualTo(enrolment);
    }

    @Test
    void waitsForHqOnlyUntilTheNodeIsToldToStop() throws Exception {
        stopping.set(true);
        assertThatThrownBy(() -> start(Optional.of(new Join(URI.create("http://127.0.0.1:1"), "smj_1"))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("was stopped");
    }

    @Test
    void readsItsFirstFormatForEver() throws Exception {
        Files.writeString(folder.resolve("link.json"), """
                {"format":1,"hq":"https://hq.example:8443","store":"store-1","catalog":"demo",
                 "history":"01JCZ0000000000000000000HQ","epoch":2,"credential":"sms_x","joined":"ab"}
                """);
        assertThat(start(Optional.empty()))
                .contains(new Enrolment(
                        URI.create("https://hq.example:8443"),
                        new StoreId("store-1"),
                        new CatalogId("demo"),
                        new HistoryId("01JCZ0000000000000000000HQ"),
                        2,
                        "sms_x",
                        new SecretHash("ab"),
                        Instant.EPOCH,
                        Optional.empty()));
    }
}
