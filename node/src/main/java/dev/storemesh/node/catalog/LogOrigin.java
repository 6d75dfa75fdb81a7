package dev.storemesh.node.catalog;

import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.value.CatalogId;
import org.apache.pekko.persistence.typed.PersistenceId;

/// Whose journal the partitions of a site are made from: at HQ the catalog's own, at a store its replica's.
public enum LogOrigin {
    CATALOG,
    REPLICA;

    PersistenceId journal(CatalogId catalog) {
        return switch (this) {
            case CATALOG -> PersistenceId.of(CatalogEntity.TYPE_KEY.name(), catalog.text());
            case REPLICA -> PersistenceId.of(ReplicaEntity.TYPE_KEY.name(), catalog.text());
        };
    }

    static LogRow row(Position position, Object event) {
        return switch (event) {
            case Round round -> round.row(position);
            case ReplicaRound round -> round.row(position);
            default -> throw new IllegalStateException("position " + position + ": " + event.getClass() + " in a log");
        };
    }
}
