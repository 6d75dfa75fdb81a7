package dev.storemesh.ops.site;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What happens to the network and to the processes while stores ask and HQ edits; the same for the same seed.
record NetworkSchedule(long seed, List<Step> steps) {
    private static final int SHORTEST_MILLIS = 100;
    private static final int LONGEST_MILLIS = 700;

    /// After a pause.
    record Step(Duration pause, Fault fault) {}

    /// `site` 0 is HQ; lines are named by their store.
    sealed interface Fault {
        record CutBoth(int store) implements Fault {}

        record CutToStore(int store) implements Fault {}

        record CutToHq(int store) implements Fault {}

        record Heal(int store) implements Fault {}

        /// The line comes and goes, so many times.
        record Flap(int store, int times) implements Fault {}

        /// By SIGKILL, and started again at once, whatever the line is like.
        record Kill(int site) implements Fault {}
    }

    NetworkSchedule {
        steps = List.copyOf(steps);
    }

    /// @param kills whether processes are killed, too: each takes seconds to come back
    static NetworkSchedule of(long seed, int stores, boolean kills) {
        var random = new Random(seed);
        var steps = new ArrayList<Step>();
        var count = 3 + random.nextInt(3);
        for (var i = 0; i < count; i++) {
            steps.add(new Step(pause(random), line(random, 1 + random.nextInt(stores))));
        }
        if (kills) {
            // in the middle, so that it happens under a fault of the line, and what follows meets a site that starts
            steps.add(steps.size() / 2, new Step(pause(random), new Fault.Kill(random.nextInt(stores + 1))));
        }
        return new NetworkSchedule(seed, steps);
    }

    private static Duration pause(Random random) {
        return Duration.ofMillis(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
    }

    private static Fault line(Random random, int store) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Fault.CutBoth(store);
            case 2 -> new Fault.CutToStore(store);
            case 3 -> new Fault.CutToHq(store);
            case 4 -> new Fault.Flap(store, 2 + random.nextInt(4));
            default -> new Fault.Heal(store);
        };
    }
}
