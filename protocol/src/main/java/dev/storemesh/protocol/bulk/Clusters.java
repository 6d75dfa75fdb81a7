package dev.storemesh.protocol.bulk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lines in an order in which each comes after those that it mentions, or together with them where they mention
/// each other: the strongly connected components of who mentions whom (R. Tarjan, Depth-first search and linear
/// graph algorithms, 1972), without recursion.
public final class Clusters {
    private final List<BulkLine> lines;
    private final List<List<Integer>> mentioned;
    private final int[] index;
    private final int[] low;
    private final boolean[] stacked;
    private final Deque<Integer> stack = new ArrayDeque<>();
    private final List<List<BulkLine>> components = new ArrayList<>();
    private int next = 1;

    private record Visit(int line, int from) {}

    private Clusters(List<BulkLine> lines) {
        this.lines = lines;
        this.mentioned = mentioned(lines);
        this.index = new int[lines.size()];
        this.low = new int[lines.size()];
        this.stacked = new boolean[lines.size()];
    }

    /// All lines in steps of about `most`, or more where more of them hang together.
    public static List<List<BulkLine>> inOrder(List<BulkLine> lines, int most) {
        var steps = new ArrayList<List<BulkLine>>();
        var step = new ArrayList<BulkLine>();
        for (var component : new Clusters(lines).components()) {
            if (!step.isEmpty() && step.size() + component.size() > most) {
                steps.add(List.copyOf(step));
                step.clear();
            }
            step.addAll(component);
        }
        if (!step.isEmpty()) {
            steps.add(List.copyOf(step));
        }
        return steps;
    }

    private static List<List<Integer>> mentioned(List<BulkLine> lines) {
        Map<String, Integer> places = new HashMap<>();
        for (var i = 0; i < lines.size(); i++) {
            places.put(lines.get(i).object().text(), i);
        }
        return lines.stream()
                .map(line -> line.mentioned()
                        .filter(places::containsKey)
                        .map(text -> places.getOrDefault(text, 0))
                        .toList())
                .toList();
    }

    private List<List<BulkLine>> components() {
        for (var i = 0; i < lines.size(); i++) {
            if (index[i] == 0) {
                visit(i);
            }
        }
        return components;
    }

    private void visit(int first) {
        var visits = new ArrayDeque<Visit>();
        begin(first);
        visits.push(new Visit(first, 0));
        while (!visits.isEmpty()) {
            var visit = visits.pop();
            var line = visit.line();
            var from = visit.from();
            var deeper = false;
            while (from < mentioned.get(line).size() && !deeper) {
                int other = mentioned.get(line).get(from);
                if (index[other] == 0) { // it is looked at again when that one is done
                    visits.push(new Visit(line, from));
                    begin(other);
                    visits.push(new Visit(other, 0));
                    deeper = true;
                } else {
                    low[line] = stacked[other] ? Math.min(low[line], low[other]) : low[line];
                    from++;
                }
            }
            if (!deeper && low[line] == index[line]) {
                components.add(popped(line));
            }
        }
    }

    private void begin(int line) {
        index[line] = next;
        low[line] = next++;
        stack.push(line);
        stacked[line] = true;
    }

    private List<BulkLine> popped(int root) {
        var component = new ArrayList<BulkLine>();
        int line;
        do {
            line = stack.pop();
            stacked[line] = false;
            component.add(lines.get(line));
        } while (line != root);
        return component;
    }
}
