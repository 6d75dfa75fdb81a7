package dev.storemesh.ops.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Figures while they are taken, round by round, in the order in which they were first noted.
final class Figures {
    private final Map<Key, List<Double>> rounds = new LinkedHashMap<>();

    /// What a figure is of.
    private record Key(String work, String system, String metric, Map<String, Long> settings) {}

    /// One system at one work, with what the work was like: numbers of objects, clients …
    record Of(String work, String system, Map<String, Long> settings) {
        Of {
            settings = Map.copyOf(settings);
        }
    }

    void note(Of of, String metric, double value) {
        rounds.computeIfAbsent(new Key(of.work(), of.system(), metric, of.settings()), any -> new ArrayList<>())
                .add(value);
    }

    /// Of requests: how many in a second, and how long they took.
    void note(Of of, Load.Figures load) {
        note(of, load, 1);
    }

    /// @param things that each request is about
    void note(Of of, Load.Figures load, long things) {
        note(of, "per_s", load.perSecond() * things);
        note(of, "p50_ms", load.p50Ms());
        note(of, "p99_ms", load.p99Ms());
    }

    List<Figure> all() {
        return rounds.entrySet().stream()
                .map(entry -> new Figure(
                        entry.getKey().work(),
                        entry.getKey().system(),
                        entry.getKey().metric(),
                        entry.getValue(),
                        entry.getKey().settings()))
                .toList();
    }
}
