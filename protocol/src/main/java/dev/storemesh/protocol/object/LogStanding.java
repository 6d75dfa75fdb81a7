package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;

/// How far a catalog's log is at this site, and where its parts stand: all that a reader must know before it asks a
/// partition or the journal. The same at HQ and at a store.
public interface LogStanding {
    CatalogId id();

    Position position();

    HistoryId history();

    Version head();

    ChainHash chain();

    PartitionMap partitions();

    LogIndex index();

    SchemaHistory schemas();
}
