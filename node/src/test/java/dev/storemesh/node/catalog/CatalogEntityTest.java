package dev.storemesh.node.catalog;

import static dev.storemesh.node.catalog.Writes.keyed;
import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.makeTemporary;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.node.site.CatalogSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Answer.Accepted;
import dev.storemesh.protocol.catalog.Answer.Busy;
import dev.storemesh.protocol.catalog.Answer.Refused;
import dev.storemesh.protocol.catalog.Answer.Unavailable;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.RefusalOf;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The single writer on a real journal; where a test says so, over a partition that answers when it is told to.
class CatalogEntityTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final String JOURNAL = "catalog|demo";
    private static final Duration NO_PATIENCE = Duration.ZERO;

    @TempDir
    Path folder;

    private final Deque<TestSite> running = new ArrayDeque<>();

    @AfterEach
    void stopAll() {
        running.forEach(TestSite::close);
    }

    private TestSite start() {
        var site = TestSite.start(folder);
        running.push(site);
        return site;
    }

    private void stop(TestSite site) {
        site.close();
        running.remove(site);
    }

    private static CatalogSettings settings(int maxWaiting, long maxWaitingBytes, Duration askTimeout) {
        return new CatalogSettings(
                maxWaiting,
                maxWaitingBytes,
                256,
                4 << 20,
                1000,
                Duration.ofMillis(500),
                askTimeout,
                64 << 10,
                Duration.ofHours(4),
                1 << 30);
    }

    private static CatalogSettings settings() {
        return settings(1000, 16 << 20, Duration.ofSeconds(20));
    }

    private static Catalogs catalogs(TestSite site, CatalogSettings settings) {
        var log = new LogReader(site.system(), LogOrigin.CATALOG);
        var partitions = Partitions.start(site.system(), log, site.settings().partition());
        return new Catalogs(
                site.system(), settings, partitions, log, Writes::unclaimed, Instant::now, new SplittableRandom(1));
    }

    private static Catalogs catalogs(TestSite site) {
        return catalogs(site, settings());
    }

    private static Answer create(Catalogs catalogs) {
        return get(catalogs.create(DEMO, Writes.ANN));
    }

    private static Answer write(Catalogs catalogs, Write write) {
        return get(catalogs.write(DEMO, write));
    }

    private static Optional<String> name(Catalogs catalogs, String token) {
        return get(catalogs.object(DEMO, new ObjectToken(token), Optional.empty(), Scope.all()))
                        instanceof Found(var version, var view)
                ? view.value(Writes.NAME.definition()).map(value -> ((Value.Text) value).text())
                : Optional.empty();
    }

    private static LogSlice log(Catalogs catalogs, long after, Optional<ChainHash> chain, Duration patience) {
        return found(get(catalogs.log(DEMO, new LogQuery(new Version(after), 100, patience, chain))));
    }

    private static <T> T found(Reading<T> reading) {
        assertThat(reading).isInstanceOf(Found.class);
        return ((Found<T>) reading).value();
    }

    // Opening

    @Test
    void takesTheLogOverBeforeItAnswersAnything() {
        var first = start();
        create(catalogs(first));
        assertThat(first.rows(JOURNAL)).isEqualTo(1); // nobody was there to be fenced off
        stop(first);

        var second = start();
        assertThat(get(catalogs(second).standings().now(DEMO))).hasValueSatisfying(standing -> {
            assertThat(standing.head()).isEqualTo(new Version(1));
            assertThat(standing.position().number()).isEqualTo(2);
        });
        assertThat(second.rows(JOURNAL)).isEqualTo(2);
    }

    @Test
    void journalsNothingForACatalogThatNobodyMade() {
        var first = start();
        var catalogs = catalogs(first);
        assertThat(write(catalogs, Writes.of(make("tea", "Tea"))))
                .isEqualTo(Answer.refuse(new Refusal.UnknownCatalog()));
        stop(first);

        var second = start();
        assertThat(get(catalogs(second).standings().now(DEMO))).isEmpty();
        assertThat(second.rows(JOURNAL)).isZero();
    }

    @Test
    void journalsTimesInMillisecondsWhateverTheClockCanTell() {
        var site = start();
        var log = new LogReader(site.system(), LogOrigin.CATALOG);
        var partitions = Partitions.start(site.system(), log, site.settings().partition());
        var fine = Instant.parse("2026-01-01T00:00:00.123456789Z");
        var catalogs = new Catalogs(
                site.system(), settings(), partitions, log, Writes::unclaimed, () -> fine, new SplittableRandom(1));
        create(catalogs);
        stop(site);
        var again = start();
        log = new LogReader(again.system(), LogOrigin.CATALOG);
        partitions = Partitions.start(again.system(), log, again.settings().partition());
        catalogs = new Catalogs(
                again.system(), settings(), partitions, log, Writes::unclaimed, () -> fine, new SplittableRandom(1));
        assertThat(write(catalogs, Writes.of(make("tea", "Tea")))).isInstanceOf(Accepted.class);
    }

    // Rounds

    @Test
    void journalsTheWritesThatWaitAsOneRowAndAnswersThemAfterIt() throws Exception {
        var site = start();
        var partition = new HeldPartition(site);
        var catalogs = catalogs(site, partition, settings());
        create(catalogs);
        var first = catalogs.write(DEMO, Writes.of(make("first", "First")));
        var held = partition.next();
        var rest = IntStream.range(0, 20)
                .mapToObj(i -> catalogs.write(DEMO, Writes.of(make("item-" + i, "Item " + i))))
                .toList();
        get(catalogs.standings().after(DEMO, Version.NONE, Duration.ZERO)); // asks the catalog: all of them wait by now
        held.answer();
        var second = partition.next();
        assertThat(get(first)).isEqualTo(accepted(2));
        var before = site.rows(JOURNAL);
        assertThat(rest).noneMatch(answer -> answer.toCompletableFuture().isDone());

        second.answer();
        var versions = new ArrayList<Version>();
        for (var answer : rest) {
            versions.add(((Accepted) get(answer)).version());
            assertThat(site.rows(JOURNAL)).isEqualTo(before + 1);
        }
        assertThat(versions)
                .containsExactlyElementsOf(
                        IntStream.range(3, 23).mapToObj(Version::new).toList());
    }

    @Test
    void journalsNothingForARefusedWrite() {
        var site = start();
        var catalogs = catalogs(site);
        create(catalogs);
        write(catalogs, Writes.of(make("tea", "Tea")));
        var before = site.rows(JOURNAL);
        assertThat(write(catalogs, Writes.of(rename("coffee", "Coffee")))).isInstanceOf(Refused.class);
        assertThat(write(catalogs, Writes.of(make("tea", "Tea again")))).isInstanceOf(Refused.class);
        assertThat(site.rows(JOURNAL)).isEqualTo(before);
    }

    @Test
    void saysBusyAtOnceWhenTooManyWait() throws Exception {
        var site = start();
        var partition = new HeldPartition(site);
        var catalogs = catalogs(site, partition, settings(2, 16 << 20, Duration.ofSeconds(20)));
        create(catalogs);
        var taken = new ArrayList<CompletionStage<Answer>>();
        taken.add(catalogs.write(DEMO, Writes.of(make("a", "A"))));
        var held = partition.next();
        taken.add(catalogs.write(DEMO, Writes.of(make("b", "B"))));
        taken.add(catalogs.write(DEMO, Writes.of(make("c", "C"))));
        assertThat(write(catalogs, Writes.of(make("d", "D")))).isEqualTo(new Busy("writes waiting", 2));
        held.answer();
        partition.next().answer();
        assertThat(taken).allSatisfy(answer -> assertThat(get(answer)).isInstanceOf(Accepted.class));
        assertThat(site.rows(JOURNAL)).isEqualTo(3);
    }

    @Test
    void saysBusyAtOnceWhenTooManyBytesWaitButTakesAnyWriteAlone() throws Exception {
        var site = start();
        var partition = new HeldPartition(site);
        var catalogs = catalogs(site, partition, settings(1000, 1000, Duration.ofSeconds(20)));
        create(catalogs);
        var first = catalogs.write(DEMO, Writes.of(make("a", "A".repeat(5000))));
        var held = partition.next();
        var second = catalogs.write(DEMO, Writes.of(make("b", "B".repeat(5000))));
        assertThat(write(catalogs, Writes.of(make("c", "C")))).isEqualTo(new Busy("bytes waiting", 1000));
        held.answer();
        partition.next().answer();
        assertThat(get(first)).isEqualTo(accepted(2));
        assertThat(get(second)).isEqualTo(accepted(3));
    }

    @Test
    void decidesNothingWhenAPartitionDoesNotAnswerAndGoesOnWhenItDoes() throws Exception {
        var site = start();
        var partition = new HeldPartition(site);
        var catalogs = catalogs(site, partition, settings());
        create(catalogs);
        var silent = catalogs.write(DEMO, Writes.of(make("a", "A")));
        var late = partition.next(); // never answered in time: the look-up's own time-out is half a second
        partition.next(); // in which it is asked three times
        partition.next();
        assertThat(get(silent)).isInstanceOf(Unavailable.class);
        var failing = catalogs.write(DEMO, Writes.of(make("b", "B")));
        late.answer(); // to nobody, and not for this round
        partition.next().fail();
        assertThat(get(failing)).isInstanceOf(Unavailable.class);
        assertThat(site.rows(JOURNAL)).isEqualTo(1);

        var next = catalogs.write(DEMO, Writes.of(make("c", "C")));
        partition.next().answer();
        assertThat(get(next)).isEqualTo(accepted(2));
        assertThat(site.rows(JOURNAL)).isEqualTo(2);
    }

    @Test
    void givesTheSameAnswerToARepeatedKeyAfterTheWholeSystemRestarted() {
        var tea = keyed(Writes.of(makeTemporary("#tea", "Tea")), "k-1", "digest-1");
        var first = start();
        var catalogs = catalogs(first);
        create(catalogs);
        var answer = (Accepted) write(catalogs, tea);
        write(catalogs, Writes.of(make("other", "Other")));
        stop(first);

        var second = start();
        catalogs = catalogs(second);
        assertThat(write(catalogs, tea)).isEqualTo(new Accepted(answer.version(), answer.names(), true));
        assertThat(write(catalogs, keyed(Writes.of(make("x", "X")), "k-1", "digest-2")))
                .extracting(RefusalOf::answer)
                .isEqualTo(new Refusal.KeyReused());
        assertThat(get(catalogs.standings().now(DEMO)).orElseThrow().head()).isEqualTo(new Version(3));
    }

    // A second writer

    @Test
    void tellsNobodyAcceptedWhenAnotherWriterTookTheLogAndWorksOnWithWhatThatOneWrote() {
        var settings = settings(1000, 16 << 20, Duration.ofSeconds(6));
        var here = catalogs(start(), settings);
        create(here);
        write(here, Writes.of(make("tea", "Tea")));
        var site = start(); // a second process on the same database
        var there = catalogs(site, settings);
        assertThat(write(there, Writes.of(rename("tea", "Tea of the other")))).isEqualTo(accepted(3));

        var fencedOff = here.write(DEMO, Writes.of(make("lost", "Lost")));
        assertThatThrownBy(() -> get(fencedOff)).hasMessageContaining("timed out");
        assertThat(write(here, Writes.of(make("coffee", "Coffee")))).isEqualTo(accepted(4));
        assertThat(name(here, "tea")).hasValue("Tea of the other");
        assertThat(name(here, "lost")).isEmpty();
        stop(site);
        stop(running.getFirst());

        var after = start();
        var again = catalogs(after);
        assertThat(name(again, "coffee")).hasValue("Coffee");
        assertThat(log(again, 0, Optional.empty(), NO_PATIENCE).entries())
                .extracting(entry -> entry.version().number())
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(chained(log(again, 0, Optional.empty(), NO_PATIENCE))).isTrue();
    }

    private static boolean chained(LogSlice log) {
        var chain = ChainHash.origin(DEMO, log.history());
        for (var entry : log.entries()) {
            if (!chain.vouchesFor(entry)) {
                return false;
            }
            chain = entry.chain();
        }
        return true;
    }

    // The log

    @Test
    void answersALongPollWhenThereIsAVersionOrThePatienceIsOver() {
        var site = start();
        var catalogs = catalogs(site);
        create(catalogs);
        assertThat(log(catalogs, 1, Optional.empty(), Duration.ofMillis(300)).entries())
                .isEmpty();
        var poll = catalogs.log(DEMO, new LogQuery(new Version(1), 100, Duration.ofSeconds(25), Optional.empty()));
        assertThat(write(catalogs, Writes.of(make("tea", "Tea")))).isEqualTo(accepted(2));
        assertThat(found(get(poll)).entries()).extracting(LogEntry::version).containsExactly(new Version(2));
    }

    @Test
    void keepsALongPollOverARestartOfTheWriter() {
        var here = catalogs(start(), settings(1000, 16 << 20, Duration.ofSeconds(2)));
        create(here);
        get(here.standings().now(DEMO));
        var poll = here.log(DEMO, new LogQuery(new Version(1), 100, Duration.ofSeconds(25), Optional.empty()));
        var there = catalogs(start());
        write(there, Writes.of(make("tea", "Tea")));
        var fencedOff = here.write(DEMO, Writes.of(make("lost", "Lost"))); // finds out, and restarts
        assertThat(found(get(poll)).entries()).extracting(LogEntry::version).containsExactly(new Version(2));
        assertThatThrownBy(() -> get(fencedOff)).hasMessageContaining("timed out");
    }

    @Test
    void tellsAFollowerOfAnotherHistoryAtOnceEvenIfItWouldWait() {
        var site = start();
        var catalogs = catalogs(site);
        create(catalogs);
        write(catalogs, Writes.of(make("tea", "Tea")));
        var wrong = Optional.of(new ChainHash("0".repeat(64)));
        var patience = Duration.ofSeconds(29);
        for (var after : List.of(0, 1, 2)) {
            assertThat(get(catalogs.log(DEMO, new LogQuery(new Version(after), 100, patience, wrong))))
                    .isEqualTo(new Reading.Diverged<>(new Version(2)));
        }
        assertThat(get(catalogs.log(DEMO, new LogQuery(new Version(3), 100, patience, Optional.empty()))))
                .isEqualTo(new Reading.Diverged<>(new Version(2)));
        for (var entry : log(catalogs, 0, Optional.empty(), NO_PATIENCE).entries()) {
            var after = entry.version().number();
            assertThat(log(catalogs, after, Optional.of(entry.chain()), NO_PATIENCE)
                            .entries())
                    .hasSize((int) (2 - after));
        }
    }

    @Test
    void bringsAFollowerOnWhateverTheSizeOfAVersion() {
        var site = start();
        var catalogs = catalogs(site); // a page of the log is 64 KiB
        create(catalogs);
        for (var i = 0; i < 4; i++) {
            var large = new dev.storemesh.protocol.write.Operation[5];
            for (var j = 0; j < large.length; j++) {
                large[j] = make("item-" + i + "-" + j, "x".repeat(60_000));
            }
            assertThat(write(catalogs, Writes.of(large))).isInstanceOf(Accepted.class);
            write(catalogs, Writes.of(make("small-" + i, "Small")));
        }
        var at = 0L;
        var pages = 0;
        var chain = Optional.<ChainHash>empty();
        while (at < 9) {
            var page = log(catalogs, at, chain, NO_PATIENCE);
            assertThat(page.entries().getFirst().version()).isEqualTo(new Version(at + 1));
            at = page.entries().getLast().version().number();
            chain = Optional.of(page.entries().getLast().chain());
            assertThat(page.more()).isEqualTo(at < 9);
            pages++;
        }
        assertThat(pages).isGreaterThan(3); // the size of an answer is bounded, too
    }

    @Test
    void keepsToTheLimitOfAPage() {
        var site = start();
        var catalogs = catalogs(site);
        create(catalogs);
        for (var i = 0; i < 6; i++) {
            write(catalogs, Writes.of(make("item-" + i, "Item")));
        }
        for (var after = 0; after < 7; after++) {
            for (var limit = 1; limit < 9; limit++) {
                var query = new LogQuery(new Version(after), limit, NO_PATIENCE, Optional.empty());
                var slice = found(get(catalogs.log(DEMO, query)));
                var expected = Math.min(limit, 7 - after);
                assertThat(slice.entries()).hasSize(expected);
                assertThat(slice.more()).isEqualTo(after + expected < 7);
            }
        }
    }

    private static Accepted accepted(long version) {
        return new Accepted(new Version(version), java.util.Map.of(), false);
    }

    // A partition that answers look-ups when it is told to, and knows nothing

    private static Catalogs catalogs(TestSite site, HeldPartition partition, CatalogSettings settings) {
        var log = new LogReader(site.system(), LogOrigin.CATALOG);
        var partitions = new Partitions(
                ClusterSharding.get(site.system()),
                SiteCatalog.partitions(4 << 20, 20_000),
                (entity, feed) -> partition.fed(feed),
                new LocalPartitions(),
                log,
                Runnable::run);
        return new Catalogs(
                site.system(), settings, partitions, log, Writes::unclaimed, Instant::now, new SplittableRandom(1));
    }

    private static final class HeldPartition {
        private final LinkedBlockingQueue<ObjectPartition.Ask<?>> asked = new LinkedBlockingQueue<>();
        private final PartitionContents contents = PartitionContents.of(PartitionImage.EMPTY);
        private final Queue<ObjectPartition.Feed> feeds = new LinkedBlockingQueue<>();

        private HeldPartition(TestSite site) {
            ClusterSharding.get(site.system()).init(Entity.of(ObjectPartition.TYPE_KEY, context -> behavior()));
        }

        private Behavior<ObjectPartition.Message> behavior() {
            return Behaviors.receive(ObjectPartition.Message.class)
                    .onMessage(ObjectPartition.Ask.class, fetch -> {
                        asked.add(fetch);
                        return Behaviors.same();
                    })
                    .build();
        }

        private void fed(ObjectPartition.Feed feed) {
            feeds.add(feed);
        }

        private Held next() throws InterruptedException {
            var fetch = asked.poll(TestSite.SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(fetch).isNotNull();
            return new Held(fetch);
        }

        private final class Held {
            private final ObjectPartition.Ask<?> fetch;

            private Held(ObjectPartition.Ask<?> fetch) {
                this.fetch = fetch;
            }

            private void answer() {
                feeds.forEach(feed -> contents.apply(feed.row()));
                answer(fetch);
            }

            private <T> void answer(ObjectPartition.Ask<T> ask) {
                ask.replyTo().tell(StatusReply.success(ask.read().of(contents)));
            }

            private void fail() {
                fetch.replyTo().tell(StatusReply.error("told to fail"));
            }
        }
    }
}
