package dev.storemesh.persistence.postgres;

import static dev.storemesh.persistence.postgres.PostgresServer.number;
import static dev.storemesh.persistence.postgres.PostgresServer.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.persistence.Tally;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real actors on a real server: what the node gets from the settings.
class PostgresPluginsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final PostgresAddress address = PostgresServer.shared().database();
    private final ArrayDeque<ActorTestKit> running = new ArrayDeque<>();

    @AfterEach
    void stopAll() {
        running.forEach(ActorTestKit::shutdownTestKit);
    }

    @Test
    void aNewProcessRecoversWhatWasAcknowledgedFromSnapshotsAndTheJournal() throws Exception {
        var first = start();
        add(first, first.spawn(Tally.create("words", 2)), "one", "two", "three", "four", "five");
        stop(first);
        assertThat(number(address, "SELECT count(*) FROM snapshot")).isPositive();
        assertThat(number(address, "SELECT count(*) FROM event_journal")).isEqualTo(5);
        update(address, "DELETE FROM event_journal WHERE sequence_number < 4"); // only a snapshot knows

        var second = start();
        assertThat(words(second, second.spawn(Tally.create("words", 2))))
                .containsExactly("one", "two", "three", "four", "five");
    }

    @Test
    void readsRangesOfALogLongerThanItsBufferByPosition() throws Exception {
        var kit = start();
        var tally = kit.spawn(Tally.create("words", 0));
        add(kit, kit.spawn(Tally.create("other", 0)), "elsewhere");
        for (int i = 1; i <= 250; i++) { // two and a half times jdbc-read-journal.max-buffer-size
            tally.tell(new Tally.Add("w" + i, kit.system().<Done>ignoreRef()));
        }
        assertThat(words(kit, tally)).hasSize(250);
        assertThat(read(kit, 1, Long.MAX_VALUE))
                .extracting(EventEnvelope::sequenceNr)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 250).boxed().toList());
        assertThat(read(kit, 2, 4)).extracting(EventEnvelope::event).containsExactly("w2", "w3", "w4");
        assertThat(read(kit, 251, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void refusesASecondWriterWithTheSameSequenceNumber() throws Exception {
        var first = start();
        var owner = first.spawn(Tally.create("words", 0));
        add(first, owner, "one");
        var second = start();
        var usurper = second.spawn(Tally.create("words", 0));
        assertThat(words(second, usurper)).containsExactly("one"); // both now hold position 1

        add(second, usurper, "two");
        var answer = first.<Done>createTestProbe();
        owner.tell(new Tally.Add("deux", answer.ref()));

        first.createTestProbe().expectTerminated(owner, SOON);
        answer.expectNoMessage(Duration.ofMillis(100));
        assertThat(read(second, 1, Long.MAX_VALUE))
                .extracting(EventEnvelope::event)
                .containsExactly("one", "two");
    }

    /// A node that was frozen in the middle of its transaction holds the next number; the server ends it.
    @Test
    void takesTheNumberOfAWriterThatFrozeInItsTransaction() throws Exception {
        var kit = start();
        var tally = kit.spawn(Tally.create("words", 0));
        add(kit, tally, "one");
        var properties = new Properties();
        properties.putAll(Session.JOURNAL.properties(address, 170_000));
        properties.setProperty("user", address.user());
        try (var frozen = DriverManager.getConnection(address.url(), properties);
                var statement = frozen.createStatement()) {
            frozen.setAutoCommit(false);
            statement.execute("INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                    + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                    + " SELECT persistence_id, 2, 'frozen', 0, '', 1, '', ''::bytea FROM event_journal");
            var began = System.nanoTime();
            add(kit, tally, "two");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(thaws(frozen)).isFalse();
        }
        assertThat(read(kit, 2, 2)).extracting(EventEnvelope::event).containsExactly("two");
    }

    private static boolean thaws(Connection frozen) {
        try {
            frozen.commit();
            return true;
        } catch (SQLException ended) {
            return false;
        }
    }

    @Test
    void goesOnWhenTheServerHasEndedAllItsConnections() throws Exception {
        var kit = start();
        var tally = kit.spawn(Tally.create("words", 0));
        add(kit, tally, "one");
        update(
                address,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        for (var attempt = 1; !isTaken(kit, kit.spawn(Tally.create("words", 0)), "two"); attempt++) {
            assertThat(attempt).isLessThan(10); // connections used just before are not tried out
        }
        assertThat(read(kit, 1, 9)).extracting(EventEnvelope::event).contains("one", "two");
    }

    /// A tally whose recovery or write fails stops.
    private static boolean isTaken(ActorTestKit kit, ActorRef<Tally.Message> tally, String word) {
        var taken = kit.<Done>createTestProbe();
        var end = kit.<Done>createTestProbe();
        tally.tell(new Tally.Add(word, taken.ref()));
        try {
            end.expectTerminated(tally, Duration.ofSeconds(1));
            return false;
        } catch (AssertionError lives) {
            taken.receiveMessage(SOON);
            return true;
        }
    }

    private ActorTestKit start() {
        var config = PostgresDatabase.open(address).config().withFallback(ConfigFactory.load());
        var kit = ActorTestKit.create("site" + running.size(), config);
        running.add(kit);
        return kit;
    }

    private void stop(ActorTestKit kit) {
        kit.shutdownTestKit();
        running.remove(kit);
    }

    private static void add(ActorTestKit kit, ActorRef<Tally.Message> tally, String... words) throws Exception {
        for (var word : words) {
            AskPattern.<Tally.Message, Done>ask(tally, replyTo -> new Tally.Add(word, replyTo), SOON, kit.scheduler())
                    .toCompletableFuture()
                    .get();
        }
    }

    private static List<String> words(ActorTestKit kit, ActorRef<Tally.Message> tally) throws Exception {
        return AskPattern.<Tally.Message, List<String>>ask(tally, Tally.Ask::new, SOON, kit.scheduler())
                .toCompletableFuture()
                .get();
    }

    private static List<EventEnvelope> read(ActorTestKit kit, long from, long to) throws Exception {
        return PersistenceQuery.get(kit.system())
                .getReadJournalFor(JdbcReadJournal.class, "jdbc-read-journal")
                .currentEventsByPersistenceId("words", from, to)
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .get();
    }
}
