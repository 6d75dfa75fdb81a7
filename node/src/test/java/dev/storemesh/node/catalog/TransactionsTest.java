package dev.storemesh.node.catalog;

import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.CatalogSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Ending.How;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogFilter;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions over a real journal, as clients meet them.
class TransactionsTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private TestSite site;
    private Catalogs catalogs;

    @BeforeEach
    void start() {
        start(Duration.ofHours(4), 1 << 20);
        get(catalogs.create(DEMO, Writes.ANN));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void start(Duration transactionMax, long transactionMaxBytes) {
        site = TestSite.start(folder);
        var log = new LogReader(site.system(), LogOrigin.CATALOG);
        catalogs = new Catalogs(
                site.system(),
                new CatalogSettings(
                        1000,
                        16 << 20,
                        256,
                        4 << 20,
                        3,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20),
                        2_000,
                        transactionMax,
                        transactionMaxBytes),
                Partitions.start(site.system(), log, site.settings().partition()),
                log,
                Writes::unclaimed,
                Instant::now,
                new SplittableRandom());
    }

    private void restart(Duration transactionMax, long transactionMaxBytes) {
        site.close();
        start(transactionMax, transactionMaxBytes);
    }

    private LockToken open(Duration idle) {
        return opened(get(catalogs.open(DEMO, new Opening(Writes.ANN, "", idle, Optional.empty()))))
                .lock();
    }

    private static Answer.Opened opened(Answer answer) {
        if (answer instanceof Answer.Opened opened) {
            return opened;
        }
        throw new AssertionError(answer);
    }

    private Answer step(LockToken lock, Operation... operations) {
        return get(catalogs.on(Terms.holding(lock)).write(DEMO, Writes.of(operations)));
    }

    private static Class<?> refusal(Answer answer) {
        return answer instanceof Answer.Refused refused ? refused.refusal().getClass() : answer.getClass();
    }

    private Optional<String> name(Catalogs as, String token) {
        return get(as.object(DEMO, new ObjectToken(token), Optional.empty(), Scope.all()))
                        instanceof Reading.Found(var version, var view)
                ? view.value(Writes.NAME.definition()).map(value -> ((Value.Text) value).text())
                : Optional.empty();
    }

    private CatalogHead head() {
        return found(catalogs.head(DEMO));
    }

    private static <T> T found(CompletionStage<Reading<T>> reading) {
        return switch (get(reading)) {
            case Reading.Found<T>(var version, var value) -> value;
            case Reading<T> other -> throw new AssertionError(other);
        };
    }

    private LogSlice log(LogPlace after, Optional<ChainHash> chain) {
        return found(catalogs.log(DEMO, new LogQuery(after, 100, LONG, chain)));
    }

    private LogEntry awaited(long after) {
        return log(LogPlace.of(new Version(after)), Optional.empty()).entries().getFirst();
    }

    @Test
    void isWholeOrNothing() {
        var lock = open(LONG);
        step(lock, make("tea", "Tea"));
        assertThat(step(lock, rename("tea", "Green tea"), make("milk", "Milk")))
                .isInstanceOfSatisfying(
                        Answer.Staged.class, staged -> assertThat(staged.step()).isEqualTo(2));
        assertThat(name(catalogs.on(Terms.holding(lock)), "tea")).hasValue("Green tea");
        assertThat(name(catalogs, "tea")).isEmpty();
        assertThat(head().visible()).isEqualTo(new Version(1));
        assertThat(head().objects()).isZero();
        get(catalogs.commit(DEMO, lock));
        assertThat(name(catalogs, "tea")).hasValue("Green tea");
        assertThat(head().visible()).isEqualTo(new Version(2));
        assertThat(head().objects()).isEqualTo(2);

        var other = open(LONG);
        step(other, rename("tea", "Void tea"));
        get(catalogs.rollBack(DEMO, other));
        assertThat(name(catalogs, "tea")).hasValue("Green tea");
        assertThat(get(catalogs.on(Terms.holding(other))
                        .object(DEMO, new ObjectToken("tea"), Optional.empty(), Scope.all())))
                .isInstanceOf(Reading.TransactionOver.class);
        assertThat(refusal(step(other, rename("tea", "Late tea")))).isEqualTo(Refusal.TransactionOver.class);
        assertThat(head().visible()).isEqualTo(new Version(3));
    }

    @Test
    void tellsWhoseTransactionIsOpen() {
        var lock = open(LONG);
        var transaction = head().transaction().orElseThrow();
        assertThat(transaction.version()).isEqualTo(lock.version());
        assertThat(transaction.holder().caller()).isEqualTo("ann");
        assertThat(transaction.until()).isEqualTo(transaction.since().plus(LONG));
        assertThat(get(catalogs.write(DEMO, Writes.of(make("tea", "Tea")))))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isEqualTo(new Refusal.Locked(
                                        lock.version(),
                                        transaction.holder(),
                                        transaction.since(),
                                        transaction.until())));
        get(catalogs.commit(DEMO, lock));
        assertThat(head().transaction()).isEmpty();
    }

    @Test
    void letsWhoHasPatienceInAtTheEnd() {
        var lock = open(LONG);
        step(lock, make("tea", "Tea"));
        var patient = catalogs.on(Terms.waiting(LONG));
        var waiting = List.of(
                patient.write(DEMO, Writes.of(rename("tea", "Green tea"))),
                patient.write(DEMO, Writes.of(rename("tea", "Black tea"))));
        assertThat(refusal(get(catalogs.write(DEMO, Writes.of(make("milk", "Milk"))))))
                .isEqualTo(Refusal.Locked.class);
        get(catalogs.commit(DEMO, lock));
        assertThat(waiting.stream().map(TestSite::get).toList())
                .extracting(answer -> ((Answer.Accepted) answer).version())
                .containsExactly(new Version(3), new Version(4));
        assertThat(name(catalogs, "tea")).hasValue("Black tea");
    }

    @Test
    void tellsWhoseTimeIsUpThatItIsLocked() {
        var lock = open(LONG);
        var impatient = catalogs.on(Terms.waiting(Duration.ofMillis(50)));
        assertThat(refusal(get(impatient.write(DEMO, Writes.of(make("tea", "Tea"))))))
                .isEqualTo(Refusal.Locked.class);
        assertThat(step(lock, make("tea", "Tea"))).isInstanceOf(Answer.Staged.class);
    }

    @Test
    void endsWhenNobodyWrites() {
        var lock = open(SHORT);
        step(lock, make("tea", "Tea"));
        var waiting = catalogs.on(Terms.waiting(LONG)).write(DEMO, Writes.of(make("milk", "Milk")));
        var end = awaited(1);
        assertThat(end.isVoid()).isTrue();
        assertThat(refusal(get(catalogs.commit(DEMO, lock)))).isEqualTo(Refusal.TransactionOver.class);
        assertThat(((Answer.Accepted) get(waiting)).version()).isEqualTo(new Version(3));
        assertThat(name(catalogs, "tea")).isEmpty();
    }

    @Test
    void endsWhenItTakesTooLongWhateverIsWritten() {
        restart(SHORT, 1 << 20);
        var lock = open(LONG);
        step(lock, make("tea", "Tea"));
        assertThat(awaited(1).isVoid()).isTrue();
        assertThat(get(catalogs.rollBack(DEMO, lock)))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isInstanceOfSatisfying(
                                        Refusal.TransactionOver.class,
                                        over -> assertThat(over.ending()
                                                        .orElseThrow()
                                                        .how())
                                                .isEqualTo(How.TOO_LONG)));
    }

    /// Before the first step, between steps, after the last, and after the end.
    @Test
    void goesOnAfterARestartAtAnyInstant() {
        var lock = open(LONG);
        for (var i = 0; i < 5; i++) {
            restart(Duration.ofHours(4), 1 << 20);
            assertThat(name(catalogs, "tea-0")).isEmpty();
            assertThat(step(lock, make("tea-" + i, "Tea"))).isInstanceOf(Answer.Staged.class);
            assertThat(name(catalogs.on(Terms.holding(lock)), "tea-0")).hasValue("Tea");
        }
        restart(Duration.ofHours(4), 1 << 20);
        get(catalogs.commit(DEMO, lock));
        restart(Duration.ofHours(4), 1 << 20);
        assertThat(get(catalogs.commit(DEMO, lock)))
                .isInstanceOfSatisfying(
                        Answer.Ended.class,
                        ended -> assertThat(ended.replayed()).isTrue());
        assertThat(name(catalogs, "tea-4")).hasValue("Tea");
        var next = open(SHORT);
        step(next, rename("tea-0", "Void tea"));
        restart(Duration.ofHours(4), 1 << 20);
        assertThat(awaited(2).isVoid()).isTrue();
        restart(Duration.ofHours(4), 1 << 20);
        assertThat(name(catalogs, "tea-0")).hasValue("Tea");
    }

    @Test
    void opensOnceUnderOneKey() {
        var write = Writes.keyed(Writes.of(make("tea", "Tea")), "key-1", "body");
        var opening = new Opening(write.provenance(), write.digest(), LONG, Optional.of(write));
        var first = opened(get(catalogs.open(DEMO, opening)));
        assertThat(first.first().orElseThrow().step()).isEqualTo(1);
        restart(Duration.ofHours(4), 1 << 20);
        var again = opened(get(catalogs.open(DEMO, opening)));
        assertThat(again.lock()).isEqualTo(first.lock());
        assertThat(again.replayed()).isTrue();
        get(catalogs.commit(DEMO, first.lock()));
        assertThat(refusal(get(catalogs.open(DEMO, opening)))).isEqualTo(Refusal.TransactionOver.class);
        assertThat(get(catalogs.write(DEMO, write)))
                .isInstanceOfSatisfying(
                        Answer.Accepted.class,
                        accepted -> assertThat(accepted.replayed()).isTrue());
    }

    @Test
    void isBounded() {
        restart(Duration.ofHours(4), 2_000);
        var lock = open(LONG);
        step(lock, make("tea", "Tea"));
        assertThat(refusal(step(lock, make("milk", "x".repeat(2_000))))).isEqualTo(Refusal.TooLarge.class);
        assertThat(get(catalogs.commit(DEMO, lock))).isInstanceOf(Answer.Ended.class);
        assertThat(name(catalogs, "milk")).isEmpty();
    }

    /// Pages end between steps, and nothing is told of what is void or not there yet.
    @Test
    void isFollowedStepByStep() {
        var lock = open(LONG);
        for (var i = 0; i < 200; i++) {
            step(lock, make("tea-" + i, "x".repeat(100)));
        }
        get(catalogs.commit(DEMO, lock));
        var gone = open(LONG);
        step(gone, rename("tea-0", "Void tea"));
        get(catalogs.rollBack(DEMO, gone));
        var open = open(LONG);
        step(open, rename("tea-0", "Coming tea"));

        var place = LogPlace.of(new Version(1));
        var chain = Optional.<ChainHash>empty();
        var entries = new ArrayList<LogEntry>();
        var pages = 0;
        for (var more = true; more; pages++) {
            var slice = log(place, chain);
            entries.addAll(slice.entries());
            place = entries.getLast().place();
            chain = Optional.of(entries.getLast().chain());
            more = slice.more();
        }
        assertThat(pages).isGreaterThan(5);
        assertThat(place).isEqualTo(LogPlace.of(new Version(3)));
        assertThat(entries).hasSize(200 + 1 + 1);
        assertThat(entries.subList(0, 200)).allMatch(LogEntry::isStep);
        assertThat(entries.get(200).part()).isEqualTo(new LogEntry.Part.End(200));
        assertThat(entries.get(201).isVoid()).isTrue();
        for (var i = 1; i < entries.size(); i++) {
            var before = entries.get(i - 1).chain();
            assertThat(before.vouchesFor(entries.get(i))).isTrue();
        }
        assertThat(get(catalogs.log(
                        DEMO,
                        new LogQuery(
                                new LogPlace(new Version(2), 1),
                                10,
                                Duration.ZERO,
                                Optional.of(entries.getLast().chain())))))
                .isInstanceOf(Reading.Diverged.class);
    }

    @Test
    void isOneVersionInSearchesAndInTime() {
        var lock = open(LONG);
        for (var i = 0; i < 70; i++) {
            step(lock, make("tea-" + i, "Tea"));
        }
        var before = ((Answer.Staged) step(lock, make("milk", "Milk"))).version();
        var between = head().transaction().orElseThrow().until().minus(LONG);
        get(catalogs.commit(DEMO, lock));
        assertThat(found(catalogs.versionAt(DEMO, between))).isEqualTo(before.previous());
        var end = log(LogPlace.of(new Version(1)), Optional.empty()).entries().getFirst();
        assertThat(end.isStep()).isTrue();
        assertThat(found(catalogs.versionAt(DEMO, Instant.now().plusSeconds(60))))
                .isEqualTo(before);
        for (var object : List.of("milk", "tea-0", "tea-69")) {
            var filter = new LogFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new ObjectToken(object)),
                    Optional.empty(),
                    Optional.empty());
            var findings = found(catalogs.search(DEMO, new LogSearch(Version.NONE, 10, filter)));
            assertThat(findings.entries()).extracting(LogEntry::part).containsExactly(new LogEntry.Part.End(71));
            assertThat(findings.more()).isFalse();
        }
        var byAnn = new LogFilter(
                Optional.of("ann"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(found(catalogs.search(DEMO, new LogSearch(Version.NONE, 10, byAnn)))
                        .entries())
                .extracting(LogEntry::version)
                .containsExactly(new Version(1), new Version(2));
    }

    @Test
    void judgesEachStepByThoseBeforeIt() {
        var lock = open(LONG);
        var key = new Write(List.of(make("tea", "Tea")), Writes.ANN.withKey(Optional.of("k")), "d", Optional.empty());
        var held = catalogs.on(Terms.holding(lock));
        assertThat(get(held.write(DEMO, key))).isInstanceOf(Answer.Staged.class);
        assertThat(get(held.write(DEMO, key)))
                .isInstanceOfSatisfying(
                        Answer.Staged.class,
                        staged -> assertThat(staged).isEqualTo(new Answer.Staged(lock.version(), 1, Map.of(), true)));
        assertThat(refusal(step(lock, make("tea", "Tea")))).isEqualTo(Refusal.Violations.class);
        get(catalogs.rollBack(DEMO, lock));
        assertThat(get(catalogs.write(DEMO, key)))
                .isInstanceOfSatisfying(
                        Answer.Accepted.class,
                        accepted -> assertThat(accepted.replayed()).isFalse());
    }
}
