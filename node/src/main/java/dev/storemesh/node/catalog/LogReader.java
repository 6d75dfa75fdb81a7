package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/// Reads logs back from the journal, by connections of their own: a reader never waits for the writer.
public final class LogReader {
    private static final Duration LONGEST = Duration.ofSeconds(60); // of one reading of some rows

    private final ActorSystem<?> system;
    private final LogOrigin origin;
    private final CurrentEventsByPersistenceIdQuery journal;

    public LogReader(ActorSystem<?> system, LogOrigin origin) {
        this(system, origin, journal(system));
    }

    LogReader(ActorSystem<?> system, LogOrigin origin, CurrentEventsByPersistenceIdQuery journal) {
        this.system = system;
        this.origin = origin;
        this.journal = journal;
    }

    static CurrentEventsByPersistenceIdQuery journal(ActorSystem<?> system) {
        return PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
    }

    /// The rows that are there from this position on, in order.
    public Source<LogRow, NotUsed> rows(CatalogId catalog, Position from) {
        return rows(catalog, from, Optional.empty());
    }

    /// Those from one position to another, or to the end.
    Source<LogRow, NotUsed> rows(CatalogId catalog, Position from, Optional<Position> to) {
        var last = to.map(Position::number).orElse(Long.MAX_VALUE);
        return journal.currentEventsByPersistenceId(origin.journal(catalog).id(), from.number(), last)
                .map(envelope -> LogOrigin.row(new Position(envelope.sequenceNr()), envelope.event()));
    }

    /// The row at a position that has one.
    CompletionStage<LogRow> row(CatalogId catalog, Position position) {
        return rows(catalog, position, Optional.of(position)).runWith(Sink.head(), system);
    }

    /// At most `limit` of them, and no more after the one that fills `bytes`. The journal decodes ahead, up to
    /// the limit. Fails when that takes longer than anybody waits for it.
    CompletionStage<List<LogRow>> some(CatalogId catalog, Position from, int limit, long bytes) {
        var rest = new AtomicLong(bytes); // of this one run
        var last = new Position(from.number() + limit - 1);
        return rows(catalog, from, Optional.of(last))
                .takeWhile(row -> rest.addAndGet(-row.weight()) > 0, true)
                .completionTimeout(LONGEST)
                .runWith(Sink.seq(), system);
    }
}
