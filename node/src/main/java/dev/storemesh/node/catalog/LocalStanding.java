package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.PendingChange;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import java.util.List;
import java.util.Optional;

/// How far a log is for who sees so many of a store's own writes laid over its versions, or in their place
/// undecided change requests.
record LocalStanding(LogStanding visible, long local, List<PendingChange> pending) implements LogStanding {
    LocalStanding {
        pending = List.copyOf(pending);
    }

    LocalStanding(LogStanding visible, long local) {
        this(visible, local, List.of());
    }

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
        return visible.head();
    }

    @Override
    public ChainHash chain() {
        return visible.chain();
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
        return visible.schemas();
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
