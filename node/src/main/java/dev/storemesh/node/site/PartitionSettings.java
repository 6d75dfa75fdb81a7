package dev.storemesh.node.site;

import java.time.Duration;

/// `storemesh.partition`: how much memory partitions take, when one checkpoints, how long it may take to catch up, and
/// when there are to be more of them.
///
/// @param memoryBytes what the node's partitions and writers may hold in memory, about
/// @param checkpointMinBytes the log's tail below which no checkpoint is made
/// @param catchUpTimeout how long a reader waits for a partition that is behind
/// @param maxObjects objects of a partition beyond which the catalog's partitions double
/// @param buildTimeout how long the doubling may take
/// @param retireAfter how long the former partitions stay in memory when nobody asks them any more
/// @param retainVersions for how many versions rows stay in memory after they ended
/// @param pastReaders how many may read at a time what is in memory no more
public record PartitionSettings(
        long memoryBytes,
        long checkpointMinBytes,
        Duration catchUpTimeout,
        int maxObjects,
        Duration buildTimeout,
        Duration retireAfter,
        long retainVersions,
        int pastReaders) {

    static PartitionSettings read(SettingsReader reader) throws StartFailure {
        return new PartitionSettings(
                reader.memory("partition.memory", "1MiB", "16TiB"),
                reader.size("partition.checkpoint-min", "64KiB", "1GiB"),
                reader.span("partition.catch-up-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
                reader.whole("partition.max-objects", 1_000, 10_000_000),
                reader.span("partition.build-timeout", Duration.ofSeconds(10), Duration.ofHours(4)),
                reader.span("partition.retire-after", Duration.ofSeconds(1), Duration.ofDays(1)),
                reader.wholeLong("partition.retain-versions", 100, Long.MAX_VALUE / 2),
                reader.whole("partition.past-readers", 1, 1_000));
    }
}
