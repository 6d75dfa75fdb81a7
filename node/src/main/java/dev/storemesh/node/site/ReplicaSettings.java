package dev.storemesh.node.site;

import java.time.Duration;

/// `storemesh.replica`: the bounds of a store's copy of a catalog and of its queue.
///
/// @param maxQueued change requests kept for HQ
/// @param answeredKept how long a change request that HQ has answered is remembered
/// @param snapshotEvery journal rows between two snapshots
public record ReplicaSettings(int maxQueued, Duration answeredKept, int snapshotEvery) {

    static ReplicaSettings read(SettingsReader reader) throws StartFailure {
        return new ReplicaSettings(
                reader.whole("replica.max-queued", 1, 10_000_000),
                reader.span("replica.answered-kept", Duration.ofHours(1), Duration.ofDays(3650)),
                reader.whole("replica.snapshot-every", 1, 1_000_000));
    }
}
