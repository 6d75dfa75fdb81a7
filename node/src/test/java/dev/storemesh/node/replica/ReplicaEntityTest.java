package dev.storemesh.node.replica;

import static dev.storemesh.node.catalog.Writes.keyed;
import static dev.storemesh.node.catalog.Writes.make;
import static dev.storemesh.node.catalog.Writes.makeTemporary;
import static dev.storemesh.node.catalog.Writes.rename;
import static dev.storemesh.node.replica.HqLog.DEMO;
import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Writes;
import dev.storemesh.node.replica.ReplicaEntity.Applied;
import dev.storemesh.node.replica.ReplicaEntity.NotApplied;
import dev.storemesh.node.replica.ReplicaEntity.Offer;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Answer.Queued;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.Requests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.RefusalOf;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store's replica on a real journal, fed by a log that was made by HQ's rules.
class ReplicaEntityTest {
    private static final String JOURNAL = "replica|demo";
    private static final StoreId STORE = new StoreId("store-1");
    private final HqLog hq = new HqLog("01JCZ0000000000000000000HQ");

    @TempDir
    Path folder;

    private final Deque<Store> running = new ArrayDeque<>();

    @AfterEach
    void stopAll() {
        running.forEach(store -> store.site.close());
    }

    private final class Store {
        private final TestSite site = TestSite.start(folder);
        private final FollowedCatalog catalog;

        private Store() {
            running.push(this);
            var log = new LogReader(site.system(), LogOrigin.REPLICA);
            catalog = new FollowedCatalog(
                    site.system(),
                    DEMO,
                    site.settings().replica(),
                    site.settings().catalog(),
                    Partitions.start(site.system(), log, site.settings().partition()),
                    log,
                    () -> Instant.parse("2026-01-01T13:00:00.123456789Z"), // finer than rows can hold
                    new SplittableRandom(running.size()));
        }

        private Store enrolled() {
            get(catalog.enrol(STORE, hq.history(), 1));
            return this;
        }

        private <T> CompletionStage<T> ask(
                org.apache.pekko.japi.function.Function<ActorRef<T>, ReplicaEntity.Message> message) {
            return catalog.replica().ask(message, Duration.ofSeconds(3));
        }

        private ReplicaEntity.Outcome follow(List<LogEntry> entries) {
            return get(this.<ReplicaEntity.Outcome>ask(
                    replyTo -> new ReplicaEntity.Follow(hq.history(), entries, replyTo)));
        }

        private Following state() {
            return (Following) get(this.<Replica>ask(ReplicaEntity.InspectAll::new));
        }

        private Optional<String> name(String token) {
            return get(catalog.object(DEMO, new ObjectToken(token), Optional.empty(), Scope.all()))
                            instanceof Found(var version, var view)
                    ? view.value(Writes.NAME.definition()).map(value -> ((Value.Text) value).text())
                    : Optional.empty();
        }

        private CompletionStage<Offer> offer(long after) {
            return ask(replyTo -> new ReplicaEntity.NextOffer(state().epoch(), after, 100, replyTo));
        }

        private Queued queue(dev.storemesh.protocol.write.Write write) {
            var answer = get(catalog.write(DEMO, write));
            assertThat(answer).isInstanceOf(Queued.class);
            return (Queued) answer;
        }

        private void stop() {
            site.close();
            running.remove(this);
        }
    }

    private static Applied applied(long version) {
        return new Applied(LogPlace.of(new Version(version)));
    }

    /// What is told of a queue may have to travel to another node of the store.
    @Test
    void tellsALongQueueInPiecesAndHowFarItIsWithoutIt() {
        var store = new Store().enrolled();
        for (var i = 0; i < 3; i++) {
            var request = i;
            store.queue(Writes.of(IntStream.range(0, 15)
                    .mapToObj(part -> make("o-" + request + "-" + part, "x".repeat(60_000)))
                    .toArray(Operation[]::new)));
        }
        var standing = get(store.<Optional<LogStanding>>ask(ReplicaEntity.Inspect::new));
        assertThat(standing.orElseThrow()).isEqualTo(store.state().brief());
        assertThat(store.state().brief().queue().size()).isZero();
        assertThat(get(store.<Integer>ask(ReplicaEntity.CountQueued::new))).isEqualTo(3);
        var first = listed(store, Optional.empty(), 10);
        assertThat(first.requests()).hasSize(2);
        assertThat(first.more()).isTrue();
        var rest = listed(store, Optional.of(first.requests().getLast().id()), 10);
        assertThat(rest.requests()).hasSize(1);
        assertThat(rest.more()).isFalse();
        assertThat(listed(store, Optional.empty(), 1).more()).isTrue();
        var offered = get(store.offer(0));
        assertThat(offered.requests()).hasSize(2);
        assertThat(get(store.offer(2)).requests()).hasSize(1);
    }

    private static Requests listed(Store store, Optional<RequestId> after, int limit) {
        var query = new RequestsQuery(Optional.empty(), Optional.empty(), Optional.empty(), after, limit);
        return ((Found<Requests>) get(store.catalog.list(DEMO, query))).value();
    }

    @Test
    void journalsWhatCameDownBeforeAnybodySeesIt() {
        var store = new Store().enrolled();
        hq.write(Writes.of(make("tea", "Tea")));
        var before = store.site.rows(JOURNAL);
        assertThat(store.follow(hq.entries())).isEqualTo(applied(2));
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before + 1);
        assertThat(store.name("tea")).hasValue("Tea");
        store.stop();

        var again = new Store();
        assertThat(again.name("tea")).hasValue("Tea");
        assertThat(again.state().head()).isEqualTo(new Version(2));
        assertThat(again.site.rows(JOURNAL)).isEqualTo(before + 2); // and its own Opened
    }

    @Test
    void doesNothingForARepeatedDelivery() {
        var store = new Store().enrolled();
        hq.write(Writes.of(make("tea", "Tea")));
        store.follow(hq.entries());
        var before = store.site.rows(JOURNAL);
        assertThat(store.follow(hq.entries())).isEqualTo(applied(2));
        assertThat(store.follow(List.of())).isEqualTo(applied(2));
        assertThat(store.follow(hq.entries().subList(0, 1))).isEqualTo(applied(2));
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before);
        hq.write(Writes.of(rename("tea", "Green tea")));
        assertThat(store.follow(hq.entries())).isEqualTo(applied(3)); // overlapping
        assertThat(store.name("tea")).hasValue("Green tea");
    }

    /// As pages of the log cut it, with restarts in between.
    @Test
    void showsATransactionOnlyWhenAllOfItIsHere() {
        hq.transaction(true, make("tea", "Tea"), rename("tea", "Green tea"), make("milk", "Milk"));
        hq.transaction(false, rename("tea", "Void tea"));
        hq.transaction(true, rename("tea", "Black tea"));
        var log = hq.entries();
        assertThat(log).hasSize(1 + 4 + 1 + 2);
        var store = new Store().enrolled();
        for (var end = 1; end <= 4; end++) {
            assertThat(store.follow(log.subList(0, end)))
                    .isEqualTo(new Applied(log.get(end - 1).place()));
            assertThat(store.name("tea")).isEmpty();
            assertThat(store.state().head()).isEqualTo(new Version(1));
            store.stop();
            store = new Store();
        }
        assertThat(store.follow(log.subList(2, 5))).isEqualTo(applied(2));
        assertThat(store.name("tea")).hasValue("Green tea");
        assertThat(store.name("milk")).hasValue("Milk");
        assertThat(store.follow(log.subList(5, 7))).isEqualTo(new Applied(new LogPlace(new Version(3), 1)));
        assertThat(store.name("tea")).hasValue("Green tea");
        store.stop();

        var again = new Store();
        assertThat(again.name("tea")).hasValue("Green tea");
        assertThat(again.follow(log)).isEqualTo(applied(4));
        assertThat(again.name("tea")).hasValue("Black tea");
    }

    @Test
    void takesNoEndWithoutItsSteps() {
        hq.transaction(true, make("tea", "Tea"), rename("tea", "Green tea"));
        var log = hq.entries();
        var store = new Store().enrolled();
        store.follow(log.subList(0, 2));
        assertThat(store.follow(log.subList(3, 4))).isInstanceOf(NotApplied.class);
        assertThat(store.follow(List.of(log.get(2), log.get(2).as(new LogEntry.Part.End(2)))))
                .isInstanceOf(NotApplied.class);
        assertThat(store.follow(log.subList(2, 4))).isEqualTo(applied(2));
    }

    @Test
    void appliesNothingOfABrokenChain() {
        var store = new Store().enrolled();
        hq.write(Writes.of(make("tea", "Tea")));
        hq.write(Writes.of(rename("tea", "Green tea")));
        var good = hq.entries();
        var other = new HqLog("01JCZ0000000000000000000X1");
        other.write(Writes.of(make("coffee", "Coffee")));
        var before = store.site.rows(JOURNAL);
        var bent = new LogEntry(
                good.get(2).version(),
                good.get(2).at(),
                good.get(2).provenance(),
                good.get(1).chain(),
                false,
                good.get(2).changes());

        assertThat(store.follow(other.entries())).isInstanceOf(NotApplied.class);
        assertThat(store.follow(List.of(good.get(0), good.get(1), bent))).isInstanceOf(NotApplied.class);
        assertThat(store.follow(List.of(good.get(0), good.get(2)))).isInstanceOf(NotApplied.class); // a gap
        assertThat(store.follow(List.of(good.get(1)))).isInstanceOf(NotApplied.class);
        assertThat(get(store.<ReplicaEntity.Outcome>ask(
                        replyTo -> new ReplicaEntity.Follow(other.history(), List.of(), replyTo))))
                .isInstanceOf(NotApplied.class);
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before);
        assertThat(store.follow(good)).isEqualTo(applied(3));
    }

    @Test
    void keepsTheQueueOverARestart() {
        var store = new Store().enrolled();
        hq.write(Writes.of(make("tea", "Tea")));
        store.follow(hq.entries());
        var before = store.site.rows(JOURNAL);
        var first = store.queue(Writes.of(rename("tea", "Green tea")));
        var second = store.queue(Writes.of(makeTemporary("#cake", "Cake")));
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before + 2);
        var cake = second.names().get("#cake");
        var third = store.queue(Writes.of(rename(String.valueOf(cake), "Cheese cake"))); // of what is only asked for
        assertThat(get(store.catalog.write(DEMO, Writes.of(rename("nothing", "X")))))
                .isInstanceOf(Answer.Refused.class);
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before + 3);
        store.stop();

        var again = new Store();
        assertThat(again.state().queue().unrecorded())
                .extracting(QueuedRequest::id)
                .containsExactly(first.id(), second.id(), third.id());
        assertThat(again.state().queue().unrecorded())
                .extracting(QueuedRequest::sequence)
                .containsExactly(1L, 2L, 3L);
        assertThat(again.name("tea")).hasValue("Tea");
    }

    @Test
    void givesTheSameAnswerToARepeatedKeyAfterARestart() {
        var store = new Store().enrolled();
        var cake = keyed(Writes.of(makeTemporary("#cake", "Cake")), "k-1", "digest-1");
        var answer = store.queue(cake);
        store.stop();
        var again = new Store();
        assertThat(again.queue(cake))
                .isEqualTo(new Queued(answer.id(), Status.QUEUED, answer.names(), answer.base(), true));
        assertThat(get(again.catalog.write(DEMO, keyed(cake, "k-1", "digest-2"))))
                .extracting(RefusalOf::answer)
                .isEqualTo(new Refusal.KeyReused());
        assertThat(again.state().queue().unrecorded()).hasSize(1);
    }

    @Test
    void journalsThatHqMayHaveARequestBeforeItGivesItOut() {
        var store = new Store().enrolled();
        var first = store.queue(Writes.of(make("a", "A")));
        var before = store.site.rows(JOURNAL);
        assertThat(get(store.offer(0)).requests()).extracting(QueuedRequest::id).containsExactly(first.id());
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before + 1);
        assertThat(get(store.offer(0)).requests()).hasSize(1); // again: HQ may not have heard
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before + 1);
        assertThat(statuses(store)).containsExactly(Status.SENT);
        store.stop();
        var again = new Store();
        assertThat(statuses(again)).containsExactly(Status.SENT);
        assertThat(get(again.offer(0)).requests()).extracting(QueuedRequest::id).containsExactly(first.id());
    }

    private static List<Status> statuses(Store store) {
        return found(get(store.catalog.list(
                        DEMO,
                        new RequestsQuery(
                                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 100))))
                .requests()
                .stream()
                .map(ChangeRequest::status)
                .toList();
    }

    private static <T> T found(Reading<T> reading) {
        assertThat(reading).isInstanceOf(Found.class);
        return ((Found<T>) reading).value();
    }

    @Test
    void answersTheLinkAsSoonAsThereIsSomethingToOffer() {
        var store = new Store().enrolled();
        assertThatThrownBy(() -> get(store.offer(0))).hasMessageContaining("timed out"); // and is forgotten
        var waits = store.offer(0);
        get(store.<Replica>ask(ReplicaEntity.InspectAll::new));
        var queued = store.queue(Writes.of(make("a", "A")));
        assertThat(get(waits).requests()).extracting(QueuedRequest::id).containsExactly(queued.id());
    }

    @Test
    void forgetsARequestOnlyWhenHqSaysThatItIsRecorded() {
        var store = new Store().enrolled();
        store.queue(Writes.of(make("a", "A")));
        store.queue(Writes.of(make("b", "B")));
        store.follow(hq.entries());
        var first = get(store.offer(0)).requests().getFirst();
        assertThat(store.state().queue().unrecorded()).hasSize(2);
        hq.execute(new RecordRequests(STORE, 1, List.of(offered(first)), Writes.ANN));
        store.follow(hq.entries());
        assertThat(store.state().queue().unrecorded())
                .extracting(QueuedRequest::sequence)
                .containsExactly(2L);
        assertThat(statuses(store)).containsExactlyInAnyOrder(Status.WAITING, Status.SENT);
        assertThat(get(store.offer(0)).requests())
                .extracting(QueuedRequest::sequence)
                .containsExactly(2L);
    }

    private static OfferedRequest offered(QueuedRequest request) {
        return new OfferedRequest(
                request.id(),
                request.sequence(),
                request.base(),
                CanonicalJson.text(WriteJson.write(request.operations())),
                request.provenance().caller(),
                request.provenance().reason(),
                request.queuedAt());
    }

    @Test
    void worksOnWhenAnotherWriterTookItsJournal() {
        var here = new Store().enrolled();
        here.follow(hq.entries());
        var there = new Store(); // a second process on the same database
        hq.write(Writes.of(make("tea", "Tea")));
        there.follow(hq.entries());

        assertThatThrownBy(() -> here.follow(hq.entries())).hasMessageContaining("timed out"); // not in the journal
        assertThat(here.follow(hq.entries())).isEqualTo(applied(2));
        var queued = here.queue(Writes.of(rename("tea", "Green tea")));
        assertThat(here.state().queue().unrecorded())
                .extracting(QueuedRequest::id)
                .containsExactly(queued.id());
        assertThat(here.name("tea")).hasValue("Tea");
    }

    @Test
    void saysThatNothingIsFollowedBeforeItEnrolled() {
        var store = new Store();
        assertThat(store.follow(hq.entries())).isInstanceOf(NotApplied.class);
        assertThat(get(store.catalog.write(DEMO, Writes.of(make("a", "A"))))).isInstanceOf(Answer.Unavailable.class);
        assertThat(store.site.rows(JOURNAL)).isZero();
    }

    @Test
    void enrolsOnceForAnEpochAndNumbersTheQueueAnewForTheNext() {
        var store = new Store().enrolled();
        store.queue(Writes.of(make("a", "A")));
        var before = store.site.rows(JOURNAL);
        store.enrolled();
        assertThat(store.site.rows(JOURNAL)).isEqualTo(before);
        get(store.catalog.enrol(STORE, hq.history(), 2));
        assertThat(store.state().epoch()).isEqualTo(2);
        assertThat(get(store.offer(0))).satisfies(offer -> {
            assertThat(offer.epoch()).isEqualTo(2);
            assertThat(offer.requests()).extracting(QueuedRequest::sequence).containsExactly(1L);
        });
    }

    @Test
    void opensANewEpochOnceAndKeepsItOverARestartAndItsOldEnrolment() {
        var store = new Store().enrolled();
        store.queue(Writes.of(make("a", "A")));
        assertThat(get(store.offer(0)).epoch()).isEqualTo(1);
        var waiting = store.<Offer>ask(replyTo -> new ReplicaEntity.NextOffer(1, 1, 100, replyTo));
        for (var i = 0; i < 2; i++) {
            assertThat(get(store.<Long>ask(replyTo -> new ReplicaEntity.OpenEpoch(1, 4, Optional.empty(), replyTo))))
                    .isEqualTo(5);
        }
        assertThat(get(waiting)).satisfies(offer -> {
            assertThat(offer.epoch()).isEqualTo(5);
            assertThat(offer.requests()).extracting(QueuedRequest::sequence).containsExactly(1L);
        });
        store.stop();
        var again = new Store().enrolled();
        assertThat(again.state().epoch()).isEqualTo(5);
        assertThat(again.state().queue().unrecorded())
                .extracting(QueuedRequest::sequence)
                .containsExactly(1L);
    }
}
