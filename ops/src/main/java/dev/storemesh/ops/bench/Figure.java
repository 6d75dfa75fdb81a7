package dev.storemesh.ops.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One measured figure: the median of all rounds, with the least and the most of them.
record Figure(String work, String system, String metric, List<Double> rounds) {
    Figure {
        rounds = List.copyOf(rounds);
    }

    double median() {
        var sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    ObjectNode json() {
        var node = ApiClient.JSON.createObjectNode();
        node.put("work", work).put("system", system).put("metric", metric).put("value", median());
        var array = node.putArray("rounds");
        rounds.forEach(array::add);
        return node;
    }

    /// As a row of a table.
    String[] row() {
        var values = rounds.stream().mapToDouble(Double::doubleValue).toArray();
        return new String[] {
            work,
            system,
            metric,
            text(median()),
            text(Arrays.stream(values).min().orElse(Double.NaN)),
            text(Arrays.stream(values).max().orElse(Double.NaN))
        };
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%,.0f", value);
    }
}
