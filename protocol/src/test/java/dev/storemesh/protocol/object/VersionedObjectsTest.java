package dev.storemesh.protocol.object;

import static dev.storemesh.protocol.Samples.DEPARTMENT_NAME;
import static dev.storemesh.protocol.Samples.DRINKS;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.TARE;
import static dev.storemesh.protocol.Samples.TEA;
import static dev.storemesh.protocol.Samples.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.Value.Decimal;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class VersionedObjectsTest {
    private static final TypeName REQUEST = StandardSchema.CHANGE_REQUEST;
    private static final List<Scope> SCOPES = List.of(
            Scope.all(),
            new Scope.At(new LocationId("l1")),
            new Scope.At(new LocationId("l2")),
            new Scope.At(new LocationId("l9")));

    private static LogEntry entry(long version, ObjectChange... changes) {
        return entry(version, false, changes);
    }

    private static LogEntry entry(long version, boolean isVoid, ObjectChange... changes) {
        return new LogEntry(
                new Version(version),
                NOON,
                Provenance.of("editor"),
                new ChainHash("0".repeat(64)),
                isVoid,
                List.of(changes));
    }

    private static ObjectChange set(ObjectToken token, TypeName type, Attribute... attributes) {
        return new ObjectChange(token, type, false, List.of(attributes), List.of());
    }

    /// All objects as of one version, whole: what [VersionedObjects] must equal without keeping such copies.
    private record Copy(Map<ObjectToken, TypeName> types, Map<ObjectToken, Map<Slot, Row>> rows) {
        static Copy none() {
            return new Copy(Map.of(), Map.of());
        }

        Copy after(LogEntry entry) {
            var newTypes = new HashMap<>(types);
            var newRows = new HashMap<>(rows);
            for (var change : entry.changes()) {
                if (change.deleted()) {
                    newTypes.remove(change.object());
                    newRows.remove(change.object());
                } else {
                    newTypes.put(change.object(), change.type());
                    var own = new LinkedHashMap<>(newRows.getOrDefault(change.object(), Map.of()));
                    change.ended().forEach(row -> own.remove(row.slot()));
                    change.set().forEach(set -> own.put(set.slot(), new Row(set, entry.version())));
                    newRows.put(change.object(), own);
                }
            }
            return new Copy(newTypes, newRows);
        }

        Map<Slot, Row> in(ObjectToken token, Scope scope) {
            var visible = new HashMap<Slot, Row>();
            var all = rows.getOrDefault(token, Map.of());
            all.forEach((slot, row) -> {
                switch (scope) {
                    case Scope.All every -> visible.put(slot, row);
                    case Scope.At(var location) -> {
                        var own = new Slot(slot.definition(), Optional.of(location));
                        if (slot.equals(own) || slot.location().isEmpty() && !all.containsKey(own)) {
                            visible.put(slot, row);
                        }
                    }
                }
            });
            return visible;
        }
    }

    /// A random log, the objects that were fed with it, and a full copy for each version.
    private static final class History {
        private final SplittableRandom random;
        private final VersionedObjects objects = new VersionedObjects();
        private final List<Copy> copies = new ArrayList<>(List.of(Copy.none()));
        private final List<LogEntry> log = new ArrayList<>();
        private final Map<ObjectToken, TypeName> dead = new HashMap<>();

        History(long seed, int versions) {
            random = new SplittableRandom(seed);
            for (var version = 1; version <= versions; version++) {
                var changes = new LinkedHashMap<ObjectToken, ObjectChange>();
                for (var i = random.nextInt(5); i > 0; i--) {
                    randomChange().ifPresent(change -> changes.putIfAbsent(change.object(), change));
                }
                var entry = entry(version, changes.values().toArray(ObjectChange[]::new));
                log.add(entry);
                changes.values().stream().filter(ObjectChange::deleted).forEach(c -> dead.put(c.object(), c.type()));
                objects.apply(entry);
                copies.add(copies.getLast().after(entry));
            }
        }

        private Optional<ObjectChange> randomChange() {
            var number = random.nextInt(24);
            var token = number < 4 ? new ObjectToken("cr-" + number) : new ObjectToken("t" + number);
            var type = number < 4 ? REQUEST : number % 3 == 0 ? StandardSchema.DEPARTMENT : StandardSchema.ITEM;
            if (dead.containsKey(token)) {
                return Optional.empty();
            }
            var standing = copies.getLast().rows().get(token);
            if (standing != null && random.nextInt(8) == 0) {
                return Optional.of(new ObjectChange(token, type, true, List.of(), List.copyOf(standing.values())));
            }
            var set = new ArrayList<Attribute>();
            var ended = new ArrayList<Row>();
            for (var definition : List.of(NAME, PRICE, TARE)) {
                for (var location : List.of(
                        Optional.<LocationId>empty(),
                        Optional.of(new LocationId("l1")),
                        Optional.of(new LocationId("l2")))) {
                    var slot = new Slot(definition, location);
                    var former = standing == null ? null : standing.get(slot);
                    var dice = random.nextInt(6);
                    if (former != null && dice < 2) {
                        ended.add(former);
                    }
                    if (dice == 0 || former == null && dice == 1) {
                        set.add(new Attribute(definition, location, randomValue()));
                    }
                }
            }
            return standing != null && set.isEmpty() && ended.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ObjectChange(token, type, false, set, ended));
        }

        private Value randomValue() {
            return switch (random.nextInt(3)) {
                case 0 -> new Text("x" + random.nextInt(3));
                case 1 -> new Money(random.nextInt(3), "USD");
                default -> Decimal.parse(random.nextInt(3) + ".0");
            };
        }

        Version head() {
            return new Version(log.size());
        }

        Copy at(Version version) {
            return copies.get((int) version.number());
        }

        /// The last version, up to one, that made, deleted, or changed rows of an object in a scope.
        Version changed(ObjectToken token, Scope scope, Version upTo) {
            var last = Version.NONE;
            for (var entry : log.subList(0, (int) upTo.number())) {
                for (var change : entry.changes()) {
                    var known = at(new Version(entry.version().number() - 1))
                            .types()
                            .containsKey(token);
                    var touches = change.deleted()
                            || !known
                            || change.set().stream().anyMatch(set -> scope.covers(set.location()))
                            || change.ended().stream()
                                    .anyMatch(
                                            row -> scope.covers(row.attribute().location()));
                    if (change.object().equals(token) && touches) {
                        last = entry.version();
                    }
                }
            }
            return last;
        }
    }

    private static Map<Slot, Row> bySlot(ObjectView.Live view) {
        var rows = new HashMap<Slot, Row>();
        view.rows().forEach(row -> assertThat(rows.put(row.slot(), row)).isNull());
        return rows;
    }

    @Seeds
    void everyObjectIsAsItWasAtEveryVersion(long seed) {
        var history = new History(seed, 40);
        for (var copy = 0; copy <= 40; copy++) {
            var version = new Version(copy);
            for (var scope : SCOPES) {
                for (var number = 0; number < 24; number++) {
                    var token = new ObjectToken((number < 4 ? "cr-" : "t") + number);
                    var view = history.objects.object(token, version, scope);
                    var type = history.at(version).types().get(token);
                    assertThat(view.map(ObjectView.Live::type)).isEqualTo(Optional.ofNullable(type));
                    view.ifPresent(live -> {
                        assertThat(bySlot(live)).isEqualTo(history.at(version).in(token, scope));
                        assertThat(live.version()).isEqualTo(history.changed(token, scope, version));
                        assertThat(live.rows())
                                .isSortedAccordingTo(Comparator.comparing(
                                                (Row row) -> row.attribute().definition())
                                        .thenComparing(row -> row.attribute()
                                                .location()
                                                .map(LocationId::text)
                                                .orElse("")));
                    });
                }
            }
        }
    }

    private static List<ObjectView> walk(
            History history, Selection selection, Version version, Order order, int limit) {
        var seen = new ArrayList<ObjectView>();
        var after = Optional.<ObjectToken>empty();
        for (var pages = 0; pages < 200; pages++) {
            var slice = history.objects.page(selection, version, order, after, limit);
            assertThat(slice.objects()).hasSizeLessThanOrEqualTo(limit);
            seen.addAll(slice.objects());
            if (!slice.more()) {
                return seen;
            }
            assertThat(slice.objects()).hasSize(limit);
            after = Optional.of(slice.objects().getLast().object());
        }
        throw new AssertionError("the pages have no end");
    }

    @Seeds
    void walkingPagesGivesEachObjectOnceInOrder(long seed) {
        var history = new History(seed, 40);
        for (var version : List.of(Version.NONE, new Version(13), new Version(30), history.head())) {
            for (var limit : List.of(1, 2, 3, 7, 1000)) {
                for (var scope : SCOPES) {
                    var all = walk(
                            history, new Selection(Optional.empty(), scope, Map.of()), version, Order.PAGE_KEY, limit);
                    assertThat(all.stream().map(view -> PageKey.of(view.object())))
                            .isSorted()
                            .doesNotHaveDuplicates();
                    assertThat(all.stream().map(ObjectView::object))
                            .containsExactlyInAnyOrderElementsOf(history.at(version).types().entrySet().stream()
                                    .filter(entry -> !entry.getValue().isBookkeeping())
                                    .map(Map.Entry::getKey)
                                    .toList());
                    var items = walk(
                            history,
                            new Selection(Optional.of(StandardSchema.ITEM), scope, Map.of()),
                            version,
                            Order.PAGE_KEY,
                            limit);
                    assertThat(items)
                            .isEqualTo(all.stream()
                                    .filter(view -> view.type().equals(StandardSchema.ITEM))
                                    .toList());
                }
            }
        }
    }

    @Seeds
    void bookkeepingIsPagedByTokenWhenAskedFor(long seed) {
        var history = new History(seed, 40);
        var requests = new Selection(Optional.of(REQUEST), Scope.all(), Map.of());
        for (var limit : List.of(1, 2, 1000)) {
            var walked = walk(history, requests, history.head(), Order.TOKEN, limit);
            assertThat(walked.stream().map(ObjectView::object))
                    .isSorted()
                    .containsExactlyInAnyOrderElementsOf(history.at(history.head()).types().entrySet().stream()
                            .filter(entry -> entry.getValue().equals(REQUEST))
                            .map(Map.Entry::getKey)
                            .toList());
            assertThat(walk(history, requests, history.head(), Order.PAGE_KEY, limit))
                    .containsExactlyInAnyOrderElementsOf(walked);
        }
    }

    @Seeds
    void changesTellAFollowerExactlyWhatItLacks(long seed) {
        var history = new History(seed, 30);
        for (var since = 0; since <= 30; since += 3) {
            for (var version = since; version <= 30; version += 4) {
                for (var scope : SCOPES) {
                    for (var type : List.of(Optional.<TypeName>empty(), Optional.of(REQUEST))) {
                        checkChanges(history, new Selection(type, scope, Map.of()), since, version);
                    }
                }
            }
        }
    }

    private static void checkChanges(History history, Selection selection, int since, int version) {
        var changes = changes(history, selection, new Version(since), new Version(version), 3);
        assertThat(changes).isEqualTo(changes(history, selection, new Version(since), new Version(version), 1000));
        assertThat(changes.stream().map(view -> PageKey.of(view.object())))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(changes)
                .allMatch(view ->
                        view.version().number() > since && view.version().number() <= version);
        var before = history.at(new Version(since));
        var after = history.at(new Version(version));
        var follower = new TreeMap<ObjectToken, Map<Slot, Row>>();
        before.types().keySet().forEach(token -> follower.put(token, before.in(token, selection.scope())));
        for (var view : changes) {
            switch (view) {
                case ObjectView.Live live -> follower.put(live.object(), bySlot(live));
                case ObjectView.Tombstone tombstone ->
                    assertThat(follower.remove(tombstone.object()))
                            .as("%s was there", tombstone.object())
                            .isNotNull();
            }
        }
        var wanted = new TreeMap<ObjectToken, Map<Slot, Row>>();
        after.types().keySet().forEach(token -> wanted.put(token, after.in(token, selection.scope())));
        follower.keySet().removeIf(token -> !wants(selection, before, after, token));
        wanted.keySet().removeIf(token -> !wants(selection, before, after, token));
        assertThat(follower).isEqualTo(wanted);
        for (var view : changes) {
            assertThat(view.version())
                    .isEqualTo(history.changed(view.object(), selection.scope(), new Version(version)));
            assertThat(wants(selection, before, after, view.object())).isTrue();
        }
    }

    private static boolean wants(Selection selection, Copy before, Copy after, ObjectToken token) {
        var type = Optional.ofNullable(after.types().get(token))
                .or(() -> Optional.ofNullable(before.types().get(token)));
        return selection.wants(type.orElseThrow());
    }

    private static List<ObjectView> changes(
            History history, Selection selection, Version since, Version version, int limit) {
        var seen = new ArrayList<ObjectView>();
        var after = Optional.<ObjectToken>empty();
        for (var pages = 0; pages < 200; pages++) {
            var slice = history.objects.changes(selection, since, version, after, limit);
            seen.addAll(slice.objects());
            if (!slice.more()) {
                return seen;
            }
            after = Optional.of(slice.objects().getLast().object());
        }
        throw new AssertionError("the pages have no end");
    }

    @Seeds
    void anImageHoldsAllOfIt(long seed) {
        var history = new History(seed, 40);
        var restored = new VersionedObjects();
        restored.restore(history.objects.image());
        assertThat(restored.image()).isEqualTo(history.objects.image());
        assertThat(restored.liveCount()).isEqualTo(history.objects.liveCount());
        for (var order : Order.values()) {
            var requests = new Selection(Optional.of(REQUEST), Scope.all(), Map.of());
            assertThat(restored.page(requests, history.head(), order, Optional.empty(), 100))
                    .isEqualTo(history.objects.page(requests, history.head(), order, Optional.empty(), 100));
        }
        for (var version = 0; version <= 40; version += 7) {
            assertThat(restored.page(Selection.EVERYTHING, new Version(version), Order.PAGE_KEY, Optional.empty(), 100))
                    .isEqualTo(history.objects.page(
                            Selection.EVERYTHING, new Version(version), Order.PAGE_KEY, Optional.empty(), 100));
            assertThat(restored.changes(
                            Selection.EVERYTHING, new Version(version), history.head(), Optional.empty(), 100))
                    .isEqualTo(history.objects.changes(
                            Selection.EVERYTHING, new Version(version), history.head(), Optional.empty(), 100));
        }
        var more = entry(41, set(new ObjectToken("late"), StandardSchema.ITEM, attribute(NAME, new Text("x"))));
        restored.apply(more);
        history.objects.apply(more);
        assertThat(restored.image()).isEqualTo(history.objects.image());
    }

    @Seeds
    void countsLiveObjectsWithoutBookkeeping(long seed) {
        var history = new History(seed, 40);
        assertThat(history.objects.liveCount())
                .isEqualTo(history.at(history.head()).types().values().stream()
                        .filter(type -> !type.isBookkeeping())
                        .count());
        assertThat(new HashSet<>(history.objects.image()))
                .hasSize(history.objects.image().size());
    }

    @Test
    void aVoidVersionLeavesNoTrace() {
        var objects = new VersionedObjects();
        objects.apply(entry(1, true, set(TEA, StandardSchema.ITEM, attribute(NAME, new Text("Tea")))));
        assertThat(objects.find(TEA)).isEmpty();
        assertThat(objects.liveCount()).isZero();
    }

    @Test
    void ownValuesHideTheGlobalOnesInALocationsView() {
        var objects = new VersionedObjects();
        var l1 = new LocationId("l1");
        objects.apply(entry(
                1,
                set(
                        TEA,
                        StandardSchema.ITEM,
                        attribute(PRICE, new Money(350, "USD")),
                        new Attribute(PRICE, Optional.of(l1), new Money(375, "USD")))));
        assertThat(objects.object(TEA, new Version(1), new Scope.At(l1))
                        .orElseThrow()
                        .value(PRICE))
                .contains(new Money(375, "USD"));
        assertThat(objects.object(TEA, new Version(1), new Scope.At(new LocationId("l2")))
                        .orElseThrow()
                        .value(PRICE))
                .contains(new Money(350, "USD"));
        assertThat(objects.object(TEA, new Version(1), Scope.all())
                        .orElseThrow()
                        .rows())
                .hasSize(2);
    }

    @Test
    void findsByValue() {
        var objects = new VersionedObjects();
        objects.apply(entry(
                1,
                set(TEA, StandardSchema.ITEM, attribute(TARE, Decimal.parse("12.50"))),
                set(DRINKS, StandardSchema.DEPARTMENT, attribute(DEPARTMENT_NAME, new Text("Drinks")))));
        var selection = new Selection(Optional.empty(), Scope.all(), Map.of(TARE, Decimal.parse("12.5")));
        assertThat(objects.page(selection, new Version(1), Order.PAGE_KEY, Optional.empty(), 10)
                        .objects())
                .extracting(ObjectView::object)
                .containsExactly(TEA);
    }

    @Test
    void aPageIsNotDisturbedByLaterChanges() {
        var objects = new VersionedObjects();
        objects.apply(entry(1, set(TEA, StandardSchema.ITEM, attribute(NAME, new Text("Tea")))));
        var page = objects.page(Selection.EVERYTHING, new Version(1), Order.PAGE_KEY, Optional.empty(), 10);
        var image = objects.image();
        objects.apply(entry(2, new ObjectChange(TEA, StandardSchema.ITEM, true, List.of(), List.of())));
        assertThat(objects.page(Selection.EVERYTHING, new Version(1), Order.PAGE_KEY, Optional.empty(), 10))
                .isEqualTo(page);
        assertThat(image.getFirst().isLive()).isTrue();
        assertThat(objects.page(Selection.EVERYTHING, new Version(2), Order.PAGE_KEY, Optional.empty(), 10)
                        .objects())
                .isEmpty();
    }

    @Test
    void theJsonOfAnObjectAndOfATombstone() {
        var objects = new VersionedObjects();
        objects.apply(entry(1, set(TEA, StandardSchema.ITEM, attribute(NAME, new Text("Tea")))));
        assertThat(ObjectJson.write(
                        objects.object(TEA, new Version(1), Scope.all()).orElseThrow()))
                .hasToString("{\"object\":\"tea\",\"type\":\"retail.item\",\"version\":1,"
                        + "\"attributes\":[{\"attribute\":\"retail.item.name\",\"value\":\"Tea\",\"version\":1}]}");
        objects.apply(entry(2, new ObjectChange(TEA, StandardSchema.ITEM, true, List.of(), List.of())));
        var gone = objects.changes(Selection.EVERYTHING, new Version(1), new Version(2), Optional.empty(), 10);
        assertThat(ObjectJson.write(gone.objects().getFirst()))
                .hasToString("{\"object\":\"tea\",\"type\":\"retail.item\",\"version\":2,"
                        + "\"deleted\":true,\"reason\":\"deleted\",\"attributes\":[]}");
    }
}
