package dev.storemesh.ops.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// One scenario with so many clients: the rounds of both sides, and whether the goal is met.
///
/// @param goal of requests/s, as a multiple of the hand-built side's; at no worse p99
/// @param missing Storemesh has no such route
record Comparison(
        String scenario,
        int clients,
        double goal,
        boolean missing,
        List<Load.Figures> storemesh,
        List<Load.Figures> eav) {
    static final String[] HEADS = {
        "SCENARIO", "CLIENTS", "STOREMESH/S", "P50 MS", "P99 MS", "EAV/S", "P50 MS", "P99 MS", "RATIO", "GOAL", ""
    };

    Comparison(String scenario, int clients, double goal, boolean missing) {
        this(scenario, clients, goal, missing, new ArrayList<>(), new ArrayList<>());
    }

    void note(List<Load.Figures> side, Load.Figures figures, boolean counts) {
        if (counts) {
            side.add(figures);
        }
    }

    private static double median(List<Load.Figures> rounds, ToDoubleFunction<Load.Figures> figure) {
        return new Figure(
                        "",
                        "",
                        "",
                        rounds.stream()
                                .map(round -> figure.applyAsDouble(round))
                                .toList())
                .median();
    }

    /// The median over the rounds of the ratio within a round, where both sides had the same machine.
    double ratio() {
        var ratios = new ArrayList<Double>();
        for (var i = 0; i < storemesh.size(); i++) {
            ratios.add(storemesh.get(i).perSecond() / eav.get(i).perSecond());
        }
        return new Figure("", "", "", ratios).median();
    }

    private boolean slowerTail() {
        return median(storemesh, Load.Figures::p99Ms) > median(eav, Load.Figures::p99Ms);
    }

    String verdict() {
        if (missing) {
            return "NOT THERE (404)";
        }
        if (ratio() < goal) {
            return "missed";
        }
        return slowerTail() ? "missed: p99 is worse" : "met";
    }

    String[] row() {
        return new String[] {
            scenario,
            Integer.toString(clients),
            missing ? "-" : text(median(storemesh, Load.Figures::perSecond)),
            missing ? "-" : text(median(storemesh, Load.Figures::p50Ms)),
            missing ? "-" : text(median(storemesh, Load.Figures::p99Ms)),
            text(median(eav, Load.Figures::perSecond)),
            text(median(eav, Load.Figures::p50Ms)),
            text(median(eav, Load.Figures::p99Ms)),
            missing ? "-" : String.format(Locale.ROOT, "%.2f", ratio()),
            String.format(Locale.ROOT, "%.1f", goal),
            verdict()
        };
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
    }

    private Map<String, Long> settings() {
        return Map.of("clients", (long) clients);
    }

    /// One line for each side and figure, as `bench node` writes them.
    List<String> json() {
        var lines = new ArrayList<String>();
        if (!missing) {
            side(lines, NodeContestant.SQLITE, storemesh);
        }
        side(lines, EavContestant.SYSTEM, eav);
        if (!missing) {
            var ratio = new Figure(scenario, NodeContestant.SQLITE, "ratio", List.of(ratio()), settings()).json();
            lines.add(ratio.put("goal", goal).put("verdict", verdict()).toString());
        }
        return lines;
    }

    private void side(List<String> lines, String system, List<Load.Figures> rounds) {
        lines.add(figure(system, "per_s", rounds, Load.Figures::perSecond));
        lines.add(figure(system, "p50_ms", rounds, Load.Figures::p50Ms));
        lines.add(figure(system, "p99_ms", rounds, Load.Figures::p99Ms));
    }

    private String figure(
            String system, String metric, List<Load.Figures> rounds, ToDoubleFunction<Load.Figures> figure) {
        var values = rounds.stream().map(round -> figure.applyAsDouble(round)).toList();
        return new Figure(scenario, system, metric, values, settings()).json().toString();
    }
}
