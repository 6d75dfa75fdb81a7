package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Closing;
import dev.storemesh.protocol.catalog.Effects;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Remembered;
import dev.storemesh.protocol.write.Write;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The way of lines through a transaction; the catalog is scripted.
class ImportRoutesTest extends WithApi {
    private static final String IMPORT = "/api/v1/catalogs/demo/import";
    private static final Version V7 = new Version(7);
    private static final LockToken LOCK = new LockToken(V7, "0123456789abcdef0123456789abcdef");
    private static final TypeName ITEM = new TypeName("retail.item");

    private final List<Write> steps = new ArrayList<>();

    @BeforeEach
    void aCatalogThatTakesAll() {
        ports.answer =
                stage(new Answer.Opened(LOCK, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Optional.empty(), false));
        ports.ended = Optional.of(how -> new Answer.Ended(V7, new Ending(how, Instant.EPOCH), false));
        ports.writes = write -> {
            steps.add(write);
            return stage(staged(write));
        };
    }

    private static CompletionStage<Answer> stage(Answer answer) {
        return CompletableFuture.completedStage(answer);
    }

    /// As if all lines made objects.
    private static Answer staged(Write write) {
        var deleted = write.operations().stream()
                .filter(Operation.Delete.class::isInstance)
                .count();
        return new Answer.Staged(
                V7,
                1,
                Map.of(),
                false,
                Optional.of(new Effects(write.operations().size() - deleted, 0, deleted)));
    }

    private static Answer refused(Violation... violations) {
        return Answer.refuse(new Refusal.Violations(List.of(violations), violations.length), new Version(6));
    }

    private static String line(String object, String... references) {
        var attributes = new StringBuilder();
        for (var reference : references) {
            attributes
                    .append(attributes.isEmpty() ? "" : ",")
                    .append("{\"attribute\":\"retail.item.department\",\"value\":\"" + reference + "\"}");
        }
        return "{\"object\":\"" + object + "\",\"type\":\"retail.item\",\"attributes\":[" + attributes + "]}\n";
    }

    private Seen bring(String query, String body) {
        return bring(query, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private Seen bring(String query, byte[] body, Map<String, String> headers) {
        return send("editor", IMPORT + query, "application/x-ndjson", body, headers);
    }

    private List<String> objects(int step) {
        return steps.get(step).operations().stream()
                .map(operation -> operation.object().text())
                .toList();
    }

    private List<Ending.How> endings() {
        return ports.asked.stream()
                .filter(Ending.How.class::isInstance)
                .map(Ending.How.class::cast)
                .toList();
    }

    private static long count(Seen seen, String name) {
        return seen.body().path("counts").path(name).asLong(-1);
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    @Nested
    class Taken {
        @Test
        void asStepsOfATransactionThatNobodyElseHolds() {
            var body = new StringBuilder();
            IntStream.range(0, 2_500).forEach(number -> body.append(line("o" + number)));
            var seen = bring("?reason=spring", body.toString());
            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.headers()).containsEntry("Storemesh-Version", "7");
            assertThat(seen.body().path("version").asLong()).isEqualTo(7);
            assertThat(count(seen, "lines")).isEqualTo(2_500);
            assertThat(count(seen, "created")).isEqualTo(2_500);
            assertThat(seen.body().path("refused")).isEmpty();
            assertThat(steps.stream().map(step -> step.operations().size())).containsExactly(1_000, 1_000, 500);
            assertThat(steps)
                    .allSatisfy(step -> assertThat(step.provenance())
                            .isEqualTo(Provenance.of("editor").withReason(Optional.of("spring"))));
            assertThat(ports.asked).contains(Terms.holding(LOCK));
            assertThat(ports.asked.stream().filter(Opening.class::isInstance)).hasSize(1);
            assertThat(endings()).containsExactly(Ending.How.COMMITTED);
        }

        @Test
        void packedToo() {
            var seen = bring("", gzip(line("a") + line("b")), Map.of("Content-Encoding", "gzip"));
            assertThat(seen.status()).isEqualTo(200);
            assertThat(objects(0)).containsExactly("a", "b");
        }

        @Test
        void wholeWhereTheyReplace() {
            ports.schema = new Reading.Found<>(V7, new SchemaView(List.of()));
            ports.slice = new Reading.Found<>(new Version(6), new Slice(List.of(), false));
            bring("?mode=replace", line("a"));
            bring("?mode=merge", line("a"));
            assertThat(steps.stream().map(step -> step.operations().getFirst()))
                    .extracting(operation -> operation instanceof Operation.Bring bring && bring.whole())
                    .containsExactly(true, false);
        }

        @Test
        void thoseOfTheSchemaTogetherBeforeTheOthers() {
            var schema = line("sys.a").replace("retail.item", "sys.type");
            bring("", schema + schema.replace("sys.a", "sys.b") + line("x") + line("y"));
            assertThat(objects(0)).containsExactly("sys.a", "sys.b");
            assertThat(objects(1)).containsExactly("x", "y");
        }

        @Test
        void nothingAtAllIsAVersion() {
            assertThat(count(bring("", ""), "lines")).isZero();
            assertThat(endings()).containsExactly(Ending.How.COMMITTED);
        }
    }

    @Nested
    class HeldBack {
        @Test
        void untilWhatTheyReferToIsThere() {
            var made = new ArrayList<String>();
            ports.writes = write -> {
                steps.add(write);
                var wrong = write.operations().stream()
                        .filter(operation -> operation.object().text().equals("early") && !made.contains("late"))
                        .map(operation -> Violation.of(Code.UNKNOWN_REFERENCE, "early", "no late"))
                        .toArray(Violation[]::new);
                if (wrong.length > 0) {
                    return stage(refused(wrong));
                }
                write.operations()
                        .forEach(operation -> made.add(operation.object().text()));
                return stage(staged(write));
            };
            var body = new StringBuilder(line("early", "late") + line("earlier", "early"));
            IntStream.range(0, 1_000).forEach(number -> body.append(line("o" + number)));
            var seen = bring("", body + line("late"));
            assertThat(seen.status()).isEqualTo(200);
            assertThat(count(seen, "created")).isEqualTo(1_003);
            assertThat(objects(1)).doesNotContain("early", "earlier").hasSize(998);
            assertThat(objects(3)).containsExactly("early", "earlier");
        }

        @Test
        void asOneWhereTheyReferToEachOther() {
            ports.writes = write -> {
                steps.add(write);
                var names = write.operations().stream()
                        .map(operation -> operation.object().text())
                        .toList();
                return stage(
                        names.contains("a") != names.contains("b")
                                ? refused(Violation.of(Code.UNKNOWN_REFERENCE, names.contains("a") ? "a" : "b", "no"))
                                : staged(write));
            };
            var body = new StringBuilder(line("a", "b"));
            IntStream.range(0, 1_000).forEach(number -> body.append(line("o" + number)));
            var seen = bring("", body + line("b", "a"));
            assertThat(seen.status()).isEqualTo(200);
            assertThat(steps.getLast().operations()).hasSize(2);
        }
    }

    @Nested
    class Refused {
        @BeforeEach
        void cheapLinesAreWrong() {
            ports.writes = write -> {
                steps.add(write);
                var wrong = write.operations().stream()
                        .map(operation -> operation.object().text())
                        .filter(object -> object.startsWith("bad"))
                        .map(object -> Violation.of(Code.WRONG_VALUE_TYPE, object, "wrong"))
                        .toArray(Violation[]::new);
                return stage(wrong.length > 0 ? refused(wrong) : staged(write));
            };
        }

        @Test
        void oneRefusesAll() {
            var seen = bring("", line("a") + line("bad") + line("b"));
            assertThat(seen.outcome()).isEqualTo("422 import_refused");
            assertThat(count(seen, "refused")).isEqualTo(1);
            assertThat(seen.body().path("refused").get(0).toString())
                    .startsWith("{\"line\":2,\"object\":\"bad\",\"code\":\"wrong_value_type\",\"message\":\"wrong\"");
            assertThat(endings()).containsExactly(Ending.How.ROLLED_BACK);
        }

        @Test
        void orIsLeftOut() {
            var seen = bring("?onRefused=skip", line("a") + line("bad") + line("b"));
            assertThat(seen.status()).isEqualTo(200);
            assertThat(count(seen, "created")).isEqualTo(2);
            assertThat(seen.body().path("refused")).hasSize(1);
            assertThat(endings()).containsExactly(Ending.How.COMMITTED);
        }

        @Test
        void aSecondLineOfAnObjectIs() {
            var seen = bring("", line("a") + line("a"));
            assertThat(seen.body().path("refused").get(0).path("code").asText()).isEqualTo("duplicate_object");
        }

        @Test
        void theFirstTenThousandAreTold() {
            var body = new StringBuilder();
            IntStream.range(0, 10_500).forEach(number -> body.append(line("bad" + number)));
            var seen = bring("", body.toString());
            assertThat(count(seen, "refused")).isEqualTo(10_500);
            assertThat(seen.body().path("refused")).hasSize(10_000);
        }
    }

    @Nested
    class Failed {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'object':'a' | 400 malformed_json",
                    "{'type':'retail.item'} | 400 missing_field /object",
                    "[] | 400 invalid_value",
                })
        void aLineThatSaysNothingLeavesNothing(String bad, String outcome) {
            var seen = bring("", line("a") + bad.replace('\'', '"') + "\n" + line("b"));
            assertThat(seen.named().strip()).isEqualTo(outcome);
            assertThat(seen.body().path("line").asLong()).isEqualTo(2);
            assertThat(endings()).containsExactly(Ending.How.ROLLED_BACK);
        }

        @Test
        void aLineThatIsTooLong() {
            assertThat(bring("", line("a") + "x".repeat(2 << 20)).outcome()).isEqualTo("413 too_large");
            assertThat(endings()).containsExactly(Ending.How.ROLLED_BACK);
        }

        @Test
        void whatIsNotPackedOrIsCut() {
            var packed = Map.of("Content-Encoding", "gzip");
            var whole = gzip(line("a").repeat(100));
            assertThat(bring("", line("a").getBytes(StandardCharsets.UTF_8), packed)
                            .outcome())
                    .isEqualTo("400 malformed_request");
            assertThat(bring("", Arrays.copyOf(whole, whole.length - 9), packed).outcome())
                    .isEqualTo("400 malformed_request");
            assertThat(endings()).hasSize(2).containsOnly(Ending.How.ROLLED_BACK);
        }

        @Test
        void whatBreaksOff() {
            var broken = Source.single(ByteString.fromString(line("a")))
                    .concat(Source.failed(new IllegalStateException("the client went away")));
            var seen = send(
                    "editor",
                    "POST",
                    IMPORT,
                    HttpEntities.createChunked(ContentTypes.parse("application/x-ndjson"), broken),
                    Map.of());
            assertThat(seen.outcome()).isEqualTo("400 malformed_request");
            assertThat(endings()).containsExactly(Ending.How.ROLLED_BACK);
        }

        @Test
        void aStepWithoutAnAnswer() {
            ports.writes = write -> CompletableFuture.failedStage(new IllegalStateException("no answer"));
            assertThat(bring("", line("a")).outcome()).isEqualTo("503 unavailable");
            assertThat(endings()).containsExactly(Ending.How.ROLLED_BACK);
        }

        @Test
        void aTransactionThatIsOver() {
            ports.writes = write -> stage(Answer.refuse(
                    new Refusal.TransactionOver(V7, Optional.of(new Ending(Ending.How.TOO_LONG, Instant.EPOCH)))));
            assertThat(bring("", line("a")).outcome()).isEqualTo("410 transaction_over");
        }

        @Test
        void whatSomebodyElseKeepsOut() {
            ports.answer = stage(Answer.refuse(
                    new Refusal.Locked(V7, Provenance.of("ann"), Instant.EPOCH, Instant.EPOCH), new Version(6)));
            assertThat(bring("", line("a")).outcome()).isEqualTo("423 locked");
            ports.answer = stage(Answer.refuse(new Refusal.HqOnly()));
            assertThat(bring("", line("a")).outcome()).isEqualTo("409 hq_only");
            assertThat(steps).isEmpty();
            assertThat(endings()).isEmpty();
        }

        @Test
        void whatIsAskedForInOddWords() {
            assertThat(bring("?mode=both", "").named()).isEqualTo("400 invalid_parameter mode");
            assertThat(bring("?onRefused=shrug", "").named()).isEqualTo("400 invalid_parameter onRefused");
            assertThat(bring("?types=retail.item", "").named()).isEqualTo("400 invalid_parameter types");
            assertThat(bring("?mode=replace&types=sys.change_request", "").named())
                    .isEqualTo("400 invalid_parameter types");
            assertThat(bring("?reason=" + "x".repeat(5_000), "").named()).isEqualTo("400 invalid_parameter reason");
            assertThat(bring("", new byte[0], Map.of("Storemesh-Lock", "sml_x")).named())
                    .isEqualTo("400 invalid_header Storemesh-Lock");
            assertThat(send("editor", IMPORT, "application/json", new byte[] {'{'}, Map.of())
                            .outcome())
                    .isEqualTo("415 unsupported_media_type");
            assertThat(bring("", new byte[0], Map.of("Content-Encoding", "br")).outcome())
                    .isEqualTo("415 unsupported_media_type");
            assertThat(send("reader", IMPORT, "application/x-ndjson", new byte[0], Map.of())
                            .outcome())
                    .isEqualTo("403 forbidden");
            assertThat(ports.asked).isEmpty();
        }
    }

    @Nested
    class Replacing {
        private static Slice slice(String... objects) {
            return new Slice(
                    Arrays.stream(objects)
                            .<ObjectView>map(object ->
                                    new ObjectView.Live(new ObjectToken(object), ITEM, new Version(1), List.of()))
                            .toList(),
                    false);
        }

        @BeforeEach
        void aCatalogOfThree() {
            ports.schema = new Reading.Found<>(V7, new SchemaView(List.of()));
            ports.slice = new Reading.Found<>(new Version(6), slice("a", "b", "c"));
        }

        @Test
        void deletesWhatHasNoLineAsItWasBefore() {
            var seen = bring("?mode=replace", line("b"));
            assertThat(count(seen, "deleted")).isEqualTo(2);
            assertThat(objects(1)).containsExactly("a", "c");
            assertThat(ports.asked.stream().filter(PageQuery.class::isInstance).map(PageQuery.class::cast))
                    .singleElement()
                    .satisfies(page -> {
                        assertThat(page.version()).contains(new Version(6));
                        assertThat(page.selection().type()).contains(ITEM);
                    });
        }

        @Test
        void deletesOfTheTypesThatAreNamed() {
            bring("?mode=replace&types=com.acme.card,com.acme.stamp", line("b"));
            assertThat(ports.asked.stream()
                            .filter(PageQuery.class::isInstance)
                            .map(PageQuery.class::cast)
                            .map(page -> page.selection().type().orElseThrow().text()))
                    .containsExactly("com.acme.card", "com.acme.stamp");
        }

        @Test
        void deletesLastWhatIsStillReferredTo() {
            ports.writes = write -> {
                steps.add(write);
                return stage(
                        steps.size() == 2
                                ? refused(Violation.of(Code.REFERENCED, "a", "c refers to it"))
                                : staged(write));
            };
            var seen = bring("?mode=replace", line("b"));
            assertThat(count(seen, "deleted")).isEqualTo(2);
            assertThat(objects(2)).containsExactly("c");
            assertThat(objects(3)).containsExactly("a");
        }

        @Test
        void refusesAllWhereSomethingHasToStay() {
            ports.writes = write -> {
                steps.add(write);
                return stage(
                        objects(steps.size() - 1).contains("a")
                                ? refused(Violation.of(Code.REFERENCED, "a", "x refers to it"))
                                : staged(write));
            };
            var seen = bring("?mode=replace", line("b"));
            assertThat(seen.outcome()).isEqualTo("422 import_refused");
            var told = seen.body().path("refused").get(0);
            assertThat(told.has("line")).isFalse();
            assertThat(told.path("object").asText()).isEqualTo("a");
            assertThat(told.path("code").asText()).isEqualTo("referenced");
        }
    }

    @Nested
    class Repeated {
        private final Map<String, String> keyed = Map.of("Idempotency-Key", "k1");
        private final byte[] body = (line("a") + line("b")).getBytes(StandardCharsets.UTF_8);

        private Closing closing() {
            return ports.asked.stream()
                    .filter(Closing.class::isInstance)
                    .map(Closing.class::cast)
                    .findFirst()
                    .orElseThrow();
        }

        private void remember(Closing closing) {
            ports.remembered = Optional.of(new Remembered(V7, closing.digest(), closing.names()));
            ports.asked.clear();
            steps.clear();
        }

        private JsonNode counts(Seen seen) {
            return seen.body().path("counts");
        }

        @Test
        void theSameIsNotDoneTwice() {
            var first = bring("", body, keyed);
            assertThat(closing().provenance().key()).contains("k1");
            assertThat(ports.asked).contains(new IdempotencyKey("editor", "k1"));
            remember(closing());
            var again = bring("", body, keyed);
            assertThat(again.status()).isEqualTo(200);
            assertThat(counts(again)).isEqualTo(counts(first));
            assertThat(again.body().path("replayed").asBoolean()).isTrue();
            assertThat(bring(
                                    "",
                                    gzip(new String(body, StandardCharsets.UTF_8)),
                                    Map.of("Idempotency-Key", "k1", "Content-Encoding", "gzip"))
                            .status())
                    .isEqualTo(200);
            assertThat(steps).isEmpty();
            assertThat(ports.asked).noneMatch(Opening.class::isInstance);
        }

        @Test
        void anotherBodyOrQuestionUnderItsKeyIsRefused() {
            bring("", body, keyed);
            remember(closing());
            assertThat(bring("", line("c").getBytes(StandardCharsets.UTF_8), keyed)
                            .outcome())
                    .isEqualTo("422 key_reused");
            assertThat(bring("?onRefused=skip", body, keyed).outcome()).isEqualTo("422 key_reused");
            assertThat(steps).isEmpty();
        }

        @Test
        void withoutAKeyNothingIsRemembered() {
            bring("", body, Map.of());
            assertThat(ports.asked).noneMatch(Closing.class::isInstance).noneMatch(IdempotencyKey.class::isInstance);
        }
    }
}
