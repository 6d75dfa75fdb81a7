package dev.storemesh.protocol.watch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// One thing that is measured, with its values now, as Prometheus knows them (text format 0.0.4).
///
/// @param name in its base unit, which is its last part or the one before `total`
/// @param help one sentence
public record Metric(String name, Kind kind, String help, List<Sample> samples) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");

    /// What a value may do.
    public enum Kind {
        /// Go up and down.
        GAUGE,
        /// Only grow, until the node starts anew.
        COUNTER,
        /// The same, for each of its buckets.
        HISTOGRAM
    }

    /// One value.
    ///
    /// @param suffix after the metric's name: of a histogram `_bucket`, `_sum`, `_count`; else empty
    /// @param labels few, and each with few values: never an object's or a request's name
    public record Sample(String suffix, Map<String, String> labels, double value) {
        public Sample {
            labels = Map.copyOf(labels);
            labels.keySet().forEach(Metric::check);
        }

        /// By name.
        public Map<String, String> sortedLabels() {
            return new TreeMap<>(labels);
        }
    }

    public Metric {
        samples = List.copyOf(samples);
        check(name);
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: a-z, then a-z 0-9 _)");
        }
    }

    public static Metric gauge(String name, String help, double value) {
        return new Metric(name, Kind.GAUGE, help, List.of(new Sample("", Map.of(), value)));
    }

    public static Metric gauges(String name, String help, List<Sample> samples) {
        return new Metric(name, Kind.GAUGE, help, samples);
    }

    public static Metric counter(String name, String help, double value) {
        return new Metric(name, Kind.COUNTER, help, List.of(new Sample("", Map.of(), value)));
    }

    /// A value of a metric that has several.
    public static Sample sample(String label, String of, double value) {
        return new Sample("", Map.of(label, of), value);
    }
}
