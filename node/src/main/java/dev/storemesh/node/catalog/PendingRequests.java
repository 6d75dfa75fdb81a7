package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PendingChange;
import dev.storemesh.protocol.value.CatalogId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Where reads learn of a store's undecided change requests, to lay them over what HQ knows.
@FunctionalInterface
public interface PendingRequests {
    /// How far the log is, and what is undecided of it, as of one instant.
    record Undecided(LogStanding standing, List<PendingChange> changes) {
        public Undecided {
            changes = List.copyOf(changes);
        }
    }

    /// Those of a version, or of the newest; empty: this is not followed.
    CompletionStage<Optional<Undecided>> at(CatalogId catalog, Optional<Version> version);
}
