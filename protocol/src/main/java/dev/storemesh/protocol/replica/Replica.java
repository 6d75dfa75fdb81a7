package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;

/// What a store must know of the catalog it follows; not the objects, which the partitions hold.
public sealed interface Replica {
    CatalogId id();

    /// The position of the last row of the replica's own journal.
    Position position();

    /// The store has not enrolled yet.
    record Unenrolled(CatalogId id, Position position) implements Replica {}

    /// `head` and `chain` are those of the last version that came down.
    record Following(
            CatalogId id,
            Position position,
            StoreId store,
            HistoryId history,
            long epoch,
            Version head,
            ChainHash chain,
            PartitionMap partitions,
            LogIndex index,
            RequestQueue queue,
            SchemaHistory schemas)
            implements Replica, LogStanding {}

    static Replica unenrolled(CatalogId id) {
        return new Unenrolled(id, Position.START);
    }
}
