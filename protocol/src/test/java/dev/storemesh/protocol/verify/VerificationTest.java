package dev.storemesh.protocol.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification.Difference;
import dev.storemesh.protocol.verify.Verification.Different;
import dev.storemesh.protocol.verify.Verification.Kind;
import dev.storemesh.protocol.verify.Verification.NotCompared;
import dev.storemesh.protocol.verify.Verification.Outcome;
import dev.storemesh.protocol.verify.Verification.Same;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final StoreId STORE = new StoreId("store-1");
    private static final Difference TEA = new Difference(new ObjectToken("tea"), Kind.MISSING_AT_STORE);

    private static Verification of(String order, Outcome outcome) {
        return new Verification(Optional.of(order), Cause.ORDERED, NOON, outcome, false);
    }

    private static Verification read(String json) {
        return Verification.read(Fields.of(Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void comesBackAsItWasSent() {
        var outcomes = List.of(
                new Same(new Version(7), 3),
                new Different(new Version(7), 3, List.of(TEA), true),
                new NotCompared("diverged"));
        for (var outcome : outcomes) {
            var byItself = new Verification(Optional.empty(), Cause.RECONNECTED, NOON, outcome, true);
            assertThat(Verification.read(Fields.of(of("a", outcome).write()))).isEqualTo(of("a", outcome));
            assertThat(Verification.read(Fields.of(byItself.write()))).isEqualTo(byItself);
        }
        assertThat(of("a", new Same(new Version(7), 3)).isSame()).isTrue();
        assertThat(of("a", new NotCompared("diverged")).isSame()).isFalse();
        var order = new VerificationOrder("a", Cause.NIGHTLY, true, NOON);
        assertThat(VerificationOrder.read(Fields.of(order.write()))).isEqualTo(order);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'cause':'why','startedAt':'2026-01-01T12:00:00Z','outcome':'same','version':1,'rows':1}",
                "{'cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'maybe','version':1,'rows':1}",
                "{'cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'same','version':0,'rows':1}",
                "{'cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'same','version':1,'rows':-1}",
                "{'cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'not_compared','reason':'No!'}",
                "{'order':'','cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'same','version':1,'rows':1}",
                "{'cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'different','version':1,'rows':1,"
                        + "'objects':[{'object':'tea','difference':'somehow'}]}",
                "{'cause':'ordered','startedAt':'2026-01-01T12:00:00Z','outcome':'different','version':1,'rows':1,"
                        + "'objects':[{'object':'tea','difference':'differs','x':1}]}"
            })
    void whatIsNotOfTheFormIsRefused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(json));
    }

    @Test
    void namesNoMoreObjectsThanItMay() {
        var many = Collections.nCopies(Verification.MAX_OBJECTS + 1, TEA);
        assertThatIllegalArgumentException().isThrownBy(() -> new Different(new Version(7), 3, many, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VerificationOrder("not an id", Cause.ORDERED, false, NOON));
    }

    @Test
    void theNewestResultsAreKept() {
        var all = Verifications.NONE;
        for (var i = 1; i <= 30; i++) {
            all = all.kept(NOON, of("a" + i, new Same(new Version(i), 3)));
        }
        assertThat(all.results()).hasSize(Verifications.KEPT);
        assertThat(all.results().getFirst().verification().order()).contains("a30");
        assertThat(all.has(of("a30", new Same(new Version(30), 3)))).isTrue();
        assertThat(all.has(of("a30", new Same(new Version(31), 3)))).isFalse();
    }

    @Test
    void anOrderIsOverWithItsOwnResult() {
        var ordered = Verifications.NONE.ordered(new VerificationOrder("a", Cause.NIGHTLY, false, NOON));
        assertThat(ordered.kept(NOON, of("b", new NotCompared("diverged"))).order())
                .isPresent();
        assertThat(ordered.kept(NOON, of("a", new NotCompared("diverged"))).order())
                .isEmpty();
        assertThat(ordered.nightlyAt()).contains(NOON);
        assertThat(ordered.ordered(new VerificationOrder("c", Cause.ORDERED, false, NOON.plusSeconds(1)))
                        .nightlyAt())
                .contains(NOON);
    }

    @Test
    void isDueFromItsTimeOfTheDayForSomeHours() {
        var schedule = new VerifySchedule(LocalTime.parse("03:30"), Duration.ZERO);
        var due = Instant.parse("2026-01-01T03:30:00Z");
        assertThat(schedule.lastDue(STORE, due.minusMillis(1))).isEmpty();
        assertThat(schedule.lastDue(STORE, due)).contains(due);
        assertThat(schedule.lastDue(STORE, due.plus(VerifySchedule.LATE).minusMillis(1)))
                .contains(due);
        assertThat(schedule.lastDue(STORE, due.plus(VerifySchedule.LATE))).isEmpty();
    }

    @Test
    void whatIsDueBeforeMidnightIsDueAfterItToo() {
        var schedule = new VerifySchedule(LocalTime.parse("23:30"), Duration.ZERO);
        assertThat(schedule.lastDue(STORE, Instant.parse("2026-01-02T01:00:00Z")))
                .contains(Instant.parse("2026-01-01T23:30:00Z"));
    }

    @Test
    void storesAreSpreadEachAtItsOwnTime() {
        var spread = Duration.ofHours(1);
        var schedule = new VerifySchedule(LocalTime.parse("03:30"), spread);
        var first = Instant.parse("2026-01-01T03:30:00Z");
        var end = first.plus(spread);
        var times = IntStream.range(0, 200)
                .mapToObj(i -> schedule.lastDue(new StoreId("store-" + i), end).orElseThrow())
                .toList();
        assertThat(times).allMatch(at -> !at.isBefore(first) && at.isBefore(end));
        assertThat(times.stream().filter(at -> at.isBefore(first.plus(spread.dividedBy(2)))))
                .hasSizeBetween(60, 140);
    }
}
