package dev.storemesh.ops.bench;

import java.util.Locale;

/// What a figure of Storemesh is to be.
///
/// @param relative a multiple of the hand-built service's figure of the same run
/// @param atLeast else at most
record Goal(String metric, boolean relative, boolean atLeast, double bound) {
    static Goal atLeast(String metric, double bound) {
        return new Goal(metric, false, true, bound);
    }

    static Goal atMost(String metric, double bound) {
        return new Goal(metric, false, false, bound);
    }

    static Goal timesAtLeast(String metric, double bound) {
        return new Goal(metric, true, true, bound);
    }

    static Goal timesAtMost(String metric, double bound) {
        return new Goal(metric, true, false, bound);
    }

    boolean isMet(double value) {
        return atLeast ? value >= bound : value <= bound;
    }

    String text() {
        return (atLeast ? ">= " : "<= ")
                + String.format(Locale.ROOT, bound == Math.rint(bound) ? "%,.0f" : "%.2f", bound)
                + (relative ? "x" : "");
    }
}
