package dev.storemesh.protocol.bulk;

import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parts the lines of a step that was refused: those that are wrong, those that later lines may put right, and
/// those that nothing was said of, which may go again.
public final class Sieve {
    /// What a line that comes later, or a deletion, may put right.
    private static final Set<Code> CURABLE = Set.of(Code.UNKNOWN_REFERENCE, Code.NOT_UNIQUE);

    private Sieve() {}

    /// What parting comes to. `strange`: what is wrong with objects that no line is about.
    public record Parted(
            List<BulkLine> again, List<BulkLine> held, List<RefusedLine> refused, List<Violation> strange) {
        public Parted {
            again = List.copyOf(again);
            held = List.copyOf(held);
            refused = List.copyOf(refused);
            strange = List.copyOf(strange);
        }

        /// Whether fewer lines would go again than went.
        public boolean isFewer() {
            return !held.isEmpty() || !refused.isEmpty();
        }
    }

    /// Parts lines while there are others to come. Those that mention a line that does not go again are held back
    /// with it: else they would be refused next, one after the other.
    public static Parted part(List<BulkLine> lines, List<Violation> violations) {
        return part(lines, violations, true);
    }

    /// Parts lines that are the last: nothing can put them right.
    public static Parted partLast(List<BulkLine> lines, List<Violation> violations) {
        return part(lines, violations, false);
    }

    private static Parted part(List<BulkLine> lines, List<Violation> violations, boolean holding) {
        var byObject = new HashMap<String, List<Violation>>();
        violations.forEach(violation -> byObject.computeIfAbsent(violation.object(), object -> new ArrayList<>())
                .add(violation));
        var held = new ArrayList<BulkLine>();
        var refused = new ArrayList<RefusedLine>();
        var rest = new ArrayList<BulkLine>();
        var out = new HashSet<String>();
        for (var line : lines) {
            var wrong = byObject.remove(line.object().text());
            if (wrong == null) {
                rest.add(line);
                continue;
            }
            out.add(line.object().text());
            if (holding && wrong.stream().allMatch(violation -> CURABLE.contains(violation.code()))) {
                held.add(line);
            } else {
                refused.add(RefusedLine.of(line, wrong));
            }
        }
        if (holding) {
            var mentioning = mentioning(rest, out);
            rest.stream().filter(line -> mentioning.contains(line.number())).forEach(held::add);
            rest.removeIf(line -> mentioning.contains(line.number()));
        }
        var strange = byObject.values().stream().flatMap(List::stream).toList();
        return new Parted(rest, held, refused, strange);
    }

    /// The numbers of those that mention one of these objects, or a line that does.
    private static Set<Long> mentioning(List<BulkLine> lines, Set<String> out) {
        var open = new ArrayDeque<>(out);
        var mentions = mentions(lines);
        var found = new HashSet<Long>();
        while (!open.isEmpty()) {
            for (var line : mentions.getOrDefault(open.remove(), List.of())) {
                if (found.add(line.number())) {
                    open.add(line.object().text());
                }
            }
        }
        return found;
    }

    private static Map<String, List<BulkLine>> mentions(List<BulkLine> lines) {
        var mentions = new HashMap<String, List<BulkLine>>();
        for (var line : lines) {
            line.mentioned()
                    .distinct()
                    .forEach(text -> mentions.computeIfAbsent(text, unused -> new ArrayList<>(1))
                            .add(line));
        }
        return mentions;
    }
}
