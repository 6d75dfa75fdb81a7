package dev.storemesh.ops.bench;

import dev.storemesh.ops.process.CommandFailed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What `bench catalog` is to measure.
///
/// @param reads whether scenarios of reads are measured; those in `scenarios`, or all
record Chosen(boolean reads, List<String> scenarios, Set<Work> works) {
    Chosen {
        scenarios = List.copyOf(scenarios);
        works = works.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(works)); // in their order
    }

    /// @param only as it stands in the options; none: everything
    /// @throws CommandFailed if a name is none
    static Chosen of(List<String> only) throws CommandFailed {
        if (only.isEmpty()) {
            return new Chosen(true, List.of(), Work.all());
        }
        var reads = false;
        var scenarios = new ArrayList<String>();
        var works = EnumSet.noneOf(Work.class);
        for (var name : only) {
            if (name.equals("reads")) {
                reads = true;
            } else if (name.equals("works")) {
                works.addAll(Work.all());
            } else if (Scenario.NAMES.contains(name)) {
                scenarios.add(name);
            } else {
                for (var work : name.split(",", -1)) {
                    works.add(Work.of(work.strip()).orElseThrow(() -> unknown(work)));
                }
            }
        }
        return new Chosen(reads || !scenarios.isEmpty(), reads ? List.of() : scenarios, works);
    }

    private static CommandFailed unknown(String name) {
        return new CommandFailed("--only: \"" + name + "\" (expected: reads, works, a scenario: "
                + String.join("; ", Scenario.NAMES) + "; or works: " + Work.names() + ")");
    }
}
