package dev.storemesh.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.ops.process.CommandFailed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is made of figures, and which are asked for.
final class WorkTableTest {
    private static Figure figure(String work, String system, String metric, Double... rounds) {
        return new Figure(work, system, metric, List.of(rounds));
    }

    @Test
    void aRatioIsTheMedianOfTheRatiosWithinARound() {
        var ours = figure("import", "storemesh-sqlite", "per_s", 30_000.0, 10_000.0, 40_000.0);
        var theirs = figure("import", "handbuilt-postgres", "per_s", 10_000.0, 5_000.0, 10_000.0);
        assertThat(ours.times(theirs)).isEqualTo(3);
    }

    @Test
    void aGoalIsMissedWhereOneOfItsPartsIs() {
        var theirs = figure("import", "handbuilt-postgres", "per_s", 10_000.0);
        assertThat(verdict(theirs, figure("import", "storemesh-sqlite", "per_s", 20_000.0)))
                .isEqualTo("met");
        assertThat(verdict(theirs, figure("import", "storemesh-sqlite", "per_s", 19_999.0)))
                .isEqualTo("missed");
        assertThat(verdict(
                        figure("import", "handbuilt-postgres", "per_s", 12_000.0),
                        figure("import", "storemesh-sqlite", "per_s", 23_000.0)))
                .isEqualTo("missed");
        assertThat(verdict(
                        figure("update-1", "handbuilt-postgres", "p50_ms", 1.0),
                        figure("update-1", "storemesh-postgres", "p50_ms", 1.4)))
                .isEqualTo("met");
        assertThat(verdict(theirs, figure("commit-20000", "storemesh-sqlite", "p99_ms", 21.0)))
                .isEqualTo("missed");
    }

    private static String verdict(Figure theirs, Figure ours) {
        var line = new WorkTable(List.of(theirs, ours)).lines().getLast();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    @Test
    void theLimitIsNotJudged() {
        var lines = new WorkTable(List.of(
                        figure("read-16", "handbuilt-postgres", "per_s", 2.0),
                        figure("read-16", "jdbc-postgres", "per_s", 1.0)))
                .lines();
        assertThat(lines.getLast()).contains("0.50").doesNotContain("missed");
    }

    @Test
    void whatIsMeasuredIsChosenByName() throws CommandFailed {
        assertThat(Chosen.of(List.of())).isEqualTo(new Chosen(true, List.of(), Work.all()));
        assertThat(Chosen.of(List.of("reads"))).isEqualTo(new Chosen(true, List.of(), Set.of()));
        assertThat(Chosen.of(List.of("update-1,import")))
                .isEqualTo(new Chosen(false, List.of(), Set.of(Work.IMPORT, Work.UPDATE_1)));
        assertThat(Chosen.of(List.of("word search, first 50")))
                .isEqualTo(new Chosen(true, List.of("word search, first 50"), Set.of()));
        assertThatThrownBy(() -> Chosen.of(List.of("import,nothing")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContainingAll("nothing", "update-16-hot", "point read");
    }
}
