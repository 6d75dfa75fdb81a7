package dev.storemesh.node.site;

/// `storemesh.replica`: the bounds of a store's copy of a catalog and of its queue.
///
/// @param maxQueued change requests kept for HQ
/// @param snapshotEvery journal rows between two snapshots
public record ReplicaSettings(int maxQueued, int snapshotEvery) {

    static ReplicaSettings read(SettingsReader reader) throws StartFailure {
        return new ReplicaSettings(
                reader.whole("replica.max-queued", 1, 10_000_000),
                reader.whole("replica.snapshot-every", 1, 1_000_000));
    }
}
