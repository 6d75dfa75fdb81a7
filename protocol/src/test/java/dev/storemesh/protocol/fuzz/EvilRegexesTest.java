package dev.storemesh.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.fuzz.EvilRegexes.Evil;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.schema.Regexes;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A thousand evil regular expressions: each is refused when it is made, with its place, or runs in 10 ms on the
/// longest
/// value that its bound allows. Times are the thread's own, so that a busy machine does not count.
final class EvilRegexesTest {
    private static final ThreadMXBean METER = ManagementFactory.getThreadMXBean();
    private static final Duration RUN = Duration.ofMillis(10);

    /// Once, when it is made: parsing and compiling.
    private static final Duration MAKE = Duration.ofSeconds(1);

    private static final int LONGEST_BYTES = 65_536;

    @Test
    void areRefusedWhenMadeOrRunFast() {
        var evils = EvilRegexes.some(1_000, 20_260_131);
        warmUp();
        var refused = 0;
        var slowestMake = 0L;
        var slowestRun = 0L;
        var slowest = "";
        for (var evil : evils) {
            var begun = METER.getCurrentThreadCpuTime();
            var refuses = refuses(evil);
            slowestMake = Math.max(slowestMake, METER.getCurrentThreadCpuTime() - begun);
            if (refuses) {
                refused++;
                continue;
            }
            var took = run(evil.regex());
            if (took > slowestRun) {
                slowestRun = took;
                slowest = evil.regex();
            }
        }
        System.out.println(refused + " of " + evils.size()
                + " evil regular expressions refused when made; slowest to make " + slowestMake / 1_000 + " us, to run "
                + slowestRun / 1_000 + " us: " + Texts.shortened(slowest, 100));
        assertThat(refused).isBetween(evils.size() / 8, evils.size() * 7 / 8); // both ways out are tried
        assertThat(Duration.ofNanos(slowestMake)).isLessThan(MAKE);
        assertThat(Duration.ofNanos(slowestRun)).as(slowest).isLessThanOrEqualTo(RUN);
    }

    /// Also those that are too large for a value of one byte.
    private static boolean refuses(Evil evil) {
        var fault = Regexes.fault(evil.regex());
        if (fault.isEmpty()) {
            assertThat(evil.mustBeRefused()).as(evil.regex()).isFalse();
            return Regexes.programSize(evil.regex()) > Regexes.MAX_WORK;
        }
        assertThat(fault.get().at()).as(evil.regex()).isBetween(0, evil.regex().length());
        assertThat(fault.get().message()).isNotBlank().hasSizeLessThan(300);
        return true;
    }

    /// The longest of the values that are most work; the best of a few runs where the first is too slow, since that
    /// may be a collection of garbage.
    private static long run(String regex) {
        var bytes = (int) Math.min(LONGEST_BYTES, Regexes.MAX_WORK / Regexes.programSize(regex));
        var worst = 0L;
        for (var value : List.of("a".repeat(bytes - 1) + "!", "aé1 ".repeat(bytes / 5))) {
            var best = Long.MAX_VALUE;
            for (var i = 0; i < 5 && best > RUN.toNanos(); i++) {
                var begun = METER.getCurrentThreadCpuTime();
                Regexes.matches(regex, value);
                best = Math.min(best, METER.getCurrentThreadCpuTime() - begun);
            }
            worst = Math.max(worst, best);
        }
        return worst;
    }

    private static void warmUp() {
        for (var evil : EvilRegexes.some(30, 1)) {
            if (Regexes.fault(evil.regex()).isEmpty()) {
                run(evil.regex());
            }
        }
    }
}
