package dev.storemesh.node.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.watch.Metric.Sample;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimingTest {
    @Test
    void eachSpanIsInAllBucketsThatAreNotShorter() {
        var timing = new Timing();
        timing.took(TimeUnit.MILLISECONDS.toNanos(1));
        timing.took(TimeUnit.MILLISECONDS.toNanos(30));
        timing.took(TimeUnit.SECONDS.toNanos(11));
        var samples = timing.metric("x_seconds", "X.").samples();
        assertThat(samples)
                .contains(
                        new Sample("_bucket", Map.of("le", "0.001"), 1),
                        new Sample("_bucket", Map.of("le", "0.025"), 1),
                        new Sample("_bucket", Map.of("le", "0.05"), 2),
                        new Sample("_bucket", Map.of("le", "10.0"), 2),
                        new Sample("_bucket", Map.of("le", "+Inf"), 3),
                        new Sample("_count", Map.of(), 3));
        assertThat(samples.get(samples.size() - 2).value()).isEqualTo(11.031);
    }
}
