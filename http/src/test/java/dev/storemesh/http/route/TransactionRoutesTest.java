package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRoutesTest extends WithApi {
    private static final String CATALOG = "/api/v1/catalogs/demo";
    private static final String TRANSACTION = CATALOG + "/transaction";
    private static final String WRITES = CATALOG + "/writes";
    private static final String TEA = "{'operations':[{'op':'put','object':'#tea','type':'retail.item'}]}";
    private static final Version V43 = new Version(43);
    private static final LockToken LOCK = new LockToken(V43, "0123456789abcdef0123456789abcdef");
    private static final String TOKEN = PAGE_TOKENS.locks().write(Ports.DEMO, LOCK);
    private static final Map<String, String> HELD = Map.of("Storemesh-Lock", TOKEN);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Answer.Opened OPENED =
            new Answer.Opened(LOCK, NOON, NOON.plusSeconds(60), NOON.plusSeconds(14_400), Optional.empty(), false);
    private static final Answer.Staged STAGED =
            new Answer.Staged(V43, 2, Map.of("#tea", new ObjectToken("01TEA")), false);

    private void answers(Answer answer) {
        ports.answer = CompletableFuture.completedStage(answer);
    }

    private Opening opening() {
        return (Opening) ports.asked.getLast();
    }

    @Nested
    class Opened {
        @Test
        void tellsTheLockToWhoOpensIt() {
            answers(OPENED);
            var seen = send(
                    "editor",
                    "POST",
                    TRANSACTION,
                    "{'idleSeconds':90,'reason':'spring'}",
                    Map.of("Idempotency-Key", "k1"));
            assertThat(seen.outcome()).isEqualTo("201");
            assertThat(seen.headers()).containsEntry("Storemesh-Version", "43");
            assertThat(seen.body())
                    .hasToString("{\"version\":43,\"lock\":\"" + TOKEN + "\",\"since\":\"2026-03-01T12:00:00.000Z\","
                            + "\"until\":\"2026-03-01T12:01:00.000Z\",\"ends\":\"2026-03-01T16:00:00.000Z\"}");
            assertThat(opening().idle()).isEqualTo(Duration.ofSeconds(90));
            assertThat(opening().first()).isEmpty();
            assertThat(opening().provenance())
                    .isEqualTo(Provenance.of("editor")
                            .withReason(Optional.of("spring"))
                            .withKey(Optional.of("k1")));
        }

        @Test
        void needsNoBodyAndIdlesAMinute() {
            answers(OPENED);
            assertThat(post("editor", TRANSACTION, "").outcome()).isEqualTo("201");
            assertThat(opening().idle()).isEqualTo(Duration.ofMinutes(1));
        }

        @Test
        void repeatedIsNamedSo() {
            answers(new Answer.Opened(LOCK, NOON, NOON, NOON, Optional.empty(), true));
            assertThat(post("editor", TRANSACTION, "{}").body().path("replayed").asBoolean())
                    .isTrue();
        }

        @Test
        void byAWriteIsItsFirstStep() {
            answers(new Answer.Opened(LOCK, NOON, NOON, NOON, Optional.of(STAGED), false));
            var seen = post("editor", WRITES, TEA.replace("]}", "],'transaction':'open','reason':'new'}"));
            assertThat(seen.outcome()).isEqualTo("200");
            assertThat(seen.body().path("lock").asText()).isEqualTo(TOKEN);
            assertThat(seen.body().path("step").asInt()).isEqualTo(2);
            assertThat(seen.body().path("objects")).hasToString("{\"#tea\":\"01TEA\"}");
            var first = opening().first().orElseThrow();
            assertThat(first.operations()).hasSize(1);
            assertThat(opening().provenance()).isEqualTo(first.provenance());
            assertThat(opening().digest()).isEqualTo(first.digest());
        }

        @ParameterizedTest
        @CsvSource({
            "{'idleSeconds':0}, 400 invalid_value /idleSeconds",
            "{'idleSeconds':3601}, 400 invalid_value /idleSeconds",
            "{'idleSeconds':'60'}, 400 invalid_value /idleSeconds",
            "{'idle':60}, 400 unknown_field /idle",
            "[], 400 invalid_value "
        })
        void isRefusedIfItIsNotOfTheForm(String body, String outcome) {
            assertThat(post("editor", TRANSACTION, body.replace("''", "'"))
                            .named()
                            .strip())
                    .isEqualTo(outcome.strip());
            assertThat(ports.asked).isEmpty();
        }

        @Test
        void isNotTwiceByItsHolder() {
            answers(OPENED);
            assertThat(send("editor", "POST", TRANSACTION, "", HELD).named())
                    .isEqualTo("400 invalid_header Storemesh-Lock");
            var opening = TEA.replace("]}", "],'transaction':'open'}");
            assertThat(send("editor", "POST", WRITES, opening, HELD).named())
                    .isEqualTo("400 invalid_header Storemesh-Lock");
            assertThat(post("editor", WRITES, opening.replace("open", "close")).named())
                    .isEqualTo("400 invalid_value /transaction");
            assertThat(ports.asked).isEmpty();
        }

        @Test
        void isForThoseWhoMayWriteAndAtHqOnly() {
            assertThat(post("reader", TRANSACTION, "").outcome()).isEqualTo("403 forbidden");
            assertThat(post("editor", "/api/v1/catalogs/other/transaction", "").outcome())
                    .isEqualTo("404 unknown_catalog");
            assertThat(ports.asked).isEmpty();
            answers(Answer.refuse(new Refusal.HqOnly()));
            assertThat(post("editor", TRANSACTION, "").outcome()).isEqualTo("409 hq_only");
        }

        @Test
        void isShownWithItsCatalog() {
            ports.head = new Reading.Found<>(
                    new Version(42),
                    new CatalogHead(
                            Ports.DEMO,
                            new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H"),
                            new Version(42),
                            new ChainHash("0".repeat(64)),
                            3,
                            false,
                            Optional.of(new CatalogHead.Transaction(
                                    V43,
                                    Provenance.of("ann").withReason(Optional.of("spring")),
                                    NOON,
                                    NOON.plusSeconds(60),
                                    NOON.plusSeconds(120)))));
            assertThat(get("reader", CATALOG).body().path("transaction"))
                    .hasToString("{\"version\":43,\"caller\":\"ann\",\"since\":\"2026-03-01T12:00:00.000Z\","
                            + "\"until\":\"2026-03-01T12:01:00.000Z\",\"ends\":\"2026-03-01T12:02:00.000Z\","
                            + "\"reason\":\"spring\"}");
        }
    }

    @Nested
    class Ended {
        @Test
        void isCommittedByItsHolder() {
            answers(new Answer.Ended(V43, new Ending(Ending.How.COMMITTED, NOON), false));
            var seen = send("editor", "POST", TRANSACTION + "/commit", "", HELD);
            assertThat(seen.outcome()).isEqualTo("200");
            assertThat(seen.body()).hasToString("{\"version\":43}");
            assertThat(ports.asked).containsExactly(Ports.DEMO, LOCK);
        }

        @Test
        void isRolledBackByItsHolder() {
            answers(new Answer.Ended(V43, new Ending(Ending.How.ROLLED_BACK, NOON), true));
            var seen = send("editor", "DELETE", TRANSACTION, "", HELD);
            assertThat(seen.outcome()).isEqualTo("200");
            assertThat(seen.body()).hasToString("{\"version\":43,\"void\":true,\"replayed\":true}");
            assertThat(ports.asked).containsExactly(Ports.DEMO, LOCK);
        }

        @Test
        void needsTheLock() {
            assertThat(post("editor", TRANSACTION + "/commit", "").outcome()).isEqualTo("403 lock_needed");
            assertThat(send("editor", "DELETE", TRANSACTION, "").outcome()).isEqualTo("403 lock_needed");
            assertThat(ports.asked).isEmpty();
        }

        @Test
        void isNotForAStoreToDo() {
            ports.standing = new SitePort.Standing("store-1", SitePort.Kind.STORE, true, Optional.empty());
            for (var headers : List.of(HELD, Map.<String, String>of(), Map.of("Storemesh-Lock", "sml_HQs"))) {
                assertThat(send("editor", "POST", TRANSACTION + "/commit", "", headers)
                                .outcome())
                        .isEqualTo("409 hq_only");
                assertThat(send("editor", "DELETE", TRANSACTION, "", headers).outcome())
                        .isEqualTo("409 hq_only");
            }
            assertThat(ports.asked).isEmpty();
        }

        @Test
        void staysSo() {
            var over = new Refusal.TransactionOver(V43, Optional.of(new Ending(Ending.How.IDLE, NOON)));
            answers(Answer.refuse(over));
            for (var seen : List.of(
                    send("editor", "POST", TRANSACTION + "/commit", "", HELD),
                    send("editor", "POST", WRITES, TEA, HELD))) {
                assertThat(seen.outcome()).isEqualTo("410 transaction_over");
                assertThat(seen.body().path("how").asText()).isEqualTo("idle");
                assertThat(seen.body().path("at").asText()).isEqualTo("2026-03-01T12:00:00.000Z");
                assertThat(seen.body().path("version").asLong()).isEqualTo(43);
            }
            answers(Answer.refuse(new Refusal.TransactionOver(V43, Optional.empty())));
            assertThat(send("editor", "DELETE", TRANSACTION, "", HELD).body().has("how"))
                    .isFalse();
            ports.object = new Reading.TransactionOver<>(new Version(50), V43, Optional.empty());
            var read = send("reader", "GET", CATALOG + "/objects/tea", "", HELD);
            assertThat(read.outcome()).isEqualTo("410 transaction_over");
            assertThat(read.headers()).containsEntry("Storemesh-Version", "50");
        }
    }

    @Nested
    class Held {
        @Test
        void makesStepsOfWrites() {
            answers(STAGED);
            var seen = send("editor", "POST", WRITES, TEA, HELD);
            assertThat(seen.outcome()).isEqualTo("200");
            assertThat(seen.body()).hasToString("{\"version\":43,\"step\":2,\"objects\":{\"#tea\":\"01TEA\"}}");
            assertThat(ports.asked.getFirst()).isEqualTo(Terms.holding(LOCK));
            assertThat(ports.asked.getLast()).isInstanceOf(Write.class);
        }

        @Test
        void makesStepsOfRevertsAndOfSchemaChanges() {
            ports.schema = new Reading.Found<>(V43, new SchemaView(List.of()));
            answers(STAGED);
            var changes = Map.of(
                    "POST /revert", "{'to':3}",
                    "POST /types", "{'name':'com.acme.card'}",
                    "PUT /types/com.acme.card", "{}",
                    "PUT /locations/store-1", "{'kind':'store'}",
                    "POST /apps", "{'app':'com.acme.loyalty','version':1,'types':[{'name':'com.acme.loyalty.card'}]}");
            changes.forEach((call, body) -> {
                ports.asked.clear();
                var words = call.split(" ", -1);
                var seen = send("editor", words[0], CATALOG + words[1], body, HELD);
                assertThat(seen.outcome()).as(call).isEqualTo("200");
                assertThat(seen.body().path("step").asInt()).as(call).isEqualTo(2);
                assertThat(ports.asked).as(call).contains(Terms.holding(LOCK));
            });
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET /objects",
                    "GET /objects/tea",
                    "GET /objects/by/retail.item.barcode/1",
                    "GET /objects/tea/history",
                    "GET /changes?since=0",
                    "GET /diff?from=1&to=43",
                    "GET /export",
                    "GET /types",
                    "GET /locations/store-1",
                    "GET /apps",
                    "POST /query {}",
                    "POST /query {'group':'north'}"
                })
        void readsWhatIsBeingMade(String call) {
            var words = call.split(" ", -1);
            send("reader", words[0], CATALOG + words[1], words.length > 2 ? words[2] : "", HELD);
            assertThat(ports.asked).contains(Terms.holding(LOCK));
            ports.asked.clear();
            send("reader", words[0], CATALOG + words[1], words.length > 2 ? words[2] : "");
            assertThat(ports.asked).doesNotContain(Terms.holding(LOCK));
        }

        @Test
        void isOfNoMatterToTheLog() {
            send("reader", "GET", CATALOG + "/log?after=41&step=3", "", HELD);
            assertThat(ports.asked).noneMatch(Terms.class::isInstance);
            assertThat(((LogQuery) ports.asked.getLast()).after()).isEqualTo(new LogPlace(new Version(41), 3));
            assertThat(get("reader", CATALOG + "/log?step=-1").named()).isEqualTo("400 invalid_parameter step");
            assertThat(get("reader", CATALOG + "/log?step=1&caller=ann").named())
                    .isEqualTo("400 invalid_parameter step");
        }
    }

    @Nested
    class Forged {
        @ParameterizedTest
        @ValueSource(strings = {"", " ", "x", "sml_", "sml_TDpx", "CUT", "OTHER", "ELSEWHERE", "PAGE", "TWICE", "LONG"})
        void locksAreRefusedUnasked(String what) {
            var lock = switch (what) {
                case "CUT" -> TOKEN.substring(0, TOKEN.length() - 1);
                case "OTHER" -> PAGE_TOKENS.locks().write(new CatalogId("other"), LOCK);
                case "ELSEWHERE" -> new PageTokens("ab".repeat(32)).locks().write(Ports.DEMO, LOCK);
                case "PAGE" -> "sml_" + PAGE_TOKENS.write(new PageCursor("objects", Ports.DEMO, V43, Map.of(), "tea"));
                case "TWICE" -> TOKEN + "," + TOKEN;
                case "LONG" -> "sml_" + "A".repeat(100_000);
                default -> what;
            };
            var headers = Map.of("Storemesh-Lock", lock);
            for (var call : List.of(
                    "GET /objects/tea",
                    "GET /objects",
                    "POST /writes " + TEA,
                    "POST /transaction/commit",
                    "DELETE /transaction")) {
                var words = call.split(" ", -1);
                assertThat(send("editor", words[0], CATALOG + words[1], words.length > 2 ? words[2] : "", headers)
                                .outcome())
                        .as(call)
                        .isEqualTo("403 bad_lock");
            }
            assertThat(ports.asked).isEmpty();
        }

        @Test
        void twoHeadersAreNotOne() {
            var twice = Map.of("Storemesh-Lock", TOKEN, "storemesh-lock", TOKEN);
            assertThat(send("reader", "GET", CATALOG + "/objects/tea", "", twice)
                            .named())
                    .isEqualTo("400 invalid_header Storemesh-Lock");
            assertThat(ports.asked).isEmpty();
        }

        @Test
        void isNotToldFromWhoMayNotSeeTheCatalog() {
            assertThat(send("editor", "GET", "/api/v1/catalogs/other/objects", "", HELD)
                            .outcome())
                    .isEqualTo("404 unknown_catalog");
            assertThat(send("stranger", "GET", CATALOG + "/objects", "", HELD).outcome())
                    .isEqualTo("401 unauthenticated");
        }
    }

    @Nested
    class KeptOut {
        private final Answer locked = Answer.refuse(
                new Refusal.Locked(V43, Provenance.of("ann"), NOON, NOON.plusSeconds(60)), new Version(42));

        @Test
        void isToldByWhomAndUntilWhen() {
            answers(locked);
            var seen = post("editor", WRITES, TEA);
            assertThat(seen.outcome()).isEqualTo("423 locked");
            assertThat(seen.headers()).containsEntry("Retry-After", "5").containsEntry("Storemesh-Version", "42");
            assertThat(seen.headers()).doesNotContainKey("Preference-Applied");
            assertThat(seen.body().path("caller").asText()).isEqualTo("ann");
            assertThat(seen.body().path("since").asText()).isEqualTo("2026-03-01T12:00:00.000Z");
            assertThat(seen.body().path("until").asText()).isEqualTo("2026-03-01T12:01:00.000Z");
        }

        @Test
        void waitsAsLongAsIsPreferred() {
            answers(locked);
            var seen = send("editor", "POST", WRITES, TEA, Map.of("Prefer", "respond-async, wait=10"));
            assertThat(seen.outcome()).isEqualTo("423 locked");
            assertThat(seen.headers()).containsEntry("Preference-Applied", "wait=10");
            assertThat(ports.asked.getFirst()).isEqualTo(Terms.waiting(Duration.ofSeconds(10)));
            send("editor", "POST", WRITES, TEA, Map.of("Prefer", "wait=3600"));
            assertThat(ports.asked).contains(Terms.waiting(Duration.ofSeconds(30)));
        }

        @Test
        void waitsWithTheOpeningOfAnotherAndWithDecisions() {
            answers(locked);
            var patient = Map.of("Prefer", "wait=2");
            assertThat(send("editor", "POST", TRANSACTION, "", patient).headers())
                    .containsEntry("Preference-Applied", "wait=2");
            assertThat(ports.asked.getFirst()).isEqualTo(Terms.waiting(Duration.ofSeconds(2)));
            ports.asked.clear();
            var decision = "/api/v1/change-requests/cr-01JNZ8R0AAAAAAAAAAAAAAAAAA/approve?catalog=demo";
            var seen = send("operator", "POST", decision, "", patient);
            assertThat(seen.outcome()).isEqualTo("423 locked");
            assertThat(seen.headers()).containsEntry("Preference-Applied", "wait=2");
            assertThat(ports.asked.getFirst()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void readsDoNotWait() {
            var seen = send("reader", "GET", CATALOG + "/objects/tea", "", Map.of("Prefer", "wait=2"));
            assertThat(seen.headers()).doesNotContainKey("Preference-Applied");
            assertThat(ports.asked).noneMatch(Terms.class::isInstance);
        }
    }
}
