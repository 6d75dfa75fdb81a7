package dev.storemesh.http.route;

import dev.storemesh.protocol.watch.Metric;
import dev.storemesh.protocol.watch.Metric.Sample;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Metrics in Prometheus' text format, version 0.0.4.
final class MetricText {
    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=UTF-8";
    private static final double WHOLE = 1L << 53; // below that a double without a fraction is exact

    private MetricText() {}

    static String of(List<Metric> metrics) {
        var text = new StringBuilder();
        metrics.forEach(metric -> write(text, metric));
        return text.toString();
    }

    private static void write(StringBuilder text, Metric metric) {
        var kind = metric.kind().name().toLowerCase(Locale.ROOT);
        text.append("# HELP ").append(metric.name()).append(' ');
        text.append(metric.help().replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        text.append("# TYPE ").append(metric.name()).append(' ').append(kind).append('\n');
        for (var sample : metric.samples()) {
            text.append(metric.name()).append(sample.suffix()).append(labels(sample));
            text.append(' ').append(number(sample.value())).append('\n');
        }
    }

    private static String labels(Sample sample) {
        return sample.labels().isEmpty()
                ? ""
                : sample.sortedLabels().entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < WHOLE
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
