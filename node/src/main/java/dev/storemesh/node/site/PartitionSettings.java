package dev.storemesh.node.site;

import java.time.Duration;

/// `storemesh.partition`: when a partition checkpoints, and how long it may take to catch up.
///
/// @param checkpointMinBytes the log's tail below which no checkpoint is made
/// @param catchUpTimeout how long a reader waits for a partition that is behind
public record PartitionSettings(long checkpointMinBytes, Duration catchUpTimeout) {

    static PartitionSettings read(SettingsReader reader) throws StartFailure {
        return new PartitionSettings(
                reader.size("partition.checkpoint-min", "64KiB", "1GiB"),
                reader.span("partition.catch-up-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)));
    }
}
