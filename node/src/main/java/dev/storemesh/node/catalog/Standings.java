package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Asks the writer of a log how far it is: at HQ the catalog, at a store its replica. Empty: not here.
public interface Standings {
    /// How much later than its patience a poll may be answered before it counts as unanswered.
    Duration GRACE = Duration.ofSeconds(5);

    CompletionStage<Optional<LogStanding>> now(CatalogId catalog);

    /// When there is a version after `after`, or when `patience` is up.
    CompletionStage<Optional<LogStanding>> after(CatalogId catalog, Version after, Duration patience);
}
