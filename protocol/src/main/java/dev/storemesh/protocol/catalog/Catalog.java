package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Instant;

/// What the single writer of a catalog must know to decide; not the objects, which the partitions hold.
public sealed interface Catalog {
    CatalogId id();

    /// The position of the last row.
    Position position();

    /// Nobody made it yet.
    record Unmade(CatalogId id, Position position) implements Catalog {}

    /// `lastAt` is the time of the newest version: the next one's is later.
    record Made(
            CatalogId id,
            Position position,
            HistoryId history,
            Version head,
            ChainHash chain,
            Instant lastAt,
            PartitionMap partitions,
            LogIndex index,
            SchemaHistory schemas)
            implements Catalog, LogStanding {}

    static Catalog unmade(CatalogId id) {
        return new Unmade(id, Position.START);
    }
}
