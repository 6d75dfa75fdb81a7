package dev.storemesh.node.catalog;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The partitions that this node holds in memory, for reading in place. Safe for all threads.
final class LocalPartitions {
    private final Map<PartitionId, SharedContents> partitions = new ConcurrentHashMap<>();

    /// Said by a partition that begins.
    void put(PartitionId id, SharedContents contents) {
        partitions.put(id, contents);
    }

    /// Said by a partition that stops; what another one of this id said stays.
    void remove(PartitionId id, SharedContents contents) {
        partitions.remove(id, contents);
    }

    /// Empty: the partition itself is to be asked, wherever it is.
    Optional<SharedContents> find(PartitionId id) {
        return Optional.ofNullable(partitions.get(id));
    }
}
