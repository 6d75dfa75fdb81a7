package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClustersTest {
    @Test
    void eachComesAfterThoseItMentions() {
        var steps = Clusters.inOrder(
                List.of(Lines.line(1, "a", "b"), Lines.line(2, "b", "c"), Lines.line(3, "c", "elsewhere")), 1);
        assertThat(steps.stream().map(Lines::names)).containsExactly(List.of("c"), List.of("b"), List.of("a"));
    }

    @Test
    void thoseOfACircleStayTogetherHoweverManyTheyAre() {
        var lines = new ArrayList<BulkLine>();
        for (var i = 0; i < 20_000; i++) {
            lines.add(Lines.line(i, "n" + i, "n" + (i + 1) % 20_000));
        }
        assertThat(Clusters.inOrder(lines, 1_000))
                .singleElement()
                .satisfies(step -> assertThat(step).hasSize(20_000));
    }

    @Test
    void aLongChainOverflowsNoStackAndIsCutIntoSteps() {
        var lines = new ArrayList<BulkLine>();
        for (var i = 0; i < 20_000; i++) {
            lines.add(Lines.line(i, "n" + i, "n" + (i + 1)));
        }
        var steps = Clusters.inOrder(lines, 1_000);
        assertThat(steps).hasSize(20).allSatisfy(step -> assertThat(step).hasSize(1_000));
        assertThat(steps.getFirst().getFirst().object().text()).isEqualTo("n19999");
    }

    @Seeds(100)
    void noLineMentionsOneOfALaterStep(long seed) {
        var random = new SplittableRandom(seed);
        var count = random.nextInt(1, 40);
        var lines = new ArrayList<BulkLine>();
        for (var i = 0; i < count; i++) {
            var mentioned = new String[random.nextInt(3)];
            for (var j = 0; j < mentioned.length; j++) {
                mentioned[j] = "n" + random.nextInt(count + 5);
            }
            lines.add(Lines.line(i, "n" + i, mentioned));
        }
        var there = new HashSet<String>();
        var all = new HashSet<>(Lines.names(lines));
        for (var step : Clusters.inOrder(lines, 3)) {
            there.addAll(Lines.names(step));
            for (var line : step) {
                assertThat(line.mentioned().filter(all::contains)).allMatch(there::contains);
            }
        }
        assertThat(there).isEqualTo(all);
    }
}
