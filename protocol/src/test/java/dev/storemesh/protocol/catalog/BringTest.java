package dev.storemesh.protocol.catalog;

import static dev.storemesh.protocol.Samples.DEPARTMENT_NAME;
import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.at;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.Recall;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Remembered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What lines of an import do, and how the transaction that they are steps of is closed.
final class BringTest {
    private static final Provenance IMPORTER = Provenance.of("importer");
    private static final IdempotencyKey KEY = new IdempotencyKey("importer", "k");
    private static final String DIGEST = "ab".repeat(32);

    private final CatalogBench bench = CatalogBench.made();

    @BeforeEach
    void aCatalogWithTeaAndATransaction() {
        bench.write(item("tea", set(NAME, text("Tea")), set(PRICE, cents(350)), set("store-1", PRICE, cents(375))));
        bench.write(item("gone", set(NAME, text("Gone")), set(NOTE, text("old"))));
        bench.write(delete("gone"));
        bench.run(new Open(
                "1".repeat(32), IMPORTER, "", Duration.ofMinutes(1), Duration.ofHours(1), 1 << 20, Optional.empty()));
    }

    private static Operation bring(String object, boolean whole, Setting... set) {
        return bring(object, StandardSchema.ITEM, whole, set);
    }

    private static Operation bring(String object, TypeName type, boolean whole, Setting... set) {
        return new Operation.Bring(new ObjectRef.Known(new ObjectToken(object)), type, List.of(set), whole);
    }

    private Answer step(Operation... operations) {
        var lock = bench.standing().transactions().open().orElseThrow().lock();
        return bench.run(new Step(lock, bench.submit(IMPORTER, "", operations)));
    }

    private static Effects effects(Answer answer) {
        if (answer instanceof Answer.Staged staged) {
            return staged.effects().orElseThrow();
        }
        throw new AssertionError("no step: " + answer);
    }

    private static List<Code> codes(Answer answer) {
        if (answer instanceof Answer.Refused(Refusal.Violations(var violations, var count), var at)) {
            return violations.stream().map(Violation::code).toList();
        }
        throw new AssertionError("not refused: " + answer);
    }

    private Answer commit() {
        return bench.run(
                new Commit(bench.standing().transactions().open().orElseThrow().lock()));
    }

    @Test
    void anObjectThatIsNotThereIsMade() {
        assertThat(effects(step(bring("mug", false, set(NAME, text("Mug")))))).isEqualTo(new Effects(1, 0, 0));
        commit();
        assertThat(bench.value("mug", NAME)).contains(new Value.Text("Mug"));
    }

    @Test
    void mergingLeavesWhatTheLineDoesNotName() {
        assertThat(effects(step(bring("tea", false, set(PRICE, cents(399)))))).isEqualTo(new Effects(0, 1, 0));
        commit();
        assertThat(bench.value("tea", NAME)).contains(new Value.Text("Tea"));
        assertThat(bench.value("tea", PRICE)).contains(new Value.Money(399, "USD"));
        assertThat(bench.value("tea", at("store-1", PRICE))).contains(new Value.Money(375, "USD"));
    }

    @Test
    void aWholeObjectHasNothingElse() {
        assertThat(effects(step(bring("tea", true, set(PRICE, cents(350)))))).isEqualTo(new Effects(0, 1, 0));
        commit();
        assertThat(bench.value("tea", NAME)).isEmpty();
        assertThat(bench.value("tea", at("store-1", PRICE))).isEmpty();
        assertThat(bench.value("tea", PRICE)).contains(new Value.Money(350, "USD"));
    }

    @Test
    void whatStandsAlreadyIsNoChange() {
        assertThat(effects(
                        step(bring("tea", false, set(NAME, text("Tea"))), bring("mug", false, set(NAME, text("Mug"))))))
                .isEqualTo(new Effects(1, 0, 0));
        assertThat(bench.log().getLast().changes()).hasSize(1);
    }

    @Test
    void aDeletedObjectComesBackWithWhatTheLineSays() {
        assertThat(effects(step(bring("gone", false, set(NAME, text("Back")))))).isEqualTo(new Effects(1, 0, 0));
        commit();
        assertThat(bench.value("gone", NAME)).contains(new Value.Text("Back"));
        assertThat(bench.value("gone", NOTE)).isEmpty();
    }

    @Test
    void linesOfOneStepMayReferToEachOther() {
        var answer = step(
                bring("mug", false, set(IN_DEPARTMENT, text("cups"))),
                bring("cups", StandardSchema.DEPARTMENT, false, set(DEPARTMENT_NAME, text("Cups"))));
        assertThat(effects(answer)).isEqualTo(new Effects(2, 0, 0));
        assertThat(codes(step(bring("jug", false, set(IN_DEPARTMENT, text("jugs"))))))
                .containsExactly(Code.UNKNOWN_REFERENCE);
    }

    @Test
    void noObjectChangesItsTypeNorIsAServersOwn() {
        assertThat(codes(step(bring("tea", StandardSchema.DEPARTMENT, false)))).containsExactly(Code.TYPE_CHANGED);
        assertThat(codes(step(bring("gone", StandardSchema.DEPARTMENT, false)))).containsExactly(Code.TYPE_CHANGED);
        assertThat(codes(step(bring("x", new TypeName("sys.change_request"), false))))
                .containsExactly(Code.RESERVED_TYPE);
        assertThat(codes(step(bring("cr-1", false)))).containsExactly(Code.RESERVED_TOKEN);
        assertThat(codes(step(bring("x", new TypeName("com.nobody.knows"), false))))
                .containsExactly(Code.UNKNOWN_TYPE);
        assertThat(codes(step(bring("x", false, set(NAME, text("a")), set(NAME, text("b"))))))
                .containsExactly(Code.DUPLICATE_SLOT);
    }

    @Test
    void deletionsAreCounted() {
        assertThat(effects(step(delete("tea"), bring("mug", true)))).isEqualTo(new Effects(1, 0, 1));
    }

    @Nested
    final class Closed {
        private final Closing closing =
                new Closing(IMPORTER.withKey(Optional.of("k")), DIGEST, Map.of("created", new ObjectToken("1")));

        private LockToken lock() {
            return bench.standing().transactions().open().orElseThrow().lock();
        }

        private Answer recalled() {
            return bench.run(new Recall(KEY));
        }

        @Test
        void byACommitThatRemembersItsAnswer() {
            step(bring("mug", false));
            assertThat(recalled()).isEqualTo(new Answer.Recalled(Optional.empty()));
            var lock = lock();
            var rows = bench.catalog().position().number();
            assertThat(bench.run(new Commit(lock, Optional.of(closing)))).isInstanceOf(Answer.Ended.class);
            assertThat(bench.catalog().position().number()).as("one row").isEqualTo(rows + 1);
            assertThat(bench.head()).isEqualTo(lock.version());
            assertThat(recalled())
                    .isEqualTo(new Answer.Recalled(Optional.of(
                            new Remembered(lock.version(), DIGEST, Map.of("created", new ObjectToken("1"))))));
            assertThat(bench.partition().objects().object(new ObjectToken("mug"), bench.head(), Scope.all()))
                    .isPresent();
        }

        @Test
        void andForgottenWhenItIsVoid() {
            step(bring("mug", false));
            bench.run(new RollBack(lock()));
            assertThat(recalled()).isEqualTo(new Answer.Recalled(Optional.empty()));
        }

        @Test
        void notUnderAKeyThatWasUsed() {
            bench.run(new RollBack(lock()));
            bench.run(bench.submit(IMPORTER.withKey(Optional.of("k")), "cd".repeat(32), item("jug")));
            bench.run(new Open(
                    "2".repeat(32),
                    IMPORTER,
                    "",
                    Duration.ofMinutes(1),
                    Duration.ofHours(1),
                    1 << 20,
                    Optional.empty()));
            var answer = bench.run(new Commit(lock(), Optional.of(closing)));
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(new Refusal.KeyReused()));
            assertThat(bench.standing().transactions().open()).isPresent();
        }

        @Test
        void byTheHolderOnly() {
            var other = new LockToken(lock().version(), "2".repeat(32));
            assertThat(bench.run(new Commit(other, Optional.of(closing)))).isInstanceOf(Answer.Refused.class);
            assertThat(bench.standing().transactions().open()).isPresent();
        }
    }
}
