package dev.storemesh.protocol.object;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.query.Queries;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A store's own writes laid over HQ's versions: every pair of both shows what a naive model says that was seen then.
final class LocalChangesTest {
    private static final int STEPS = 80;
    private static final int TOKENS = 8;
    private static final Optional<LocationId> HERE = Optional.of(new LocationId("store-1"));
    private static final Slot HERE_PRICE = new Slot(PRICE, HERE);
    private static final Slot HERE_ENABLED = new Slot(StandardSchema.ENABLED, HERE);
    private static final Slot HERE_NOTES = new Slot(NOTE, HERE); // a set, as these tests have it
    private static final Provenance ANN = Provenance.of("ann");
    private static final ChainHash CHAIN = ChainHash.origin(DEMO, HISTORY);
    private static final Scope AT_STORE = new Scope.At(new LocationId("store-1"));
    private static final Selection ALL = Selection.EVERYTHING;
    private static final Selection AT = new Selection(Optional.empty(), AT_STORE, Map.of());

    private record Pair(long version, long local) {}

    /// What each object held at a pair; those that are not there are not in it.
    private record Seen(Pair pair, Map<ObjectToken, Set<Attribute>> objects) {}

    private final Map<ObjectToken, Set<Attribute>> hq = new TreeMap<>();
    private final TreeMap<Long, LocalChange> undecided = new TreeMap<>();
    private final List<Seen> seen = new ArrayList<>();
    private PartitionContents whole = PartitionContents.of(PartitionImage.EMPTY);
    private List<PartitionContents> parts = divided(1);
    private long position;
    private long version;
    private long local;

    private List<PartitionContents> divided(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> PartitionContents.of(new HashRange(number, count), whole.image()))
                .toList();
    }

    private void row(List<LogRow.Step> steps, List<LocalChange> begun, List<LocalEnd> ended) {
        var row = new LogRow(new Position(++position), steps, begun, ended);
        whole.apply(row);
        var divided = row.divided(parts.size());
        for (var number = 0; number < parts.size(); number++) {
            assertThat(divided.get(number)).isEqualTo(row.within(new HashRange(number, parts.size())));
            parts.get(number).apply(divided.get(number));
        }
        var view = new TreeMap<ObjectToken, Set<Attribute>>();
        hq.forEach((token, held) -> view.put(token, new HashSet<>(held)));
        undecided.values().forEach(change -> lay(change, view));
        seen.add(new Seen(new Pair(version, local), view));
    }

    private static void lay(LocalChange change, Map<ObjectToken, Set<Attribute>> view) {
        for (var edit : change.edits()) {
            var held = view.get(edit.object());
            if (held != null) {
                switch (edit) {
                    case LocalEdit.Clears clears -> held.removeIf(attribute -> in(edit.slot(), attribute));
                    case LocalEdit.Ends ends -> held.remove(attribute(edit.slot(), ends.value()));
                    case LocalEdit.Sets sets -> {
                        if (sets.alone()) {
                            held.removeIf(attribute -> in(edit.slot(), attribute));
                        }
                        held.add(attribute(edit.slot(), sets.value()));
                    }
                }
            }
        }
    }

    private static boolean in(Slot slot, Attribute attribute) {
        return attribute.slot().equals(slot);
    }

    private static Attribute attribute(Slot slot, Value value) {
        return new Attribute(slot.definition(), slot.location(), value);
    }

    private static ObjectToken token(int number) {
        return new ObjectToken("item-" + number);
    }

    /// One version that makes HQ's objects these.
    private void write(Map<ObjectToken, Set<Attribute>> after, List<LocalEnd> ended) {
        version++;
        var changes = new ArrayList<ObjectChange>();
        var tokens = new HashSet<>(hq.keySet());
        tokens.addAll(after.keySet());
        for (var token : tokens) {
            var before = whole.objects().find(token).map(VersionedObject::live).orElse(List.of());
            var now = after.get(token);
            if (now == null) {
                changes.add(new ObjectChange(token, StandardSchema.ITEM, true, List.of(), before));
            } else {
                var had = before.stream().map(Row::attribute).collect(Collectors.toSet());
                var set = now.stream()
                        .filter(attribute -> !had.contains(attribute))
                        .toList();
                var gone = before.stream()
                        .filter(row -> !now.contains(row.attribute()))
                        .toList();
                if (!hq.containsKey(token) || !set.isEmpty() || !gone.isEmpty()) {
                    changes.add(new ObjectChange(token, StandardSchema.ITEM, false, set, gone));
                }
            }
        }
        hq.clear();
        hq.putAll(after);
        ended.forEach(end -> undecided.remove(end.number()));
        var entry = new LogEntry(new Version(version), NOON, ANN, CHAIN, false, changes);
        row(List.of(new LogRow.Step(entry, Optional.empty())), List.of(), ended);
    }

    private Map<ObjectToken, Set<Attribute>> copy() {
        var copy = new HashMap<ObjectToken, Set<Attribute>>();
        hq.forEach((token, held) -> copy.put(token, new HashSet<>(held)));
        return copy;
    }

    private void edit(SplittableRandom random) {
        var after = copy();
        var token = token(random.nextInt(TOKENS));
        if (after.containsKey(token) && random.nextInt(8) == 0) {
            after.remove(token);
        } else {
            var held = after.computeIfAbsent(token, made -> new HashSet<>());
            var change = new LocalChange(1, Version.NONE, List.of(randomEdit(token, random)));
            lay(change, Map.of(token, held));
            var name = new Slot(NAME, Optional.empty());
            held.removeIf(attribute -> in(name, attribute));
            held.add(attribute(name, new Value.Text("name " + random.nextInt(9))));
        }
        write(after, List.of());
    }

    private static LocalEdit randomEdit(ObjectToken token, SplittableRandom random) {
        var note = new Value.Text("note " + random.nextInt(3));
        return switch (random.nextInt(7)) {
            case 0 -> new LocalEdit.Clears(token, HERE_PRICE);
            case 1 -> new LocalEdit.Ends(token, HERE_NOTES, note);
            case 2 -> new LocalEdit.Sets(token, HERE_NOTES, note, false);
            case 3 -> new LocalEdit.Sets(token, HERE_ENABLED, new Value.Flag(random.nextBoolean()), true);
            default -> new LocalEdit.Sets(token, HERE_PRICE, new Value.Money(random.nextInt(6), "USD"), true);
        };
    }

    private void ownWrite(SplittableRandom random) {
        var tokens = List.copyOf(hq.keySet());
        if (!tokens.isEmpty()) {
            var edits = IntStream.range(0, 1 + random.nextInt(3))
                    .mapToObj(i -> randomEdit(tokens.get(random.nextInt(tokens.size())), random))
                    .toList();
            var change = new LocalChange(++local, new Version(version), edits);
            undecided.put(local, change);
            row(List.of(), List.of(change), List.of());
        }
    }

    /// Mostly in their order, as HQ does.
    private void decide(SplittableRandom random) {
        if (!undecided.isEmpty()) {
            var change = random.nextInt(4) == 0 ? undecided.lastEntry() : undecided.firstEntry();
            var after = copy();
            if (random.nextInt(3) > 0) {
                lay(change.getValue(), after);
            }
            write(
                    after,
                    List.of(new LocalEnd(
                            change.getKey(),
                            new Version(version + 1),
                            change.getValue().objects())));
        }
    }

    private void step(SplittableRandom random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> edit(random);
            case 3, 4, 5, 6 -> ownWrite(random);
            case 7, 8, 9 -> decide(random);
            case 10 -> whole = PartitionContents.of(whole.image());
            default -> parts = divided(1 << random.nextInt(3));
        }
    }

    private static Map<ObjectToken, Set<Attribute>> shown(Stream<ObjectView> views) {
        return views.collect(Collectors.toMap(ObjectView::object, LocalChangesTest::attributes));
    }

    private static Set<Attribute> attributes(ObjectView view) {
        return view instanceof ObjectView.Live live
                ? live.rows().stream().map(Row::attribute).collect(Collectors.toSet())
                : Set.of();
    }

    private static Slice page(PartitionContents contents, Pair pair, Selection selection) {
        var at = new Version(pair.version());
        return new Slice(contents.objectsAt(at, pair.local())
                .page(selection, at, Order.PAGE_KEY, Optional.empty(), 1_000)
                .objects());
    }

    private record Slice(List<ObjectView> objects) {}

    private void check(Seen then, List<PartitionContents> contents, SplittableRandom random) {
        var at = new Version(then.pair().version());
        assertThat(shown(contents.stream().flatMap(part -> page(part, then.pair(), ALL).objects().stream())))
                .as("all at %s", then.pair())
                .isEqualTo(then.objects());
        var price = new Value.Money(random.nextInt(6), "USD");
        var holders = then.objects().entrySet().stream()
                .filter(object -> object.getValue().contains(attribute(HERE_PRICE, price)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        for (var part : contents) {
            var views = page(part, then.pair(), AT).objects();
            for (var view : views) {
                assertThat(part.object(view.object(), at, then.pair().local(), AT_STORE))
                        .hasValue((ObjectView.Live) view);
            }
            var holder = Queries.holder(part.objectsAt(at, then.pair().local()), PRICE, price, at, Scope.all());
            assertThat(holder.isPresent())
                    .as("who has %s at %s", price, then.pair())
                    .isEqualTo(views(part, then.pair()).stream().anyMatch(holders::contains));
            holder.ifPresent(view -> assertThat(holders).contains(view.object()));
        }
    }

    private static List<ObjectToken> views(PartitionContents part, Pair pair) {
        return page(part, pair, ALL).objects().stream().map(ObjectView::object).toList();
    }

    /// Who was complete at one pair, and takes what changed, is complete at the other.
    private void checkChanges(Seen from, Seen to, List<PartitionContents> contents, Selection selection) {
        for (var part : contents) {
            var views = new HashMap<>(shown(page(part, from.pair(), selection).objects().stream()));
            part.changes(
                            selection,
                            new Version(from.pair().version()),
                            from.pair().local(),
                            new Version(to.pair().version()),
                            to.pair().local(),
                            Optional.empty(),
                            1_000)
                    .objects()
                    .forEach(view -> {
                        if (view instanceof ObjectView.Live live) {
                            views.put(view.object(), attributes(live));
                        } else {
                            assertThat(views.remove(view.object()))
                                    .as("the tombstone %s", view)
                                    .isNotNull();
                        }
                    });
            assertThat(views)
                    .as("changes from %s to %s", from.pair(), to.pair())
                    .isEqualTo(shown(page(part, to.pair(), selection).objects().stream()));
        }
    }

    @Seeds(25)
    void everyPairShowsWhatWasSeenThen(long seed) {
        var random = new SplittableRandom(seed);
        for (var i = 0; i < STEPS; i++) {
            step(random);
            if (!seen.isEmpty()) {
                check(seen.getLast(), List.of(whole), random);
                check(seen.getLast(), parts, random);
                var earlier = seen.get(random.nextInt(seen.size()));
                check(earlier, parts, random);
                checkChanges(earlier, seen.getLast(), parts, ALL);
                checkChanges(earlier, seen.getLast(), parts, AT);
            }
        }
        assertThat(local).isPositive();
    }

    @Seeds(6)
    void whatIsForgottenIsSaidToBeSo(long seed) {
        var random = new SplittableRandom(seed);
        for (var i = 0; i < STEPS; i++) {
            step(random);
        }
        whole.retain(5);
        whole = PartitionContents.of(whole.image());
        var held = 0;
        for (var then : seen) {
            var at = new Version(then.pair().version());
            if (!whole.floor().isAfter(at) && whole.holds(at, then.pair().local())) {
                check(then, List.of(whole), random);
                held++;
            }
        }
        assertThat(whole.localFloor()).isGreaterThan(Version.NONE);
        assertThat(held).isLessThan(seen.size()).isPositive();
        assertThat(whole.holds(Version.NONE, 0)).isTrue(); // who asks for none of them lacks none
    }

    @Test
    void whereNothingLiesOverItNothingIsMadeOfIt() {
        write(Map.of(token(1), Set.of(attribute(HERE_PRICE, new Value.Money(1, "USD")))), List.of());
        assertThat(whole.objectsAt(new Version(1), 7)).isSameAs(whole.objects());
        var bytes = whole.heapBytes();
        var change = new LocalChange(
                ++local,
                new Version(1),
                List.of(new LocalEdit.Sets(token(1), HERE_PRICE, new Value.Money(2, "USD"), true)));
        undecided.put(local, change);
        row(List.of(), List.of(change), List.of());
        assertThat(whole.objectsAt(new Version(1), 0)).isSameAs(whole.objects());
        assertThat(whole.objectsAt(new Version(1), 1)).isNotSameAs(whole.objects());
        assertThat(whole.heapBytes()).isGreaterThan(bytes);
        var row = whole.object(token(1), new Version(1), 1, Scope.all())
                .orElseThrow()
                .rows()
                .getFirst();
        assertThat(row.overlaid()).hasValue(new Row.Overlaid(1));
        assertThat(row.version()).isEqualTo(new Version(1));
        write(hqWith(2), List.of(new LocalEnd(1, new Version(2), Set.of(token(1)))));
        assertThat(whole.objectsAt(new Version(2), 1)).isSameAs(whole.objects());
    }

    private static Map<ObjectToken, Set<Attribute>> hqWith(int cents) {
        return Map.of(token(1), Set.of(attribute(HERE_PRICE, new Value.Money(cents, "USD"))));
    }
}
