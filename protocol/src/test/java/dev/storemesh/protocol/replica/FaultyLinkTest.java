package dev.storemesh.protocol.replica;

import org.junit.jupiter.api.Test;

/// A store and HQ agree in the end, whatever the link does with their messages. `-Dstoremesh.seeds=10000` tries more.
final class FaultyLinkTest {
    private static final int STEPS = 40;

    @Test
    void whateverComesLateTwiceOrNeverEachRequestIsRecordedAndTakesEffectOnceAndInOrder() {
        var seeds = Integer.getInteger("storemesh.seeds", 1_000);
        for (var seed = 0L; seed < seeds; seed++) {
            try {
                var link = new FaultyLink(seed);
                for (var step = 0; step < STEPS; step++) {
                    link.step();
                }
                link.settle();
                link.check();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }
}
