package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.persistence.sqlite.SqliteCopy;
import dev.storemesh.persistence.sqlite.SqliteDatabases;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.HistoryId;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way: an actor's rounds through Pekko and our codec into a row of SQLite, and back.
class JournaledRoundTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Round FIRST = Round.of(new CatalogEvent.Opened(Instant.parse("2026-01-31T12:00:00.123Z")));

    @TempDir
    Path folder;

    /// Persists each round it is told and answers with all there are.
    private static final class Writer extends EventSourcedBehavior<Writer.Persist, Round, List<Round>> {
        record Persist(Round round, ActorRef<List<Round>> replyTo) {}

        Writer() {
            super(PersistenceId.of("catalog", "demo"));
        }

        @Override
        public List<Round> emptyState() {
            return List.of();
        }

        @Override
        public CommandHandler<Persist, Round, List<Round>> commandHandler() {
            return (rounds, command) -> Effect().persist(command.round()).thenReply(command.replyTo(), after -> after);
        }

        @Override
        public EventHandler<List<Round>, Round> eventHandler() {
            return (rounds, round) ->
                    Stream.concat(rounds.stream(), Stream.of(round)).toList();
        }
    }

    @Test
    void aRoundIsOneRowUnderItsManifestAndComesBack() throws Exception {
        assertThat(persist(FIRST)).containsExactly(FIRST);
        var second = (Round) Objects.requireNonNull(Samples.ALL.get("Round"));
        assertThat(persist(second)).containsExactly(FIRST, second);

        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("log.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM event_journal ORDER BY sequence_number")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("persistence_id")).isEqualTo("catalog|demo");
            assertThat(rows.getInt("event_ser_id")).isEqualTo(new EventSerializer().identifier());
            assertThat(rows.getString("event_ser_manifest")).isEqualTo("catalog-round");
            assertThat(rows.getBytes("event_payload")).isEqualTo(new EventSerializer().toBinary(FIRST));
            assertThat(rows.next()).isTrue();
            assertThat(rows.next()).isFalse();
        }
    }

    /// However often: each is a writer of its own, whom Pekko takes for nobody's who lost its place.
    @Test
    void aWriterGoesOnAfterNewHistoriesThatWereBegunWhileNobodyRan() throws Exception {
        var journal = new SqliteCopy(folder.resolve("log.db"));
        var now = Instant.parse("2026-02-01T12:00:00Z");
        var expected = new ArrayList<>(persist(FIRST));
        assertThat(journal.restored("catalog|demo")).isEmpty();
        for (var id : List.of("01JD6ZK8Q0ABCDEFGHJKMNPQRT", "01JD6ZK8Q0ABCDEFGHJKMNPQRV")) {
            var history = new HistoryId(id);
            assertThat(SqliteDatabases.beginHistory(folder, history, now)).containsExactly("demo");
            var begun = Round.of(new CatalogEvent.HistoryBegun(now, history));
            expected.add(begun);
            expected.add(FIRST);
            assertThat(persist(FIRST)).isEqualTo(expected);
            assertThat(journal.restored("catalog|demo")).contains(begun);
            assertThat(journal.faults()).isEmpty();
        }
    }

    /// In an actor system of its own, so that what was there before is recovered.
    private List<Round> persist(Round round) {
        var kit = ActorTestKit.create(SqliteDatabases.open(folder).config().withFallback(ConfigFactory.load()));
        try {
            var answer = kit.<List<Round>>createTestProbe();
            kit.spawn(new Writer()).tell(new Writer.Persist(round, answer.ref()));
            return answer.receiveMessage(SOON);
        } finally {
            kit.shutdownTestKit();
        }
    }
}
