package dev.storemesh.ops.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One measured figure: the median of all rounds, with the least and the most of them.
///
/// @param settings what the work was like: numbers of objects, clients …
record Figure(String work, String system, String metric, List<Double> rounds, Map<String, Long> settings) {
    Figure {
        rounds = List.copyOf(rounds);
        settings = Map.copyOf(settings);
    }

    Figure(String work, String system, String metric, List<Double> rounds) {
        this(work, system, metric, rounds, Map.of());
    }

    double median() {
        return median(rounds);
    }

    static double median(List<Double> values) {
        var sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// How many times as much as `other` this is: the median over the rounds of the ratio within a round, where both
    /// had the same machine.
    double times(Figure other) {
        if (rounds.size() != other.rounds.size()) {
            return median() / other.median();
        }
        var ratios = new ArrayList<Double>();
        for (var i = 0; i < rounds.size(); i++) {
            ratios.add(rounds.get(i) / other.rounds.get(i));
        }
        return median(ratios);
    }

    ObjectNode json() {
        var node = ApiClient.JSON.createObjectNode();
        node.put("work", work).put("system", system).put("metric", metric).put("value", median());
        var array = node.putArray("rounds");
        rounds.forEach(array::add);
        var object = node.putObject("settings");
        new TreeMap<>(settings).forEach(object::put);
        return node;
    }

    /// As a row of a table.
    String[] row() {
        return new String[] {work, system, metric, text(median()), text(least()), text(most())};
    }

    double least() {
        return rounds.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    double most() {
        return rounds.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    static String text(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%,.0f", value);
    }
}
