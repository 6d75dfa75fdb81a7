package dev.storemesh.protocol.catalog;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Expire;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Ending.How;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class TransactionDeciderTest {
    private static final Provenance IMPORTER = Provenance.of("importer");
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final LockToken LOCK = lock(2, 1);

    private final CatalogBench bench = CatalogBench.made();

    private static LockToken lock(long version, int number) {
        return new LockToken(new Version(version), String.format("%032x", number));
    }

    private static Open open(int number, Optional<Submit> first) {
        return new Open(String.format("%032x", number), IMPORTER, "", IDLE, LONGEST, 10_000, first);
    }

    private Submit submit(Operation... operations) {
        return bench.submit(IMPORTER, "", operations);
    }

    private Step step(Operation... operations) {
        return new Step(LOCK, submit(operations));
    }

    private static Refusal refusal(Answer answer) {
        if (answer instanceof Answer.Refused(var refusal, var at)) {
            return refusal;
        }
        throw new AssertionError("not refused: " + answer);
    }

    private static How how(Answer answer) {
        if (answer instanceof Answer.Ended ended) {
            return ended.ending().how();
        }
        throw new AssertionError("not ended: " + answer);
    }

    private Optional<Value> name() {
        return bench.value("tea", NAME);
    }

    private void at(Duration sinceNoon) {
        bench.setClock(NOON.plus(sinceNoon));
    }

    @Nested
    final class GivenNoTransaction {
        @Test
        void opensOneForTheNextVersion() {
            assertThat(bench.run(open(1, Optional.empty())))
                    .isEqualTo(new Answer.Opened(
                            LOCK, NOON, NOON.plus(IDLE), NOON.plus(LONGEST), Optional.empty(), false));
            assertThat(bench.head()).isEqualTo(new Version(1));
            assertThat(bench.log()).hasSize(1);
        }

        @Test
        void opensNothingWhereTheFirstStepIsRefused() {
            var answer = bench.run(open(1, Optional.of(submit(change("tea", set(NAME, text("Tea")))))));
            assertThat(refusal(answer)).isInstanceOf(Refusal.Violations.class);
            assertThat(bench.standing().transactions().open()).isEmpty();
        }

        @Test
        void knowsNoLock() {
            for (var command : List.of(step(item("tea")), new Commit(LOCK), new RollBack(LOCK), new Expire(LOCK))) {
                assertThat(refusal(bench.run(command)))
                        .isEqualTo(new Refusal.TransactionOver(LOCK.version(), Optional.empty()));
            }
        }
    }

    @Nested
    final class GivenAnOpenTransaction {
        GivenAnOpenTransaction() {
            bench.run(open(1, Optional.of(submit(item("tea", set(NAME, text("Tea")))))));
        }

        @Test
        void keepsEverybodyElseOut() {
            var locked = new Refusal.Locked(
                    LOCK.version(), IMPORTER, NOON, NOON.plusMillis(1).plus(IDLE));
            assertThat(refusal(bench.write(item("milk")))).isEqualTo(locked);
            assertThat(refusal(bench.run(open(2, Optional.empty())))).isEqualTo(locked);
            var approval = new Approve(
                    new RequestId("cr-01JD0000000000000000000000"), Optional.empty(), Provenance.of("boss"));
            assertThat(refusal(bench.run(approval))).isEqualTo(locked);
            assertThat(refusal(bench.run(new Step(lock(2, 9), submit(item("milk"))))))
                    .isEqualTo(new Refusal.TransactionOver(LOCK.version(), Optional.empty()));
        }

        @Test
        void showsNobodyWhatItsHolderSees() {
            assertThat(name()).isEmpty();
            assertThat(bench.partition().objectsAt(LOCK.version()).size())
                    .isGreaterThan(bench.partition().objects().size());
            assertThat(bench.head()).isEqualTo(new Version(1));
        }

        @Test
        void judgesStepsByThoseBeforeThem() {
            assertThat(bench.run(step(change("tea", set(NAME, text("Green tea"))))))
                    .isInstanceOfSatisfying(
                            Answer.Staged.class,
                            staged -> assertThat(staged.step()).isEqualTo(2));
            assertThat(refusal(bench.run(step(item("tea"))))).isInstanceOf(Refusal.Violations.class);
        }

        @Test
        void commitsAllAtOnceInTheChain() {
            bench.run(step(change("tea", set(NAME, text("Green tea")))));
            assertThat(how(bench.run(new Commit(LOCK)))).isEqualTo(How.COMMITTED);
            assertThat(bench.head()).isEqualTo(LOCK.version());
            assertThat(name()).hasValue(new Value.Text("Green tea"));
            var log = bench.log();
            assertThat(log)
                    .extracting(LogEntry::part)
                    .endsWith(new LogEntry.Part.Step(1), new LogEntry.Part.Step(2), new LogEntry.Part.End(2));
            for (var i = 1; i < log.size(); i++) {
                assertThat(log.get(i - 1).chain().vouchesFor(log.get(i))).isTrue();
                assertThat(log.get(i).at()).isAfter(log.get(i - 1).at());
            }
            assertThat(bench.standing().chain()).isEqualTo(log.getLast().chain());
        }

        @Test
        void leavesNothingButANumberWhenRolledBack() {
            var before = bench.standing().chain();
            assertThat(how(bench.run(new RollBack(LOCK)))).isEqualTo(How.ROLLED_BACK);
            assertThat(bench.head()).isEqualTo(LOCK.version());
            assertThat(name()).isEmpty();
            assertThat(before.vouchesFor(bench.log().getLast())).isTrue();
            assertThat(bench.standing().transactions().isDiscarded(bench.log().get(1)))
                    .isTrue();
            assertThat(bench.write(item("tea")))
                    .isInstanceOfSatisfying(
                            Answer.Accepted.class,
                            accepted -> assertThat(accepted.version()).isEqualTo(new Version(3)));
        }

        @Test
        void answersTheSameEndAgainAndNoOther() {
            bench.run(new Commit(LOCK));
            var ending = new Ending(How.COMMITTED, bench.standing().lastAt());
            assertThat(bench.run(new Commit(LOCK))).isEqualTo(new Answer.Ended(LOCK.version(), ending, true));
            assertThat(refusal(bench.run(new RollBack(LOCK))))
                    .isEqualTo(new Refusal.TransactionOver(LOCK.version(), Optional.of(ending)));
            assertThat(refusal(bench.run(step(item("milk")))))
                    .isEqualTo(new Refusal.TransactionOver(LOCK.version(), Optional.of(ending)));
        }

        @Test
        void remembersNoMoreThanTheLastOnes() {
            bench.run(new Commit(LOCK));
            for (var i = 0; i < 100; i++) {
                bench.run(open(i + 2, Optional.empty()));
                bench.run(new RollBack(lock(i + 3L, i + 2)));
            }
            assertThat(refusal(bench.run(new Commit(LOCK))))
                    .isEqualTo(new Refusal.TransactionOver(LOCK.version(), Optional.empty()));
            assertThat(how(bench.run(new RollBack(lock(3, 2))))).isEqualTo(How.ROLLED_BACK);
            assertThat(bench.standing().transactions().discarded()).isEmpty();
        }

        @Test
        void endsWhenItIsIdleAndNotBefore() {
            at(IDLE.minusMillis(1));
            assertThat(refusal(bench.run(new Expire(LOCK)))).isInstanceOf(Refusal.Locked.class);
            bench.run(step(change("tea", set(NAME, text("Green tea")))));
            at(IDLE.multipliedBy(2).minusMillis(2));
            assertThat(refusal(bench.run(new Expire(LOCK)))).isInstanceOf(Refusal.Locked.class);
            at(IDLE.multipliedBy(2));
            assertThat(how(bench.run(new Expire(LOCK)))).isEqualTo(How.IDLE);
            assertThat(name()).isEmpty();
        }

        @Test
        void hasItsIdleTimeAgainWhenTheWriterBeginsAnew() {
            var restarted = NOON.plus(Duration.ofMinutes(30));
            var after = CatalogDecider.evolve(bench.catalog(), Round.of(new CatalogEvent.Opened(restarted)));
            assertThat(until(after)).isEqualTo(restarted.plus(IDLE));
            var late = NOON.plus(LONGEST).minusSeconds(1);
            assertThat(until(CatalogDecider.evolve(after, Round.of(new CatalogEvent.Opened(late)))))
                    .isEqualTo(NOON.plus(LONGEST));
        }

        private Instant until(Catalog catalog) {
            return ((Catalog.Made) catalog).transactions().open().orElseThrow().until();
        }

        @Test
        void endsWhenItTakesTooLong() {
            for (var minute = 0; minute < 60; minute++) {
                at(Duration.ofMinutes(minute));
                bench.run(step(change("tea", set(NAME, text("Tea " + minute)))));
            }
            at(LONGEST);
            assertThat(how(bench.run(new Expire(LOCK)))).isEqualTo(How.TOO_LONG);
        }

        @Test
        void isBounded() {
            assertThat(refusal(bench.run(step(change("tea", set(NAME, text("x".repeat(10_000))))))))
                    .isInstanceOf(Refusal.TooLarge.class);
            assertThat(how(bench.run(new Commit(LOCK)))).isEqualTo(How.COMMITTED);
            assertThat(name()).hasValue(new Value.Text("Tea"));
        }

        @Test
        void leavesWhatComesAfterItsEndToTheNextRound() {
            assertThat(bench.round(new RollBack(LOCK), submit(item("milk")))).hasSize(1);
            assertThat(bench.round(submit(item("milk")))).hasSize(1);
        }

        @Test
        void endsInAllPartitions() {
            bench.run(new Commit(LOCK));
            var end = bench.log().getLast();
            var map = new PartitionMap(1, List.of(Position.START, Position.START, Position.START, Position.START));
            assertThat(map.touchedBy(List.of(end))).containsExactlyInAnyOrder(0, 1, 2, 3);
        }

        @Test
        void isReadAgainFromJson() {
            bench.run(step(change("tea", set(NAME, text("Green tea")))));
            bench.run(new Commit(LOCK));
            bench.run(open(2, Optional.empty()));
            bench.run(new RollBack(lock(3, 2)));
            for (var entry : bench.log()) {
                assertThat(Samples.reread(entry, bench.standing().schemas())).isEqualTo(entry);
            }
        }
    }
}
