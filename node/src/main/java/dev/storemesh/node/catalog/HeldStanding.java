package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import java.util.Optional;

/// How far a log is for the holder of its open transaction: at the version that is being made.
record HeldStanding(LogStanding visible, StagedVersion made) implements LogStanding {
    @Override
    public CatalogId id() {
        return visible.id();
    }

    @Override
    public Position position() {
        return visible.position();
    }

    @Override
    public HistoryId history() {
        return visible.history();
    }

    @Override
    public HistoryId origin() {
        return visible.origin();
    }

    @Override
    public Version head() {
        return made.version();
    }

    @Override
    public ChainHash chain() {
        return made.chain();
    }

    @Override
    public PartitionMap partitions() {
        return visible.partitions();
    }

    @Override
    public LogIndex index() {
        return visible.index();
    }

    @Override
    public SchemaHistory schemas() {
        return made.schemas();
    }

    @Override
    public Optional<StagedVersion> staged() {
        return visible.staged();
    }

    @Override
    public Optional<Floor> floor() {
        return visible.floor();
    }

    @Override
    public Optional<LocationId> location() {
        return visible.location();
    }
}
