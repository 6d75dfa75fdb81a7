package dev.storemesh.ops.bench;

import dev.storemesh.ops.cli.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Figures of all systems, with what they are of those of the hand-built service, and whether goals are met.
final class WorkTable {
    private final List<Figure> figures;

    WorkTable(List<Figure> figures) {
        this.figures = figures;
    }

    List<String> lines() {
        var table = new TextTable("WORK", "SYSTEM", "METRIC", "MEDIAN", "LEAST", "MOST", "X HAND-BUILT", "GOAL", "");
        for (var figure : figures) {
            var cells = new ArrayList<>(List.of(figure.row()));
            var times = times(figure);
            cells.add(times.map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                    .orElse("-"));
            cells.addAll(judged(figure, times));
            table.add(cells.toArray(new String[0]));
        }
        return table.lines();
    }

    private Optional<Double> times(Figure figure) {
        return figure.system().equals(EavContestant.SYSTEM)
                ? Optional.empty()
                : figures.stream()
                        .filter(other -> other.system().equals(EavContestant.SYSTEM)
                                && other.work().equals(figure.work())
                                && other.metric().equals(figure.metric()))
                        .findFirst()
                        .map(figure::times);
    }

    private static List<String> judged(Figure figure, Optional<Double> times) {
        var goals = new ArrayList<String>();
        var met = true;
        if (figure.system().startsWith("storemesh")) {
            for (var goal : Work.of(figure.work()).map(Work::goals).orElse(List.of())) {
                var value = goal.relative() ? times : Optional.of(figure.median());
                if (goal.metric().equals(figure.metric()) && value.isPresent()) {
                    goals.add(goal.text());
                    met &= goal.isMet(value.get());
                }
            }
        }
        return goals.isEmpty() ? List.of("", "") : List.of(String.join(", ", goals), met ? "met" : "missed");
    }
}
