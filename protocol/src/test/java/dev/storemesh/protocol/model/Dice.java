package dev.storemesh.protocol.model;

import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/// Random choices that one seed repeats.
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /// @param all not empty
    <T> T one(Collection<T> all) {
        return List.copyOf(all).get(random.nextInt(all.size()));
    }

    @SafeVarargs
    final <T> T one(T... all) {
        return all[random.nextInt(all.length)];
    }
}
