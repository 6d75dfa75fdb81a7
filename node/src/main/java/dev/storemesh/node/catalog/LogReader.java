package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.value.CatalogId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.stream.javadsl.Source;

/// Reads logs back from the journal, by connections of their own: a reader never waits for the writer.
public final class LogReader {
    private final ActorSystem<?> system;
    private final LogOrigin origin;
    private final CurrentEventsByPersistenceIdQuery journal;

    public LogReader(ActorSystem<?> system, LogOrigin origin) {
        this.system = system;
        this.origin = origin;
        this.journal =
                PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
    }

    /// The rows that are there from this position on, in order.
    public Source<LogRow, NotUsed> rows(CatalogId catalog, Position from) {
        return journal.currentEventsByPersistenceId(origin.journal(catalog).id(), from.number(), Long.MAX_VALUE)
                .map(envelope -> LogOrigin.row(new Position(envelope.sequenceNr()), envelope.event()));
    }

    /// At most `limit` of them.
    CompletionStage<List<LogRow>> some(CatalogId catalog, Position from, int limit) {
        return rows(catalog, from).take(limit).runWith(org.apache.pekko.stream.javadsl.Sink.seq(), system);
    }
}
