package dev.storemesh.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LogIndexTest {
    @Test
    void beginsAtTheFirstRow() {
        assertThat(LogIndex.EMPTY.before(Version.NONE)).isEqualTo(new Position(1));
        assertThat(LogIndex.EMPTY.before(new Version(99))).isEqualTo(new Position(1));
    }

    /// Rows hold several versions or none; reading from `before(v)` on must meet every version from v on.
    @Seeds(100)
    void noVersionFromTheAskedOneOnStandsBeforeIt(long seed) {
        var random = new SplittableRandom(seed);
        var index = LogIndex.EMPTY;
        var rows = new TreeMap<Long, Long>(); // version to position
        var version = 0L;
        for (var position = 1L; position <= random.nextInt(1, 600); position++) {
            var versions = random.nextInt(4);
            if (versions > 0) {
                index = index.after(new Version(version + 1), new Position(position));
            }
            for (var i = 0; i < versions; i++) {
                rows.put(++version, position);
            }
        }
        for (var asked = 0L; asked <= version + 2; asked++) {
            var start = index.before(new Version(asked)).number();
            assertThat(rows.tailMap(asked).values())
                    .as("version %d from %d", asked, start)
                    .allMatch(p -> p >= start);
            var row = rows.get(asked);
            if (row != null) {
                assertThat(row - start).as("rows read in vain").isLessThan(140);
            }
        }
    }

    @Test
    void holdsOneMarkForManyRows() {
        var index = LogIndex.EMPTY;
        for (var i = 1; i <= 6400; i++) {
            index = index.after(new Version(i), new Position(i));
        }
        assertThat(index.marks()).hasSizeLessThanOrEqualTo(101);
    }

    /// A transaction of many rows, each with one step, and whole versions before and after it.
    @Test
    void findsTheStepsOfATransaction() {
        var index = LogIndex.EMPTY.after(new Version(1), new Position(1));
        for (var step = 1; step <= 1_000; step++) {
            index = index.after(new LogPlace(new Version(1), step), new Position(1L + step));
        }
        index = index.after(new Version(2), new Position(1_002)); // its end
        index = index.after(new Version(3), new Position(1_003));
        for (var step = 1; step <= 1_000; step++) {
            var before = index.before(new LogPlace(new Version(1), step)).number();
            assertThat(before).isBetween(step + 1L - 64, step + 1L);
        }
        assertThat(index.before(new Version(1))).isEqualTo(new Position(1));
        assertThat(index.before(new Version(2)).number()).isBetween(1_002L - 64, 1_002L);
        assertThat(index.notAfter(new Version(1)).orElseThrow().number()).isBetween(1L, 64L);
    }
}
