package dev.storemesh.ops.bench;

import dev.storemesh.ops.cli.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One line for each figure, one column for each size of a catalog, and how far the figures lie apart.
final class ScaleTable {
    private static final double FLAT = 2;
    private static final double RECOVERY_SECONDS = 10;
    /// Costs of one operation, or of one object.
    private static final Map<String, Set<String>> ARE_TO_BE_FLAT = Map.of(
            Work.IMPORT.text(),
            Set.of("per_s"),
            ScaleBench.READ,
            Set.of("p50_ms"),
            Work.UPDATE_1.text(),
            Set.of("p50_ms"),
            Work.PAGE_ALL.text(),
            Set.of("per_s"),
            ScaleBench.PAGE_AS_OF,
            Set.of("per_s"),
            Work.CHANGES.text(),
            Set.of("per_s"));

    private final List<Figure> figures;

    ScaleTable(List<Figure> figures) {
        this.figures = figures;
    }

    List<String> lines() {
        var lines = new LinkedHashMap<List<String>, TreeMap<Long, Figure>>();
        for (var figure : figures) {
            lines.computeIfAbsent(List.of(figure.work(), figure.metric()), any -> new TreeMap<>())
                    .put(figure.settings().getOrDefault("objects", 0L), figure);
        }
        var sizes = lines.values().iterator().next().keySet();
        var heads = new ArrayList<>(List.of("WORK", "METRIC"));
        sizes.forEach(size -> heads.add(String.format(Locale.ROOT, "%,d", size)));
        heads.addAll(List.of("MOST / LEAST", "GOAL", ""));
        var table = new TextTable(heads.toArray(new String[0]));
        lines.forEach((name, bySize) -> table.add(row(name, bySize)));
        return table.lines();
    }

    private static String[] row(List<String> name, SortedMap<Long, Figure> bySize) {
        var cells = new ArrayList<>(name);
        bySize.values().forEach(figure -> cells.add(Figure.text(figure.median())));
        var factor = factor(List.copyOf(bySize.values()));
        cells.add(String.format(Locale.ROOT, "%.2f", factor));
        if (ARE_TO_BE_FLAT.getOrDefault(name.get(0), Set.of()).contains(name.get(1))) {
            cells.addAll(List.of("<= 2", factor <= FLAT ? "met" : "missed"));
        } else if (name.get(0).equals(Work.RECOVERY.text())) {
            var largest = Objects.requireNonNull(bySize.get(bySize.lastKey())).median();
            cells.addAll(List.of("<= 10 s", largest <= RECOVERY_SECONDS ? "met" : "missed"));
        } else {
            cells.addAll(List.of("", ""));
        }
        return cells.toArray(new String[0]);
    }

    private static double factor(List<Figure> figures) {
        var medians = figures.stream().mapToDouble(Figure::median).summaryStatistics();
        return medians.getMax() / medians.getMin();
    }
}
