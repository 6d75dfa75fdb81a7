package dev.storemesh.protocol.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.watch.Metric.Kind;
import dev.storemesh.protocol.watch.Metric.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTest {
    @Test
    void takesNamesThatPrometheusTakes() {
        assertThatThrownBy(() -> Metric.gauge("Rounds", "x", 1)).hasMessageContaining("name: \"Rounds\"");
        assertThatThrownBy(() -> Metric.counter("rounds-total", "x", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Metric.sample("9", "x", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasOneValueOrSeveral() {
        assertThat(Metric.gauge("ready", "Whether.", 1))
                .isEqualTo(Metric.gauges("ready", "Whether.", List.of(new Sample("", Map.of(), 1))));
        assertThat(Metric.counter("rounds_total", "All.", 3).kind()).isEqualTo(Kind.COUNTER);
        assertThat(new Sample("", Map.of("b", "1", "a", "2", "c", "3"), 1)
                        .sortedLabels()
                        .keySet())
                .containsExactly("a", "b", "c");
    }
}
