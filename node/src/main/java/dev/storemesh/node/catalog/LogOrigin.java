package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.value.CatalogId;
import org.apache.pekko.persistence.typed.PersistenceId;

/// Whose journal the partitions of a site are made from: at HQ the catalog's own, at a store its replica's.
public enum LogOrigin {
    CATALOG("catalog"),
    REPLICA("replica");

    private final String entity;

    LogOrigin(String entity) {
        this.entity = entity;
    }

    /// The name of the entity type that writes it.
    public String entity() {
        return entity;
    }

    PersistenceId journal(CatalogId catalog) {
        return PersistenceId.of(entity, catalog.text());
    }

    static LogRow row(Position position, Object event) {
        return switch (event) {
            case Round round -> round.row(position);
            case ReplicaRound round -> round.row(position);
            default -> throw new IllegalStateException("position " + position + ": " + event.getClass() + " in a log");
        };
    }
}
