package dev.storemesh.protocol.replica;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.DEPARTMENT_NAME;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.OTHER_HISTORY;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.TEA;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.department;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.make;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static dev.storemesh.protocol.Samples.unset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.RefusalOf;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadedJson;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LoadedSlice;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.Scoped;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.replica.ReplicaDecider.Accepted;
import dev.storemesh.protocol.replica.ReplicaDecider.Answered;
import dev.storemesh.protocol.replica.ReplicaDecider.Diverged;
import dev.storemesh.protocol.replica.ReplicaDecider.Fits;
import dev.storemesh.protocol.replica.ReplicaDecider.NeedsLookups;
import dev.storemesh.protocol.replica.ReplicaEvent.CopyAsked;
import dev.storemesh.protocol.replica.ReplicaEvent.Enrolled;
import dev.storemesh.protocol.replica.ReplicaEvent.Followed;
import dev.storemesh.protocol.replica.ReplicaEvent.Opened;
import dev.storemesh.protocol.replica.ReplicaEvent.RequestQueued;
import dev.storemesh.protocol.replica.ReplicaEvent.RequestsOffered;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ReplicaDeciderTest {
    private static final int MANY = 1000;
    private final CatalogBench hq = CatalogBench.made();
    private final PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);
    private Replica replica = Replica.unenrolled(DEMO);
    private Instant clock = NOON;
    private int made;

    private void journal(ReplicaEvent... events) {
        journal(ReplicaRound.of(events));
    }

    private void journal(ReplicaRound round) {
        replica = ReplicaDecider.evolve(replica, round);
        partition.apply(round.row(replica.position()));
    }

    private Following following() {
        return (Following) replica;
    }

    private RequestQueue queue() {
        return following().queue();
    }

    private void enrol(long epoch) {
        journal(new Enrolled(NOON, STORE, HISTORY, epoch));
    }

    /// What HQ has after the replica's head, as it comes down: by JSON.
    private List<LogEntry> fromHq() {
        var schemas = following().schemas();
        var entries = new ArrayList<LogEntry>();
        for (var entry : hq.log()) {
            if (entry.version().isAfter(following().head())) {
                entries.add(Samples.reread(entry, schemas));
                schemas = schemas.after(entry);
            }
        }
        return entries;
    }

    private void follow() {
        if (!(ReplicaDecider.judge(following(), HISTORY, fromHq()) instanceof Fits(var entries))) {
            throw new AssertionError("HQ's own log does not fit");
        }
        if (!entries.isEmpty()) {
            journal(ReplicaDecider.follow(following(), entries, NOON));
        }
    }

    /// The next page of HQ's state, or the first, as it comes down: by JSON.
    private LoadPage page(Optional<Load.Begun> begun, int limit) {
        var version = begun.map(known -> known.floor().version()).orElse(hq.head());
        var after = begun.flatMap(Load.Begun::after);
        var slice = LoadedSlice.of(hq.partition().objects(), version, after, limit, 1 << 20);
        var schema = begun.stream().flatMap(known -> known.schema().stream());
        var known = new ArrayList<>(schema.map(LoadedObject::held).toList());
        slice.objects().stream().filter(object -> object.type().isSchema()).forEach(object -> known.add(object.held()));
        var schemas = SchemaHistory.of(known);
        var objects = slice.objects().stream()
                .map(object -> Json.bytes(100, json -> LoadedJson.write(json, object)))
                .map(bytes -> LoadedJson.read(Json.parse(bytes), schemas.now()))
                .toList();
        assertThat(objects).isEqualTo(slice.objects());
        var floor = new Floor(version, hq.standing().chain(), NOON);
        return new LoadPage(
                HISTORY,
                version,
                after.isEmpty() ? Optional.of(floor) : Optional.empty(),
                after,
                objects,
                slice.more());
    }

    private boolean take(LoadPage page) {
        var outcome = ReplicaDecider.load(following(), page, NOON);
        if (outcome instanceof ReplicaDecider.Loads(var round)) {
            journal(round);
        }
        return outcome instanceof ReplicaDecider.Loads;
    }

    private void loadAll(int limit) {
        assertThat(take(page(Optional.empty(), limit))).isTrue();
        while (following().load().isPresent()) {
            assertThat(take(page(following().load().flatMap(Load::begun), limit)))
                    .isTrue();
        }
    }

    private ReplicaDecider.QueueOutcome decide(
            Fetched fetched, Optional<String> key, int most, Operation... operations) {
        var write = new Write(
                List.of(operations),
                Provenance.of("clerk").withKey(key),
                List.of(operations).toString(),
                Optional.empty());
        var names = TemporaryNames.assign(write.operations(), () -> "made-" + ++made);
        return ReplicaDecider.queue(following(), fetched, write, names, id(++made), most, clock);
    }

    private static RequestId id(int number) {
        return RequestId.ofUlid("%026d".formatted(number));
    }

    private Answer queue(Optional<String> key, int most, Operation... operations) {
        var fetched = Fetched.NOTHING;
        var before = made;
        for (var asked = 0; asked < 5; asked++) {
            made = before;
            switch (decide(fetched, key, most, operations)) {
                case NeedsLookups(var lookups) ->
                    fetched = fetched.and(Fetched.of(
                            List.of(partition.find(
                                    lookups, following().head(), following().local())),
                            lookups));
                case Answered(var answer) -> {
                    return answer;
                }
                case Accepted(var event, var answer) -> {
                    journal(event);
                    return answer;
                }
            }
        }
        throw new AssertionError("the decider asks for look-ups without end");
    }

    private Answer queue(Operation... operations) {
        return queue(Optional.empty(), MANY, operations);
    }

    private static Answer.Queued queued(Answer answer) {
        if (answer instanceof Answer.Queued queued) {
            return queued;
        }
        throw new AssertionError("not queued: " + answer);
    }

    private static List<Violation.Code> codes(Answer answer) {
        if (answer instanceof Answer.Refused(Refusal.Violations(var violations, var count), var at)) {
            return violations.stream().map(Violation::code).toList();
        }
        throw new AssertionError("not refused for violations: " + answer);
    }

    private List<Long> sequences() {
        return queue().unrecorded().stream().map(QueuedRequest::sequence).toList();
    }

    /// Offers the whole queue to HQ, by JSON, as the link does.
    private Answer offer() {
        journal(new RequestsOffered(NOON, queue().last()));
        var body = Json.object();
        var array = JsonNodeFactory.instance.arrayNode();
        queue().next(0, 100).forEach(request -> array.add(ChangeRequestJson.offer(request)));
        body.set("requests", array);
        List<OfferedRequest> offered = ChangeRequestJson.offered(Fields.of(Json.parse(Json.bytes(body))));
        return hq.run(new RecordRequests(STORE, following().epoch(), offered, Provenance.of("store-1")));
    }

    private void assertSameAsHq() {
        for (var object : hq.partition().objects().image()) {
            for (var scope : List.of(Scope.all(), new Scope.At(new LocationId("store-1")))) {
                assertThat(partition
                                .objects()
                                .object(object.token(), following().head(), scope))
                        .isEqualTo(hq.partition().objects().object(object.token(), hq.head(), scope));
            }
        }
        assertThat(following().chain()).isEqualTo(hq.standing().chain());
        assertThat(following().schemas().now())
                .isEqualTo(hq.standing().schemas().now());
    }

    @Nested
    final class GivenAStateToTakeOver {
        private static final String OURS = "com.acme.note";

        GivenAStateToTakeOver() {
            enrol(1);
            hq.write(make(
                    "sys.note",
                    StandardSchema.DEFINITION,
                    set(StandardSchema.name(StandardSchema.DEFINITION, "name"), text(OURS)),
                    set(StandardSchema.name(StandardSchema.DEFINITION, "type"), text("string"))));
            hq.write(item("tea", set(new DefinitionName(OURS), text("hot")), set("store-1", PRICE, cents(3))));
            hq.write(unset("tea", new Slot(PRICE, Optional.of(new LocationId("store-1")))), item("milk"));
            hq.write(delete("milk"));
        }

        @Test
        void aNewStoreShowsNothingOfItBeforeItHasAllOfIt() {
            var pages = 0;
            assertThat(take(page(Optional.empty(), 1))).isTrue();
            while (following().load().isPresent()) {
                assertThat(following().head()).isEqualTo(Version.NONE);
                assertThat(partition.objects().size()).isZero();
                assertThat(take(page(following().load().flatMap(Load::begun), 1)))
                        .isTrue();
                pages++;
            }
            assertThat(pages).isGreaterThan(2);
            assertThat(following().floor().orElseThrow().version())
                    .isEqualTo(following().head())
                    .isEqualTo(hq.head());
            assertThat(following().index().before(hq.head()))
                    .isEqualTo(following().position());
            assertThat(following().partitions().needed(0)).isEqualTo(following().position());
            assertSameAsHq();
            hq.write(change("tea", set(new DefinitionName(OURS), text("cold"))), item("milk"));
            follow();
            assertSameAsHq();
        }

        @Test
        void aPageThatIsNotDueDoesNothing() {
            var first = page(Optional.empty(), 1);
            take(first);
            var second = page(following().load().flatMap(Load::begun), 1);
            assertThat(take(second)).isTrue();
            assertThat(take(second)).isFalse();
            loadAll(100);
            assertThat(take(first)).isFalse();
            assertThat(take(second)).isFalse();
            journal(new CopyAsked(NOON));
            assertThat(take(second)).isFalse();
            assertThat(take(first)).isTrue();
            enrol(2); // numbers the queue anew: what was found of it is out of date
            assertThat(following().load().flatMap(Load::begun)).isEmpty();
            assertThat(take(second)).isFalse();
            loadAll(100);
            assertSameAsHq();
        }

        @Test
        void anotherHistoryIsTakenOverOnlyWhenSomebodyAskedForIt() {
            var other = new LoadPage(
                    OTHER_HISTORY,
                    hq.head(),
                    Optional.of(new Floor(hq.head(), hq.standing().chain(), NOON)),
                    Optional.empty(),
                    List.of(),
                    false);
            assertThat(ReplicaDecider.load(following(), other, NOON))
                    .isInstanceOf(ReplicaDecider.OfAnotherHistory.class);
            follow();
            journal(new CopyAsked(NOON));
            assertThat(take(other)).isTrue();
            assertThat(following().history()).isEqualTo(OTHER_HISTORY);
            assertThat(partition.objects().size()).isZero();
        }

        /// An HQ that was restored: it has what `kept` knows, and no more, in another history.
        private LoadPage wholeOf(CatalogBench kept) {
            var slice = LoadedSlice.of(kept.partition().objects(), kept.head(), Optional.empty(), 1_000, 1 << 20);
            assertThat(slice.more()).isFalse();
            return new LoadPage(
                    OTHER_HISTORY,
                    kept.head(),
                    Optional.of(new Floor(kept.head(), kept.standing().chain(), NOON)),
                    Optional.empty(),
                    slice.objects(),
                    false);
        }

        private List<ChangeRequest> held() {
            return partition.objects().image().stream()
                    .filter(object -> object.type().equals(StandardSchema.CHANGE_REQUEST))
                    .map(object -> RequestRecord.read(object.token(), object.live()))
                    .toList();
        }

        private List<QueuedRequest> forgotten(LoadPage last) {
            return ReplicaDecider.forgotten(following(), last, held(), clock);
        }

        private List<RequestId> unrecorded() {
            return queue().unrecorded().stream().map(QueuedRequest::id).toList();
        }

        @Test
        void whatARestoredHqHasForgottenWaitsAgainBeforeTheRestInItsOrder() {
            follow();
            var kept = CatalogBench.made();
            var known = queued(queue(item("known"))).id();
            kept.run(new RecordRequests(
                    STORE,
                    1,
                    List.of(new OfferedRequest(known, 1, new Version(1), "[]", "clerk", Optional.empty(), NOON)),
                    Provenance.of("store-1")));
            offer();
            var asked = new ArrayList<RequestId>();
            for (var name : List.of("a", "b", "c")) {
                asked.add(queued(queue(item(name))).id());
            }
            offer();
            hq.run(new Reject(asked.get(1), Provenance.of("boss")));
            follow();
            asked.add(queued(queue(item("d"))).id()); // not recorded yet
            var last = wholeOf(kept);
            assertThat(ReplicaDecider.endsHistory(following(), last)).isTrue();
            journal(new CopyAsked(NOON));

            var again = forgotten(last);
            assertThat(again).extracting(QueuedRequest::id).containsExactlyElementsOf(asked.subList(0, 3));
            assertThat(again).extracting(QueuedRequest::base).containsOnly(kept.head());
            assertThat(again.getFirst().operations()).isEqualTo(List.of(item("a")));
            ReplicaDecider.queueAgain(following(), again, NOON).forEach(ReplicaDeciderTest.this::journal);
            assertThat(forgotten(last)).isEmpty(); // however often it is looked up
            assertThat(take(last)).isTrue();
            assertThat(unrecorded()).isEqualTo(asked);
            assertThat(sequences()).containsExactly(1L, 2L, 3L, 4L);
            assertThat(following().epoch()).isEqualTo(2);
            assertThat(queue().unrecorded())
                    .extracting(QueuedRequest::base)
                    .containsOnly(kept.head()); // also of the one that had seen a later version
        }

        @Test
        void whatIsOldOrAnotherStoresOrUnreadableIsNotAskedAgain() {
            follow();
            var old = queued(queue(item("a"))).id();
            var another = new StoreId("store-2");
            offer();
            hq.run(new RecordRequests(
                    another,
                    1,
                    List.of(new OfferedRequest(id(900), 1, new Version(1), "[]", "clerk", Optional.empty(), NOON)),
                    Provenance.of("store-2")));
            follow();
            var last = wholeOf(CatalogBench.made());
            journal(new CopyAsked(NOON));
            assertThat(forgotten(last)).extracting(QueuedRequest::id).containsExactly(old);
            var unreadable = held().stream()
                    .filter(request -> request.id().equals(old))
                    .map(request -> new ChangeRequest(
                            old,
                            STORE,
                            Status.REFUSED,
                            1,
                            1,
                            request.base(),
                            "{}",
                            "clerk",
                            Optional.empty(),
                            NOON,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()))
                    .toList();
            assertThat(ReplicaDecider.forgotten(following(), last, unreadable, clock))
                    .isEmpty();
            clock = NOON.plus(RequestQueue.KEPT).plusSeconds(3600);
            assertThat(forgotten(last)).isEmpty();
            assertThat(ReplicaDecider.endsHistory(following(), page(Optional.empty(), 1_000)))
                    .isFalse();
        }

        @Test
        void manyForgottenOnesWaitAgainByRowsOfABoundedSize() {
            follow();
            var waiting = queued(queue(item("z"))).id();
            var template = queue().unrecorded().getFirst();
            var many = new ArrayList<QueuedRequest>();
            for (var i = 0; i < 2_500; i++) {
                many.add(new QueuedRequest(
                        id(10_000 + i),
                        i + 1,
                        template.base(),
                        template.operations(),
                        template.provenance().withKey(Optional.empty()),
                        "",
                        Map.of(),
                        NOON));
            }
            var rows = ReplicaDecider.queueAgain(following(), many, NOON);
            assertThat(rows).hasSize(3);
            rows.forEach(ReplicaDeciderTest.this::journal);
            assertThat(following().epoch()).isEqualTo(4);
            var expected = new ArrayList<>(many.stream().map(QueuedRequest::id).toList());
            expected.add(waiting);
            assertThat(unrecorded()).isEqualTo(expected);
            assertThat(sequences()).isSorted().startsWith(1L).endsWith(2_501L);
        }

        @Test
        void whatWaitsAgainForgetsThatACopyHasSomeOfItUnderItsOldNumber() {
            follow();
            var asked = new ArrayList<RequestId>();
            for (var name : List.of("a", "b", "c", "d")) {
                asked.add(queued(queue(item(name))).id());
            }
            offer(); // recorded, and that has not come down
            journal(new CopyAsked(NOON));
            take(page(Optional.empty(), 1));
            while (following()
                    .load()
                    .flatMap(Load::begun)
                    .orElseThrow()
                    .recorded()
                    .isEmpty()) {
                take(page(following().load().flatMap(Load::begun), 1));
            }
            var other = new QueuedRequest(
                    id(901), 1, new Version(1), List.of(item("b")), Provenance.of("ann"), "", Map.of(), NOON);
            ReplicaDecider.queueAgain(following(), List.of(other), NOON).forEach(ReplicaDeciderTest.this::journal);
            assertThat(following().load().flatMap(Load::begun).orElseThrow().recorded())
                    .isEmpty();
            asked.addFirst(other.id());
            assertThat(unrecorded()).isEqualTo(asked);
        }

        @Test
        void pagesThatMakeNoSenseAreNotMade() {
            var floor = Optional.of(new Floor(hq.head(), hq.standing().chain(), NOON));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new LoadPage(HISTORY, hq.head(), Optional.empty(), Optional.empty(), List.of(), false));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LoadPage(HISTORY, hq.head(), floor, Optional.empty(), List.of(), true));
        }
    }

    @Nested
    final class GivenAStoreOfOneLocation {
        private final Optional<LocationId> here = Optional.of(STORE.location());

        GivenAStoreOfOneLocation() {
            enrol(1);
            hold(here);
            hq.write(item(
                    "tea", set(PRICE, cents(1)), set("store-1", PRICE, cents(2)), set("store-2", PRICE, cents(3))));
        }

        private void hold(Optional<LocationId> location) {
            ReplicaDecider.scope(following(), location, NOON).ifPresent(event -> journal(event));
        }

        private List<LogEntry> told() {
            return fromHq().stream().map(entry -> Scoped.entry(entry, here)).toList();
        }

        private void followHere() {
            if (!(ReplicaDecider.judge(following(), HISTORY, here, told()) instanceof Fits(var entries))) {
                throw new AssertionError("what HQ tells does not fit");
            }
            journal(ReplicaDecider.follow(following(), entries, NOON));
        }

        private LoadPage scopedPage(Optional<LocationId> location) {
            var page = page(Optional.empty(), 1_000);
            return new LoadPage(
                    page.history(),
                    page.version(),
                    page.floor(),
                    page.after(),
                    Scoped.objects(page.objects(), location),
                    page.more(),
                    location);
        }

        @Test
        void itIsSoAtOnceBeforeAnythingCameDown() {
            assertThat(following().location()).isEqualTo(here);
            assertThat(following().load()).isEmpty();
            assertThat(ReplicaDecider.scope(following(), here, NOON)).isEmpty();
            followHere();
            assertThat(following().head()).isEqualTo(hq.head());
            assertThat(following().chain()).isEqualTo(hq.standing().chain());
            assertThat(partition.objects().find(TEA).orElseThrow().live()).hasSize(2);
        }

        @Test
        void aCopyThatComesInIsOfItsScopeWhateverIsNumberedAnewMeanwhile() {
            followHere();
            journal(new CopyAsked(NOON));
            journal(new ReplicaEvent.LoadBegun(
                    NOON, HISTORY, new Floor(hq.head(), following().chain(), NOON)));
            journal(new ReplicaEvent.RequestsQueuedAgain(NOON, 2, List.of()));
            assertThat(following().load().orElseThrow().begun()).isPresent();
            assertThat(following().load().orElseThrow().location()).isEqualTo(here);
            journal(new ReplicaEvent.EpochOpened(NOON, 3));
            assertThat(following().load().orElseThrow().begun()).isEmpty();
            assertThat(following().load().orElseThrow().location()).isEqualTo(here);
        }

        @Test
        void theOrderOfWhatComesIsStillChecked() {
            var told = told();
            assertThat(ReplicaDecider.judge(following(), HISTORY, here, told.subList(1, 2)))
                    .isInstanceOf(Diverged.class);
            assertThat(ReplicaDecider.judge(following(), OTHER_HISTORY, here, told))
                    .isInstanceOf(Diverged.class);
            followHere();
            hq.write(change("tea", set("store-2", PRICE, cents(4))));
            var next = told().getFirst();
            assertThat(next.changes()).isEmpty();
            followHere();
            var other = new LogEntry(
                    next.version(),
                    next.at(),
                    next.provenance(),
                    ChainHash.origin(DEMO, OTHER_HISTORY),
                    false,
                    next.changes());
            assertThat(ReplicaDecider.judge(following(), HISTORY, here, List.of(other)))
                    .isInstanceOf(Diverged.class); // what is here comes again with another chain
        }

        @Test
        void whatWasAskedForInAnotherScopeIsPassedOver() {
            assertThat(ReplicaDecider.judge(following(), HISTORY, Optional.empty(), fromHq()))
                    .isEqualTo(new Fits(List.of()));
            hold(Optional.empty());
            assertThat(take(scopedPage(here))).isFalse();
        }

        @Test
        void whoFollowsAllChecksTheChainWhateverHqSaysOfIt() {
            assertThat(take(scopedPage(here))).isTrue();
            hold(Optional.empty());
            assertThat(take(page(Optional.empty(), 1_000))).isTrue();
            assertThat(following().location()).isEmpty();
            hq.write(change("tea", set("store-1", PRICE, cents(4)), set("store-2", PRICE, cents(4))));
            assertThat(ReplicaDecider.judge(following(), HISTORY, told())).isInstanceOf(Diverged.class);
            assertThat(ReplicaDecider.judge(following(), HISTORY, here, told())).isEqualTo(new Fits(List.of()));
            follow();
            assertSameAsHq();
        }

        @Test
        void anotherScopeIsACopyInThePlaceOfWhatIsHeld() {
            followHere();
            hold(Optional.empty());
            assertThat(following().location()).isEqualTo(here); // until it is whole
            assertThat(following().load().orElseThrow().asked()).isFalse();
            assertThat(partition.objects().find(TEA).orElseThrow().live()).hasSize(2);
            loadAll(100);
            assertThat(following().location()).isEmpty();
            assertThat(partition.objects().find(TEA).orElseThrow().live()).hasSize(3);
            assertSameAsHq();
            hold(here);
            journal(new CopyAsked(NOON)); // of the scope that is wanted
            assertThat(take(scopedPage(here))).isTrue();
            assertThat(partition.objects().find(TEA).orElseThrow().live()).hasSize(2);
        }

        @Test
        void whatCameInOfAnotherScopeGoes() {
            followHere();
            hold(Optional.empty());
            assertThat(take(page(Optional.empty(), 1))).isTrue();
            var second = page(following().load().flatMap(Load::begun), 1);
            hold(here);
            assertThat(following().load().flatMap(Load::begun)).isEmpty();
            assertThat(take(second)).isFalse();
            assertThat(take(scopedPage(here))).isTrue();
            assertThat(partition.objects().find(TEA).orElseThrow().live()).hasSize(2);
            assertThat(following().load()).isEmpty();
        }

        @Test
        void aRequestOfAnotherStoreIsNoneThatCanBeTakenBack() {
            var id = id(7);
            var offered = new OfferedRequest(id, 1, hq.head(), "[]", "clerk", Optional.empty(), NOON);
            hq.run(new RecordRequests(new StoreId("store-2"), 1, List.of(offered), Provenance.of("store-2")));
            followHere();
            assertThat(partition.objects().find(id.token()).orElseThrow().live())
                    .isEmpty();
            var fetched = partition.fetch(Set.of(new Lookup.Head(id.token())));
            assertThat(ReplicaDecider.withdraw(
                            following(), fetched, id, Provenance.of("clerk"), Optional.empty(), id(8), MANY, NOON))
                    .isEqualTo(new Answered(Answer.refuse(
                            new Refusal.UnknownRequest(), following().head())));
        }
    }

    @Nested
    final class GivenValuesThatAreTheStoresOwn {
        private static final String HERE = "store-1";

        GivenValuesThatAreTheStoresOwn() {
            enrol(1);
            own(PRICE);
            hq.write(
                    item("tea", set(NAME, text("Tea")), set(PRICE, cents(100))), item("milk", set(NAME, text("Milk"))));
            follow();
        }

        private void own(DefinitionName definition) {
            var type = StandardSchema.CONSTRAINT;
            assertThat(hq.write(make(
                            "sys.own-" + definition.text().replace('.', '-'),
                            type,
                            set(StandardSchema.name(type, "name"), text("own." + definition)),
                            set(StandardSchema.name(type, "kind"), text("authority")),
                            set(StandardSchema.name(type, "definition"), text(definition.text())),
                            set(StandardSchema.name(type, "authority"), text("store")))))
                    .isInstanceOf(Answer.Accepted.class);
        }

        private Operation priced(String item, long price) {
            return change(item, set(HERE, PRICE, cents(price)));
        }

        private Optional<Value> price(String item) {
            return price(item, following().head(), following().local());
        }

        private Optional<Value> price(String item, Version version, long local) {
            return partition
                    .object(new ObjectToken(item), version, local, new Scope.At(new LocationId(HERE)))
                    .flatMap(view -> view.value(PRICE));
        }

        private Optional<Value> money(long price) {
            return Optional.of(new Value.Money(price, "USD"));
        }

        @Test
        void theyTakeEffectWhenTheyAreQueued() {
            var before = following().partitions().needed(0);
            var answer = queued(queue(priced("tea", 90)));
            assertThat(answer.local()).hasValue(1L);
            assertThat(following().local()).isEqualTo(1);
            assertThat(following().partitions().needed(0))
                    .isGreaterThan(before)
                    .isEqualTo(following().position());
            assertThat(price("tea")).isEqualTo(money(90));
            assertThat(price("tea", following().head(), 0)).isEqualTo(money(100));
            assertThat(partition.objects().image())
                    .isEqualTo(hq.partition().objects().image());
        }

        @Test
        void anyThatIsHqsMakesAllOfItHqs() {
            assertThat(queued(queue(priced("tea", 90), change("tea", set(NAME, text("Green")))))
                            .local())
                    .isEmpty();
            assertThat(queued(queue(item("coffee"))).local()).isEmpty();
            assertThat(queued(queue(priced("coffee", 500))).local()).isEmpty(); // it is not there yet
            assertThat(queued(queue(change("tea", set("store-2", PRICE, cents(1)))))
                            .local())
                    .isEmpty();
            assertThat(queued(queue(delete("milk"))).local()).isEmpty();
            assertThat(following().local()).isZero();
            assertThat(price("tea")).isEqualTo(money(100));
        }

        /// At every version that comes down, and between them.
        @Test
        void theyNeverFlickerBackUntilHqHasThem() {
            var first = queued(queue(priced("tea", 90))).id();
            queue(priced("tea", 80));
            queue(priced("milk", 70));
            offer();
            hq.write(priced("tea", 300), change("milk", set(NAME, text("Oat milk"))));
            for (var entry : fromHq()) {
                journal(ReplicaDecider.follow(following(), List.of(entry), NOON));
                assertThat(price("tea")).as("at version %s", entry.version()).isIn(money(80), money(300));
                assertThat(price("milk")).isEqualTo(money(70));
            }
            assertThat(price("tea")).isEqualTo(money(300)); // HQ wrote it after all of them were decided
            assertThat(following().own().undecided()).isEmpty();
            assertThat(following().own().number(first)).isEmpty();
            assertThat(following().local()).isEqualTo(3);
            assertThat(partition.objectsAt(following().head(), 3)).isSameAs(partition.objects());
            assertThat(following().partitions().needed(0)).isEqualTo(following().position());
        }

        @Test
        void whatHqDoesMeanwhileDoesNotShow() {
            queue(priced("tea", 90));
            hq.write(priced("tea", 300));
            follow();
            assertThat(price("tea")).isEqualTo(money(90));
            assertThat(price("tea", following().head(), 0)).isEqualTo(money(300));
            offer();
            follow();
            assertThat(price("tea", following().head(), 0)).isEqualTo(money(90));
        }

        @Test
        void whatIsRefusedFallsInTheVersionThatSaysSo() {
            queue(priced("tea", 90));
            var type = StandardSchema.CONSTRAINT;
            hq.write(make(
                    "sys.least",
                    type,
                    set(StandardSchema.name(type, "name"), text("com.acme.least")),
                    set(StandardSchema.name(type, "kind"), text("range")),
                    set(StandardSchema.name(type, "definition"), text(PRICE.text())),
                    set(StandardSchema.name(type, "min"), text("100"))));
            follow();
            assertThat(price("tea")).isEqualTo(money(90));
            offer();
            follow();
            assertThat(following().own().undecided()).isEmpty();
            assertThat(price("tea")).isEqualTo(money(100));
        }

        /// A request of HQ's before it on the same object holds it up, and it falls with that one.
        @Test
        void itStandsWhileItWaitsAndFallsWithWhatItWaitsFor() {
            var before = queued(queue(change("tea", set(NAME, text("Green"))))).id();
            queue(priced("tea", 90));
            offer();
            follow();
            assertThat(following().queue().unrecorded()).isEmpty();
            assertThat(price("tea")).isEqualTo(money(90));
            hq.run(new Reject(before, Provenance.of("boss")));
            follow();
            assertThat(price("tea")).isEqualTo(money(100));
        }

        @Test
        void aCopyThatTakesThePlaceOfWhatWasHeldLeavesWhatHqHasNotDecided() {
            queue(priced("tea", 90));
            offer();
            queue(priced("milk", 70));
            hq.write(priced("milk", 300), change("tea", set(NAME, text("Green"))));
            var held = following().head();
            journal(new CopyAsked(NOON));
            assertThat(take(page(Optional.empty(), 2))).isTrue();
            assertThat(following().head()).isEqualTo(held);
            assertThat(price("milk", held, 0)).isEmpty(); // still what was held
            assertThat(price("milk")).isEqualTo(money(70));

            loadAll(2); // anew
            assertThat(following().head()).isEqualTo(hq.head());
            assertThat(price("milk", hq.head(), 0)).isEqualTo(money(300));
            assertThat(price("milk")).isEqualTo(money(70));
            assertThat(price("tea", hq.head(), 0)).isEqualTo(money(90));
            assertThat(sequences()).containsExactly(2L);
            assertThat(following().own().undecided()).hasSize(1);
            assertSameAsHq();
            offer();
            follow();
            assertThat(price("milk", following().head(), 0)).isEqualTo(money(70));
            assertThat(following().own().undecided()).isEmpty();
            assertThat(sequences()).isEmpty();
            assertSameAsHq();
        }

        @Test
        void theNextIsJudgedOverTheOnesBefore() {
            queue(priced("milk", 70));
            assertThat(queued(queue(unset("milk", Samples.at(HERE, PRICE)))).local())
                    .hasValue(2L);
            assertThat(price("milk")).isEmpty();
            var again = queued(queue(Optional.of("key-1"), MANY, priced("milk", 60)));
            assertThat(queued(queue(Optional.of("key-1"), MANY, priced("milk", 60)))
                            .local())
                    .isEqualTo(again.local())
                    .hasValue(3L);
        }
    }

    @Nested
    final class GivenNoEnrolment {
        @Test
        void nothingCanHaveComeDown() {
            assertThatIllegalStateException().isThrownBy(() -> journal(new Followed(NOON, hq.log())));
        }

        @Test
        void itMayBeTakenOver() {
            journal(new Opened(NOON));
            assertThat(replica).isEqualTo(new Replica.Unenrolled(DEMO, new Position(1)));
        }

        @Test
        void enrolmentBeginsBeforeTheFirstVersion() {
            enrol(1);
            assertThat(following().head()).isEqualTo(Version.NONE);
            assertThat(following().store()).isEqualTo(STORE);
            assertThat(queue()).isEqualTo(RequestQueue.EMPTY);
        }
    }

    @Nested
    final class GivenAFollower {
        GivenAFollower() {
            enrol(1);
            hq.write(item("tea", set(NAME, text("Tea"))), department("drinks", set(DEPARTMENT_NAME, text("Drinks"))));
            follow();
            hq.write(change("tea", set(NAME, text("Green"))));
            hq.write(change("tea", set(NAME, text("Black"))));
        }

        @Test
        void takesWhatFollows() {
            follow();
            assertThat(following().head()).isEqualTo(hq.head());
            assertThat(following().chain()).isEqualTo(hq.standing().chain());
            assertThat(partition.objects().image())
                    .isEqualTo(hq.partition().objects().image());
            assertThat(following().partitions().needed(0)).isEqualTo(following().position());
        }

        @Test
        void passesOverWhatItHas() {
            assertThat(ReplicaDecider.judge(following(), HISTORY, hq.log())).isEqualTo(new Fits(fromHq()));
            follow();
            assertThat(ReplicaDecider.judge(following(), HISTORY, hq.log())).isEqualTo(new Fits(List.of()));
            assertThat(ReplicaDecider.judge(following(), HISTORY, List.of())).isEqualTo(new Fits(List.of()));
        }

        @Test
        void doesNotFollowAnotherHistory() {
            assertThat(ReplicaDecider.judge(following(), OTHER_HISTORY, fromHq()))
                    .isInstanceOf(Diverged.class);
        }

        @Test
        void noticesAGap() {
            assertThat(ReplicaDecider.judge(following(), HISTORY, fromHq().subList(1, 2)))
                    .isInstanceOf(Diverged.class);
        }

        @Test
        void noticesTheWrongOrder() {
            assertThat(ReplicaDecider.judge(following(), HISTORY, fromHq().reversed()))
                    .isInstanceOf(Diverged.class);
        }

        @Test
        void noticesAnAlteredEntry() {
            var entries = new ArrayList<>(fromHq());
            var second = entries.get(1);
            entries.set(
                    1,
                    new LogEntry(
                            second.version(),
                            second.at(),
                            Provenance.of("somebody else"),
                            second.chain(),
                            false,
                            second.changes()));
            assertThat(ReplicaDecider.judge(following(), HISTORY, entries))
                    .isEqualTo(new Diverged("the chain breaks at version 4"));
        }

        @Test
        void noticesAnotherLogOfTheSameHistory() {
            var other = new CatalogBench();
            other.run(new Create(HISTORY, Provenance.of("operator")));
            other.write(item("coffee"));
            other.write(item("milk"));
            assertThat(ReplicaDecider.judge(following(), HISTORY, other.log())).isInstanceOf(Diverged.class);
            assertThat(ReplicaDecider.judge(following(), HISTORY, other.log().subList(0, 2)))
                    .isInstanceOf(Diverged.class);
        }
    }

    @Nested
    final class GivenAnEnrolledStore {
        GivenAnEnrolledStore() {
            enrol(1);
            hq.write(item("tea", set(NAME, text("Tea"))));
            follow();
        }

        @Test
        void aWriteIsQueuedWithItsBaseAndSequence() {
            var answer = queued(queue(item("#cake", set(NAME, text("Cake")))));
            assertThat(answer.status()).isEqualTo(Status.QUEUED);
            assertThat(answer.base()).isEqualTo(new Version(2));
            assertThat(answer.replayed()).isFalse();
            assertThat(answer.names()).containsOnlyKeys("#cake");
            var request = queue().unrecorded().getFirst();
            assertThat(request.id()).isEqualTo(answer.id());
            assertThat(request.sequence()).isEqualTo(1);
            assertThat(request.base()).isEqualTo(new Version(2));
            assertThat(request.operations().getFirst().object().text())
                    .isEqualTo(java.util.Objects.requireNonNull(answer.names().get("#cake"))
                            .text());
            queue(change("tea", set(NAME, text("x"))));
            assertThat(sequences()).containsExactly(1L, 2L);
        }

        @Test
        void asksForExactlyWhatIsMissing() {
            assertThat(decide(
                            Fetched.NOTHING,
                            Optional.of("k"),
                            MANY,
                            change("tea", set(IN_DEPARTMENT, text("drinks"))),
                            delete("coffee")))
                    .isEqualTo(new NeedsLookups(Set.of(
                            new Lookup.Head(new ObjectToken("tea")),
                            new Lookup.Head(new ObjectToken("drinks")),
                            new Lookup.Head(new ObjectToken("coffee")))));
        }

        @Test
        void isJudgedByWhatTheStoreKnows() {
            assertThat(codes(queue(change("nothing")))).containsExactly(Violation.Code.UNKNOWN_OBJECT);
            assertThat(codes(queue(item("tea")))).containsExactly(Violation.Code.OBJECT_EXISTS);
            assertThat(codes(queue(item("#x", set("store-1", NAME, text("x"))))))
                    .containsExactly(Violation.Code.LOCATION_NOT_ALLOWED);
            assertThat(sequences()).isEmpty();
        }

        @Test
        void violationsNameWhatTheRequestNamed() {
            assertThat(queue(item("#x", set("store-1", NAME, text("x")))))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal())
                                    .isInstanceOfSatisfying(
                                            Refusal.Violations.class,
                                            violations -> assertThat(violations.violations())
                                                    .extracting(Violation::object)
                                                    .containsExactly("#x")));
        }

        @Test
        void laterRequestsMayReferToWhatEarlierOnesMake() {
            queue(department("sweets"));
            assertThat(queue(item("cake", set(IN_DEPARTMENT, text("sweets"))))).isInstanceOf(Answer.Queued.class);
            assertThat(queue(change("cake", set(NAME, text("Cake"))))).isInstanceOf(Answer.Queued.class);
            assertThat(codes(queue(item("cake")))).containsExactly(Violation.Code.OBJECT_EXISTS);
            assertThat(codes(queue(item("other", set(IN_DEPARTMENT, text("cake"))))))
                    .containsExactly(Violation.Code.WRONG_REFERENCE_TYPE);
            assertThat(queue().making(new ObjectToken("sweets"))).contains(StandardSchema.DEPARTMENT);
            assertThat(queue().making(new ObjectToken("cake"))).contains(StandardSchema.ITEM);
            assertThat(queue().making(new ObjectToken("other"))).isEmpty();
        }

        @Test
        void aKeyIsAnsweredTheSameAgain() {
            var first = queued(queue(Optional.of("k1"), MANY, item("#cake")));
            assertThat(queue(Optional.of("k1"), MANY, item("#cake")))
                    .isEqualTo(new Answer.Queued(first.id(), Status.QUEUED, first.names(), first.base(), true));
            assertThat(queue(Optional.of("k1"), MANY, item("#pie")))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.KeyReused());
            assertThat(sequences()).containsExactly(1L);
        }

        @Test
        void aRefusedKeyIsJudgedAgain() {
            queue(Optional.of("k1"), MANY, change("nothing"));
            assertThat(queue(Optional.of("k1"), MANY, item("#cake"))).isInstanceOf(Answer.Queued.class);
        }

        @Test
        void aKeyIsKnownAfterHqRecordedItAndForgottenAfterThirtyDays() {
            var first = queued(queue(Optional.of("k1"), MANY, item("#cake")));
            offer();
            follow();
            clock = NOON.plus(Duration.ofDays(30));
            queue(item("#b"));
            assertThat(queued(queue(Optional.of("k1"), MANY, item("#cake"))).id())
                    .isEqualTo(first.id());
            clock = NOON.plus(Duration.ofDays(30)).plusMillis(1);
            assertThat(queue().answer(new IdempotencyKey("clerk", "k1"), clock)).isEmpty();
        }

        @Test
        void aKeyIsKnownAsLongAsItsRequestWaits() {
            var first = queued(queue(Optional.of("k1"), MANY, item("#cake")));
            clock = NOON.plus(Duration.ofDays(400));
            queue(item("#b"));
            assertThat(queued(queue(Optional.of("k1"), MANY, item("#cake"))).id())
                    .isEqualTo(first.id());
        }

        @Test
        void aQueueIsFullOfBytesToo() {
            var note = text("x".repeat(60_000));
            queue(item("tea"));
            var large = new QueuedRequest(
                    id(900),
                    2,
                    new Version(1),
                    java.util.Collections.nCopies(5_000, change("tea", set(NOTE, note))),
                    Provenance.of("clerk"),
                    "",
                    Map.of(),
                    NOON);
            journal(new RequestQueued(large));
            assertThat(queue(item("coffee")))
                    .isEqualTo(new Answer.Busy("bytes of queued change requests", ReplicaDecider.MAX_QUEUED_BYTES));
        }

        @Test
        void aFullQueueIsBusyButStillAnswersItsKeys() {
            var first = queued(queue(Optional.of("k1"), 2, item("#a")));
            queue(Optional.empty(), 2, item("#b"));
            assertThat(queue(Optional.empty(), 2, item("#c"))).isInstanceOf(Answer.Busy.class);
            assertThat(queued(queue(Optional.of("k1"), 2, item("#a"))).id()).isEqualTo(first.id());
            offer();
            follow();
            assertThat(queue(Optional.empty(), 2, item("#c"))).isInstanceOf(Answer.Queued.class);
        }

        @Test
        void whatHqWouldNotTakeIsNotQueued() {
            var settings = new ArrayList<Operation>();
            for (var i = 0; i < 20; i++) {
                settings.add(item("#i" + i, set(NOTE, text("x".repeat(60_000)))));
            }
            assertThat(queue(settings.toArray(Operation[]::new)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.TooLarge("change request", 1 << 20));
        }
    }

    @Nested
    final class GivenThreeQueuedRequests {
        private final RequestId first;

        GivenThreeQueuedRequests() {
            enrol(1);
            follow();
            first = queued(queue(item("a"))).id();
            queue(item("b"));
            queue(item("c"));
        }

        @Test
        void theyAreSentOnceTheyAreOffered() {
            assertThat(queue().unrecorded()).extracting(queue()::status).containsOnly(Status.QUEUED);
            journal(new RequestsOffered(NOON, 2));
            assertThat(queue().unrecorded())
                    .extracting(queue()::status)
                    .containsExactly(Status.SENT, Status.SENT, Status.QUEUED);
        }

        @Test
        void theNextAreThoseAfterASequenceInOrder() {
            assertThat(queue().next(0, 2)).extracting(QueuedRequest::sequence).containsExactly(1L, 2L);
            assertThat(queue().next(1, 100)).extracting(QueuedRequest::sequence).containsExactly(2L, 3L);
            assertThat(queue().next(3, 100)).isEmpty();
        }

        @Test
        void theyLeaveTheQueueOnlyWhenTheLogSaysThatHqHasThem() {
            assertThat(offer()).isEqualTo(new Answer.Recorded(new Version(2), 1, 3));
            assertThat(sequences()).containsExactly(1L, 2L, 3L);
            queue(item("d"));
            follow();
            assertThat(sequences()).containsExactly(4L);
            assertThat(queue().unrecorded()).extracting(QueuedRequest::id).doesNotContain(first);
            assertThat(partition.objects().find(first.token())).isPresent();
        }

        @Test
        void anotherStoresSequenceMeansNothing() {
            hq.run(new RecordRequests(
                    new StoreId("store-2"),
                    1,
                    List.of(new OfferedRequest(id(900), 1, new Version(1), "[]", "clerk", Optional.empty(), NOON)),
                    Provenance.of("store-2")));
            follow();
            assertThat(sequences()).containsExactly(1L, 2L, 3L);
        }

        @Test
        void aNewEpochNumbersThemFromOneInTheirOrder() {
            offer();
            queue(item("d"));
            follow();
            queue(item("e"));
            enrol(2);
            assertThat(following().epoch()).isEqualTo(2);
            assertThat(sequences()).containsExactly(1L, 2L);
            assertThat(queue().unrecorded())
                    .extracting(
                            request -> request.operations().getFirst().object().text())
                    .containsExactly("d", "e");
            assertThat(queue().offered()).isZero();
            queue(item("f"));
            assertThat(sequences()).containsExactly(1L, 2L, 3L);
            offer();
            follow();
            assertThat(sequences()).isEmpty();
        }

        @Test
        void theOldEpochsSequenceDoesNotEmptyTheNewOnesQueue() {
            offer();
            enrol(2);
            follow();
            assertThat(sequences()).containsExactly(1L, 2L, 3L);
            assertThat(offer()).isEqualTo(new Answer.Recorded(new Version(3), 2, 3));
            follow();
            assertThat(sequences()).isEmpty();
            assertThat(hq.log().getLast().changes()).hasSize(4); // the sequence, and each record's new number
        }

        private Optional<ReplicaEvent.EpochOpened> refused(long offered, long known, Long... gapAfter) {
            return ReplicaDecider.openEpoch(
                    following(), offered, known, List.of(gapAfter).stream().findFirst(), NOON);
        }

        @Test
        void aStoreOpensAnEpochAfterItsOwnAndTheOneThatHqKnows() {
            journal(new RequestsOffered(NOON, 2));
            assertThat(refused(1, 1)).contains(new ReplicaEvent.EpochOpened(NOON, 2));
            journal(refused(1, 7).orElseThrow());
            assertThat(following().epoch()).isEqualTo(8);
            assertThat(sequences()).containsExactly(1L, 2L, 3L);
            assertThat(queue().offered()).isZero();
            assertThat(refused(8, 3)).contains(new ReplicaEvent.EpochOpened(NOON, 9));
        }

        @Test
        void aLateOrRepeatedRefusalOpensNone() {
            journal(refused(1, 1).orElseThrow());
            assertThat(refused(1, 1)).isEmpty();
            assertThat(refused(3, 9)).isEmpty();
            assertThat(refused(2, Value.MAX_INTEGER)).isEmpty();
            assertThat(refused(2, Long.MAX_VALUE)).isEmpty();
            var before = following();
            journal(new ReplicaEvent.EpochOpened(NOON, 2), new ReplicaEvent.EpochOpened(NOON, 1));
            assertThat(following()).isEqualTo(before.at(following().position()));
        }

        @Test
        void aGapOpensOneOnlyWhereHqLacksWhatItHadOnce() {
            assertThat(refused(1, 1, 0L)).isEmpty(); // it was only not sent the first
            assertThat(refused(1, 1, 2L)).isEmpty();
            offer();
            follow();
            assertThat(refused(1, 1, 0L)).isEmpty(); // nothing waits
            queue(item("d"));
            assertThat(refused(1, 1, 3L)).isEmpty();
            assertThat(refused(1, 1, 2L)).contains(new ReplicaEvent.EpochOpened(NOON, 2));
        }

        @Test
        void anEnrolmentOfAnEpochThatTheStoreHasPassedChangesNothing() {
            journal(new ReplicaEvent.EpochOpened(NOON, 3));
            for (var epoch : List.of(1L, 2L, 3L)) {
                assertThat(ReplicaDecider.enrolledEpoch(following(), STORE, epoch))
                        .isEmpty();
            }
            assertThat(ReplicaDecider.enrolledEpoch(following(), STORE, 4)).contains(4L);
            assertThat(ReplicaDecider.enrolledEpoch(following(), new StoreId("store-9"), 1))
                    .contains(1L);
            assertThat(ReplicaDecider.enrolledEpoch(Replica.unenrolled(DEMO), STORE, 1))
                    .contains(1L);
        }

        @Test
        void aCopyThatComesInBeginsAnewInANewEpoch() {
            journal(new CopyAsked(NOON));
            journal(new ReplicaEvent.LoadBegun(
                    NOON, HISTORY, new Floor(hq.head(), following().chain(), NOON)));
            journal(new ReplicaEvent.EpochOpened(NOON, 2));
            assertThat(following().load()).contains(new Load(true, Optional.empty()));
        }

        /// A store that was restored from a backup gives out a sequence for the second time.
        @Test
        void anotherRequestUnderARecordedSequenceStaysInTheQueue() {
            offer();
            var recorded = queue().unrecorded();
            var other = new QueuedRequest(
                    new RequestId("cr-01ZZ0000000000000000000000"),
                    recorded.getFirst().sequence(),
                    recorded.getFirst().base(),
                    recorded.getFirst().operations(),
                    recorded.getFirst().provenance().withKey(Optional.empty()),
                    "",
                    Map.of(),
                    NOON);
            journal(new RequestQueued(other));
            follow();
            assertThat(queue().unrecorded()).containsExactly(other);
        }

        private Answer withdraw(RequestId target) {
            var fetched = Fetched.NOTHING;
            var id = id(++made);
            for (var asked = 0; asked < 3; asked++) {
                switch (ReplicaDecider.withdraw(
                        following(), fetched, target, Provenance.of("clerk"), Optional.of("clerk"), id, MANY, clock)) {
                    case NeedsLookups(var lookups) -> fetched = fetched.and(partition.fetch(lookups));
                    case Answered(var answer) -> {
                        return answer;
                    }
                    case Accepted(var event, var answer) -> {
                        journal(event);
                        return answer;
                    }
                }
            }
            throw new AssertionError("the decider asks for look-ups without end");
        }

        @Test
        void whatHqNeverHeardOfIsWithdrawnAtOnce() {
            var answer = queued(withdraw(first));
            assertThat(sequences()).containsExactly(1L, 2L, 3L, 4L);
            assertThat(queue().unrecorded())
                    .extracting(queue()::status)
                    .containsExactly(Status.WITHDRAWN, Status.QUEUED, Status.QUEUED, Status.QUEUED);
            var again = queued(withdraw(first));
            assertThat(again.id()).isEqualTo(answer.id());
            assertThat(again.replayed()).isTrue();
            offer();
            follow();
            assertThat(sequences()).isEmpty();
            assertThat(atHq(first)).isEqualTo(Status.WITHDRAWN);
        }

        private Status atHq(RequestId id) {
            return RequestRecord.read(
                            id.token(),
                            hq.partition()
                                    .objects()
                                    .find(id.token())
                                    .orElseThrow()
                                    .live())
                    .status();
        }

        @Test
        void whatHqMayHaveIsAskedBack() {
            offer();
            follow();
            assertThat(withdraw(first)).isInstanceOf(Answer.Queued.class);
            offer();
            follow();
            assertThat(atHq(first)).isEqualTo(Status.WITHDRAWN);
            assertThat(withdraw(first))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.AlreadyDecided.class));
            assertThat(withdraw(id(999)))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.UnknownRequest.class));
        }

        @Test
        void enrollingAgainInTheSameEpochChangesNothing() {
            journal(new RequestsOffered(NOON, 2));
            var before = queue();
            enrol(1);
            assertThat(queue()).isEqualTo(before);
        }

        @Test
        void aRestartComesToTheSameQueue() {
            var again = Replica.unenrolled(DEMO);
            again = ReplicaDecider.evolve(
                    again, ReplicaRound.of(new Enrolled(NOON, STORE, HISTORY, 1), new Followed(NOON, hq.log())));
            for (var request : queue().unrecorded()) {
                again = ReplicaDecider.evolve(again, ReplicaRound.of(new RequestQueued(request)));
            }
            assertThat(((Following) again).queue()).isEqualTo(queue());
            assertThat(again.position()).isEqualTo(new Position(4));
        }
    }
}
