package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import java.util.List;
import java.util.Optional;

/// How far a catalog's log is at this site, and where its parts stand: all that a reader must know before it asks a
/// partition or the journal. The same at HQ and at a store.
public interface LogStanding {
    CatalogId id();

    Position position();

    HistoryId history();

    /// The history that the chain of the log begins in, where this site has it from its beginning.
    default HistoryId origin() {
        return history();
    }

    /// The newest version that everybody sees.
    Version head();

    ChainHash chain();

    PartitionMap partitions();

    LogIndex index();

    SchemaHistory schemas();

    /// The version after [#head], as far as its steps are here.
    Optional<StagedVersion> staged();

    /// The first version that can be read here; empty: the whole log is here.
    default Optional<Floor> floor() {
        return Optional.empty();
    }

    /// Whether this version lies before all that is here.
    default boolean isBelowFloor(Version version) {
        return floor().filter(first -> first.version().isAfter(version)).isPresent();
    }

    /// The copy that is to take the place of what is held, or is coming in; at HQ there is none.
    default Optional<Load> load() {
        return Optional.empty();
    }

    /// What is here is what is global and at this location; empty: the whole catalog, as at HQ.
    default Optional<LocationId> location() {
        return Optional.empty();
    }

    /// Those of HQ; a store knows of none.
    default Transactions transactions() {
        return Transactions.NONE;
    }

    /// How many of its own writes a store has laid over the versions so far; at HQ none.
    default long local() {
        return 0;
    }

    /// The undecided change requests that are laid over it, in place of its own writes, for who asked to see them.
    default List<PendingChange> pending() {
        return List.of();
    }

    /// How many change requests wait here for HQ to record them; at HQ none do.
    default int queued() {
        return 0;
    }

    /// How much of the log is here.
    default LogPlace place() {
        return staged().map(StagedVersion::place).orElse(LogPlace.of(head()));
    }
}
