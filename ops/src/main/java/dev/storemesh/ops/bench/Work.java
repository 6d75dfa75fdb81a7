package dev.storemesh.ops.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What all systems are asked to do. The numbers in the names are those of the full size.
enum Work {
    /// All objects into an empty catalog.
    IMPORT,
    /// Changes of one price each.
    UPDATE_1,
    UPDATE_16_HOT,
    UPDATE_16_CATALOGS,
    /// What one client notices that changes prices in a catalog of its own: alone, and beside 64 that change another.
    FLOOD_0,
    FLOOD_64,
    /// One object.
    READ_16,
    /// The whole catalog, in pages of 1,000 objects at one version.
    PAGE_ALL,
    /// What the last 1,000 writes changed.
    CHANGES,
    DISK_PER_ATTRIBUTE,
    HEAP_PER_ATTRIBUTE,
    /// From the start of a killed server to the first object that it shows.
    RECOVERY,
    /// The last request alone of a transaction.
    COMMIT_20000,
    ROLLBACK_20000,
    COMMIT_1;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Work> of(String text) {
        return Arrays.stream(values()).filter(work -> work.text().equals(text)).findFirst();
    }

    static Set<Work> all() {
        return EnumSet.allOf(Work.class);
    }

    boolean isOfTransactions() {
        return this == COMMIT_20000 || this == ROLLBACK_20000 || this == COMMIT_1;
    }

    static String names() {
        return Arrays.stream(values()).map(Work::text).collect(Collectors.joining(", "));
    }

    List<Goal> goals() {
        return switch (this) {
            case IMPORT -> List.of(Goal.atLeast("per_s", 20_000), Goal.timesAtLeast("per_s", 2));
            case UPDATE_1 -> List.of(Goal.timesAtMost("p50_ms", 1.5));
            case UPDATE_16_HOT -> List.of(Goal.timesAtLeast("per_s", 2));
            case UPDATE_16_CATALOGS -> List.of(Goal.timesAtLeast("per_s", 1));
            case READ_16, PAGE_ALL, CHANGES -> List.of(Goal.timesAtLeast("per_s", 1.5));
            case DISK_PER_ATTRIBUTE -> List.of(Goal.atMost("bytes", 40), Goal.timesAtMost("bytes", 0.25));
            case HEAP_PER_ATTRIBUTE -> List.of(Goal.atMost("bytes", 200));
            case COMMIT_20000, ROLLBACK_20000 -> List.of(Goal.atMost("p99_ms", 20));
            case RECOVERY, COMMIT_1, FLOOD_0, FLOOD_64 -> List.of();
        };
    }
}
