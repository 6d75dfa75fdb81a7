package dev.storemesh.protocol.replica;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.at;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.global;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static dev.storemesh.protocol.Samples.unset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Digest;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadedJson;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LoadedSlice;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.Scoped;
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.replica.ReplicaDecider.Diverged;
import dev.storemesh.protocol.replica.ReplicaDecider.Fits;
import dev.storemesh.protocol.replica.ReplicaDecider.Loads;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What followers of one location hold is what HQ holds that is global or at it, at each version, however they
/// came to it. `-Dstoremesh.seeds=10000` tries more.
final class ScopedFollowersTest {
    private static final Optional<LocationId> HERE = Optional.of(STORE.location());
    private static final Scope AT_STORE = Scope.of(HERE);
    private static final List<String> ITEMS = List.of("tea", "milk", "salt", "rice");
    private static final List<Optional<String>> PLACES =
            List.of(Optional.empty(), Optional.of("store-1"), Optional.of("store-2"), Optional.of("store-2"));
    private static final Provenance EDITOR = Provenance.of("editor");

    @Test
    void aFollowerOfALocationHoldsAtEachVersionWhatHqHasThatIsGlobalOrThere() {
        var seeds = Integer.getInteger("storemesh.seeds", 60);
        var copies = 0;
        for (var seed = 0L; seed < seeds; seed++) {
            try {
                copies += run(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
        assertThat(copies).as("copies that took the place of others").isGreaterThan(seeds);
    }

    private static int run(SplittableRandom random) {
        var hq = new Hq(random);
        var byLog = new Follower(hq, HERE);
        var whole = new Follower(hq, Optional.empty());
        var switching = new Follower(hq, HERE);
        for (var i = 0; i < 30; i++) {
            hq.happens();
            for (var follower : List.of(byLog, whole, switching)) {
                if (random.nextInt(3) == 0) {
                    follower.follow();
                }
            }
            if (random.nextInt(10) == 0) {
                switching.hold(random.nextBoolean() ? HERE : Optional.empty());
            }
            if (random.nextInt(3) == 0) {
                switching.loadSome(1 + random.nextInt(40));
            }
            switching.check();
        }
        for (var follower : List.of(byLog, whole, switching)) {
            follower.finish();
        }
        assertThat(byLog.image()).isEqualTo(hq.image(HERE));
        switching.hold(HERE);
        switching.finish();
        switching.hold(Optional.empty());
        switching.finish();
        return switching.copies;
    }

    /// What is written, and what of it followers get.
    private static final class Hq {
        private final CatalogBench bench = CatalogBench.made();
        private final SplittableRandom random;
        private int number;

        private Hq(SplittableRandom random) {
            this.random = random;
        }

        private void happens() {
            switch (random.nextInt(8)) {
                case 0 -> transaction();
                case 1 -> request();
                default -> bench.write(operation());
            }
        }

        private <T> T one(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        /// Many are refused, which does not matter.
        private Operation operation() {
            var item = one(ITEMS);
            var place = one(PLACES);
            var price = cents(1 + random.nextInt(5));
            return switch (random.nextInt(10)) {
                case 0 -> item(item, set(place.orElse("store-2"), PRICE, price));
                case 1 -> item(item);
                case 2 -> item(item, set(NAME, text("n")), set("store-1", PRICE, price));
                case 3 -> delete(item);
                case 4 -> new Operation.Undelete(ObjectRef.parse(item), Optional.empty());
                case 5 -> unset(item, slot(place));
                case 6 ->
                    change(
                            item,
                            place.map(location -> set(location, NOTE, text("x")))
                                    .orElseGet(() -> set(NOTE, text("y"))));
                default ->
                    change(
                            item,
                            place.map(location -> set(location, PRICE, price)).orElseGet(() -> set(PRICE, price)));
            };
        }

        private static Slot slot(Optional<String> place) {
            return place.map(location -> at(location, PRICE)).orElseGet(() -> global(PRICE));
        }

        private void transaction() {
            var open = new Open(
                    "%032x".formatted(++number),
                    EDITOR,
                    "",
                    Duration.ofMinutes(1),
                    Duration.ofHours(1),
                    10_000,
                    Optional.empty());
            if (bench.run(open) instanceof Answer.Opened opened) {
                for (var i = 0; i < 3; i++) {
                    bench.run(new Step(opened.lock(), bench.submit(EDITOR, "", operation())));
                }
                bench.run(random.nextInt(3) == 0 ? new RollBack(opened.lock()) : new Commit(opened.lock()));
            }
        }

        private void request() {
            var store = new StoreId(random.nextBoolean() ? "store-1" : "store-2");
            var offered = new OfferedRequest(
                    RequestId.ofUlid("%026d".formatted(++number)),
                    1,
                    bench.head(),
                    "[]",
                    "clerk",
                    Optional.empty(),
                    NOON);
            bench.run(new RecordRequests(store, number, List.of(offered), Provenance.of(store.text())));
        }

        private List<LogEntry> after(LogPlace place) {
            return bench.log().stream()
                    .filter(entry -> entry.place().isAfter(place)
                            && !entry.version().isAfter(bench.head())
                            && !bench.standing().transactions().isDiscarded(entry))
                    .toList();
        }

        private List<VersionedObject> objects() {
            return bench.partition().objects().image();
        }

        /// What a follower of a location is to hold that has followed from the first.
        private List<VersionedObject> image(Optional<LocationId> location) {
            return objects().stream()
                    .map(object ->
                            Scoped.object(new LoadedObject(object), location).held())
                    .toList();
        }
    }

    /// A store's replica and its one partition.
    private static final class Follower {
        private final Hq hq;
        private final PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);
        private Replica replica = Replica.unenrolled(DEMO);
        private int copies;

        private Follower(Hq hq, Optional<LocationId> location) {
            this.hq = hq;
            journal(ReplicaRound.of(new ReplicaEvent.Enrolled(NOON, STORE, HISTORY, 1)));
            hold(location);
            assertThat(following().load()).isEmpty();
        }

        private Following following() {
            return (Following) replica;
        }

        private void journal(ReplicaRound round) {
            replica = ReplicaDecider.evolve(replica, round);
            partition.apply(round.row(replica.position()));
        }

        private List<VersionedObject> image() {
            return partition.objects().image();
        }

        private void hold(Optional<LocationId> location) {
            ReplicaDecider.scope(following(), location, NOON).ifPresent(event -> journal(ReplicaRound.of(event)));
            assertThat(following().copy().wanted()).isEqualTo(location);
        }

        /// What comes down as JSON, a few entries at a time.
        private void follow() {
            var location = following().location();
            var schemas = following()
                    .staged()
                    .map(staged -> staged.schemas())
                    .orElse(following().schemas());
            var entries = new ArrayList<LogEntry>();
            for (var entry : hq.after(following().place())) {
                var told = Samples.reread(Scoped.entry(entry, location), schemas);
                schemas = schemas.after(told);
                entries.add(told);
            }
            switch (ReplicaDecider.judge(following(), HISTORY, location, entries)) {
                case Diverged(var reason) -> throw new AssertionError(reason);
                case Fits(var fresh) -> {
                    if (!fresh.isEmpty()) {
                        journal(ReplicaDecider.follow(following(), fresh, NOON));
                    }
                }
            }
        }

        /// The page that is due, if any.
        private void loadSome(int limit) {
            if (following().load().isEmpty()) {
                return;
            }
            var wanted = following().load().orElseThrow();
            var begun = wanted.begun();
            var version = begun.map(known -> known.floor().version()).orElse(hq.bench.head());
            var after = begun.flatMap(Load.Begun::after);
            var slice = LoadedSlice.of(hq.bench.partition().objects(), version, after, limit, 1 << 20);
            var told = Scoped.objects(slice.objects(), wanted.location());
            var known = new ArrayList<>(begun.stream()
                    .flatMap(so -> so.schema().stream().map(LoadedObject::held))
                    .toList());
            told.stream().filter(object -> object.type().isSchema()).forEach(object -> known.add(object.held()));
            var schema = SchemaHistory.of(known).now();
            var objects = told.stream()
                    .map(object -> Json.bytes(100, json -> LoadedJson.write(json, object)))
                    .map(bytes -> LoadedJson.read(Json.parse(bytes), schema))
                    .toList();
            var chain = hq.bench.log().stream()
                    .filter(entry -> entry.place().equals(LogPlace.of(version)))
                    .findFirst()
                    .orElseThrow()
                    .chain();
            var page = new LoadPage(
                    HISTORY,
                    version,
                    after.isEmpty() ? Optional.of(new Floor(version, chain, NOON)) : Optional.empty(),
                    after,
                    objects,
                    slice.more(),
                    wanted.location());
            if (!(ReplicaDecider.load(following(), page, NOON) instanceof Loads(var round))) {
                throw new AssertionError("the page is not due");
            }
            journal(round);
            copies += slice.more() ? 0 : 1;
        }

        private void finish() {
            while (following().load().isPresent()) {
                loadSome(1_000);
            }
            follow();
            assertThat(following().head()).isEqualTo(hq.bench.head());
            assertThat(following().chain()).isEqualTo(hq.bench.standing().chain());
            assertThat(following().location()).isEqualTo(following().copy().wanted());
            check();
        }

        /// At each version that it can tell of, it holds what HQ has in its scope.
        private void check() {
            var location = following().location();
            var first = following().floor().map(Floor::version).orElse(Version.NONE);
            for (var version = first; !version.isAfter(following().head()); version = version.next()) {
                var ours = new Digest(1);
                var theirs = new Digest(1);
                for (var object : hq.objects()) {
                    var here = partition.objects().find(object.token());
                    var at = version;
                    var seen = object.at(at, Scope.all()).map(view -> Scoped.view(view, location));
                    var held = here.flatMap(one -> one.at(at, Scope.all()));
                    assertThat(held.map(ObjectView.Live::rows))
                            .as("%s at %s", object.token(), at)
                            .isEqualTo(seen.map(ObjectView.Live::rows));
                    assertThat(here.flatMap(one -> one.at(at, AT_STORE))).isEqualTo(object.at(at, AT_STORE));
                    assertThat(here.flatMap(one -> one.changeBetween(first, at, AT_STORE)))
                            .isEqualTo(object.changeBetween(first, at, AT_STORE));
                    held.ifPresent(ours::add);
                    seen.ifPresent(theirs::add);
                }
                assertThat(ours.sums()).isEqualTo(theirs.sums());
            }
            if (location.isPresent()) {
                image().forEach(object -> object.ended().stream()
                        .map(end -> end.row().attribute())
                        .forEach(attribute -> assertThat(AT_STORE.covers(attribute.location()))
                                .isTrue()));
            }
        }
    }
}
