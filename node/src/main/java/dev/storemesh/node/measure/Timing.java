package dev.storemesh.node.measure;

import dev.storemesh.protocol.watch.Metric;
import dev.storemesh.protocol.watch.Metric.Sample;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// How long something took, each time: a histogram of seconds. Safe for all threads.
public final class Timing {
    /// Upper bounds, in seconds.
    private static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private static final double NANOS = 1e9;

    private final LongAdder[] buckets =
            Stream.generate(LongAdder::new).limit(BOUNDS.length + 1L).toArray(LongAdder[]::new);
    private final LongAdder nanos = new LongAdder();

    /// Since `began`, by [System#nanoTime()].
    public void since(long began) {
        took(System.nanoTime() - began);
    }

    void took(long spanNanos) {
        nanos.add(spanNanos);
        var bucket = 0;
        while (bucket < BOUNDS.length && spanNanos > BOUNDS[bucket] * NANOS) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    public Metric metric(String name, String help) {
        var samples = new ArrayList<Sample>();
        var count = 0L;
        for (var i = 0; i < buckets.length; i++) {
            count += buckets[i].sum();
            var bound = i == BOUNDS.length ? "+Inf" : Double.toString(BOUNDS[i]);
            samples.add(new Sample("_bucket", Map.of("le", bound), (double) count));
        }
        samples.add(new Sample("_sum", Map.of(), nanos.sum() / NANOS));
        samples.add(new Sample("_count", Map.of(), (double) count));
        return new Metric(name, Metric.Kind.HISTOGRAM, help, samples);
    }
}
