package dev.storemesh.persistence.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.persistence.Tally;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
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
import org.junit.jupiter.api.io.TempDir;

/// Real actors on real files: what the node gets from the settings.
class SqlitePluginsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private final ArrayDeque<ActorTestKit> running = new ArrayDeque<>();

    @AfterEach
    void stopAll() {
        running.forEach(ActorTestKit::shutdownTestKit);
    }

    @Test
    void aNewProcessRecoversWhatWasAcknowledged() throws Exception {
        var first = start();
        var before = first.spawn(Tally.create("words", 0));
        add(first, before, "one", "two", "three");
        stop(first);

        var second = start();
        assertThat(words(second, second.spawn(Tally.create("words", 0)))).containsExactly("one", "two", "three");
    }

    @Test
    void readsARangeOfTheLogByPosition() throws Exception {
        var kit = start();
        var tally = kit.spawn(Tally.create("words", 0));
        var other = kit.spawn(Tally.create("other", 0));
        add(kit, tally, "one", "two");
        add(kit, other, "elsewhere");
        add(kit, tally, "three", "four", "five");

        assertThat(read(kit, "words", 2, 4)).extracting(EventEnvelope::event).containsExactly("two", "three", "four");
        assertThat(read(kit, "words", 2, 4))
                .extracting(EventEnvelope::sequenceNr)
                .containsExactly(2L, 3L, 4L);
        assertThat(read(kit, "words", 6, Long.MAX_VALUE)).isEmpty();
        assertThat(read(kit, "nobody", 1, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void readsALogLongerThanItsBuffer() throws Exception {
        var kit = start();
        var tally = kit.spawn(Tally.create("words", 0));
        for (int i = 0; i < 250; i++) { // two and a half times jdbc-read-journal.max-buffer-size
            tally.tell(new Tally.Add("w" + i, kit.system().<Done>ignoreRef()));
        }
        assertThat(words(kit, tally)).hasSize(250);
        assertThat(read(kit, "words", 1, Long.MAX_VALUE))
                .extracting(EventEnvelope::sequenceNr)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 250).boxed().toList());
    }

    @Test
    void keepsSnapshotsInTheOtherFileAndRecoversFromThem() throws Exception {
        var first = start();
        add(first, first.spawn(Tally.create("words", 2)), "one", "two", "three", "four", "five");
        stop(first);

        var databases = SqliteDatabases.open(folder);
        assertThat(count(databases.checkpointsFile(), "snapshot")).isPositive();
        assertThat(count(databases.logFile(), "event_journal")).isEqualTo(5);
        assertThat(tables(databases.logFile())).contains("event_journal").doesNotContain("snapshot");
        update(databases.logFile(), "DELETE FROM event_journal WHERE sequence_number < 4"); // only a snapshot knows

        var second = start();
        assertThat(words(second, second.spawn(Tally.create("words", 2))))
                .containsExactly("one", "two", "three", "four", "five");
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
        assertThat(read(second, "words", 1, Long.MAX_VALUE))
                .extracting(EventEnvelope::event)
                .containsExactly("one", "two");
    }

    @Test
    void readsWhileTheWriterWaits() throws Exception {
        var kit = start();
        var tally = kit.spawn(Tally.create("words", 0));
        add(kit, tally, "one");
        var acknowledged = kit.<Done>createTestProbe();
        try (var lock = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("log.db"));
                var statement = lock.createStatement()) {
            statement.execute("BEGIN IMMEDIATE"); // the writer's connection now hangs in SQLite's busy timeout
            tally.tell(new Tally.Add("two", acknowledged.ref()));
            acknowledged.expectNoMessage(Duration.ofMillis(200));

            assertThat(read(kit, "words", 1, Long.MAX_VALUE))
                    .extracting(EventEnvelope::event)
                    .containsExactly("one");
            acknowledged.expectNoMessage(Duration.ofMillis(1)); // the reading overtook the writing
            statement.execute("ROLLBACK");
        }
        acknowledged.receiveMessage(SOON);
        assertThat(read(kit, "words", 2, 2)).extracting(EventEnvelope::event).containsExactly("two");
    }

    private ActorTestKit start() {
        var config = SqliteDatabases.open(folder).config().withFallback(ConfigFactory.load());
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

    private static List<EventEnvelope> read(ActorTestKit kit, String id, long from, long to) throws Exception {
        return PersistenceQuery.get(kit.system())
                .getReadJournalFor(JdbcReadJournal.class, "jdbc-read-journal")
                .currentEventsByPersistenceId(id, from, to)
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .get();
    }

    private static long count(Path file, String table) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return rows.getLong(1);
        }
    }

    private static List<String> tables(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT group_concat(name) FROM sqlite_schema")) {
            return List.of(rows.getString(1).split(",", -1));
        }
    }

    private static void update(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
