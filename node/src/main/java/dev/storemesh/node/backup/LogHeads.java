package dev.storemesh.node.backup;

import dev.storemesh.persistence.sqlite.SqliteCopy;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.replica.ReplicaEvent;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.value.CatalogId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How far the catalogs in a log are, read from their last rows.
final class LogHeads {
    private static final String CATALOG = "catalog|";
    private static final String REPLICA = "replica|";

    private final SqliteCopy log;

    /// One catalog: at HQ its own log, at a store what came down of it.
    ///
    /// @param chain vouches for `version` and all before it; empty: none has come down yet
    record Head(CatalogId catalog, HistoryId history, Version version, Optional<ChainHash> chain) {}

    LogHeads(SqliteCopy log) {
        this.log = log;
    }

    /// By name.
    List<Head> all() throws IOException {
        var heads = new ArrayList<Head>();
        for (var journal : log.ends().keySet()) {
            if (journal.startsWith(CATALOG)) {
                ofCatalog(journal).ifPresent(heads::add);
            } else if (journal.startsWith(REPLICA)) {
                ofReplica(journal).ifPresent(heads::add);
            }
        }
        return heads;
    }

    /// Nothing of a catalog that was never made.
    private Optional<Head> ofCatalog(String journal) throws IOException {
        var made = new Found<HistoryId>();
        log.events(
                journal,
                false,
                row -> made.lacks(((Round) row)
                        .events().stream()
                                .filter(CatalogEvent.Created.class::isInstance)
                                .map(event -> ((CatalogEvent.Created) event).history())
                                .findFirst()));
        var last = new Found<LogEntry>();
        log.events(journal, true, row -> last.lacks(last(((Round) row).entries())));
        var restored = log.restored(journal)
                .flatMap(row -> ((Round) row)
                        .events().stream()
                                .filter(CatalogEvent.HistoryBegun.class::isInstance)
                                .map(event -> ((CatalogEvent.HistoryBegun) event).history())
                                .findFirst());
        return made.value.map(
                history -> head(journal.substring(CATALOG.length()), restored.orElse(history), last.value));
    }

    /// Nothing where the store did not enrol. One that took over HQ's state is at the version of that, or after
    /// it, and follows the history of it.
    private Optional<Head> ofReplica(String journal) throws IOException {
        var history = new Found<HistoryId>();
        var last = new Found<Place>();
        var copy = new Found<ReplicaEvent.Loaded>(); // that is whole
        log.events(journal, true, row -> {
            var round = (ReplicaRound) row;
            copy.lacks(only(ReplicaEvent.Loaded.class, round));
            if (copy.value.isEmpty()) {
                last.lacks(last(round.entries()).map(entry -> new Place(entry.version(), entry.chain())));
            }
            var begun = copy.value.flatMap(whole -> only(ReplicaEvent.LoadBegun.class, round));
            last.lacks(begun.map(
                    from -> new Place(from.floor().version(), from.floor().chain())));
            var lacksHistory = history.lacks(begun.map(ReplicaEvent.LoadBegun::history)
                    .or(() -> only(ReplicaEvent.Enrolled.class, round).map(ReplicaEvent.Enrolled::history)));
            return lacksHistory || copy.value.isEmpty() && last.value.isEmpty();
        });
        return history.value.map(known -> new Head(
                new CatalogId(journal.substring(REPLICA.length())),
                known,
                last.value.map(Place::version).orElse(Version.NONE),
                last.value.map(Place::chain)));
    }

    private record Place(Version version, ChainHash chain) {}

    /// The last event of a kind in a row.
    private static <T extends ReplicaEvent> Optional<T> only(Class<T> kind, ReplicaRound round) {
        return round.events().stream().filter(kind::isInstance).map(kind::cast).reduce((earlier, later) -> later);
    }

    private static Head head(String catalog, HistoryId history, Optional<LogEntry> last) {
        return new Head(
                new CatalogId(catalog),
                history,
                last.map(LogEntry::version).orElse(Version.NONE),
                last.map(LogEntry::chain));
    }

    /// The last that is a version, or the end of one: steps are seen by nobody yet.
    private static Optional<LogEntry> last(List<LogEntry> entries) {
        return entries.stream().filter(entry -> !entry.isStep()).reduce((earlier, later) -> later);
    }

    /// What is looked for in one journal, once it is found.
    private static final class Found<T> {
        private Optional<T> value = Optional.empty();

        /// Takes the first of what it is shown; says whether it needs to be shown more.
        boolean lacks(Optional<T> shown) {
            value = value.or(() -> shown);
            return value.isEmpty();
        }
    }
}
