package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Lookup;
import java.time.Instant;
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

/// Histories and differences against a model that any reader believes: a full copy of every object for each
/// version, and the list of what each version did.
final class HistoryModelTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final TypeName ITEM = StandardSchema.ITEM;
    private static final TypeName KEPT = new TypeName("sys.change_request");
    private static final DefinitionName NAME = new DefinitionName("retail.item.name");
    private static final DefinitionName PRICE = new DefinitionName("retail.item.price");
    private static final List<DefinitionName> DEFINITIONS = List.of(NAME, PRICE, StandardSchema.ENABLED);
    private static final LocationId HERE = new LocationId("s1");
    private static final List<Optional<LocationId>> PLACES =
            List.of(Optional.empty(), Optional.of(HERE), Optional.of(new LocationId("s2")));
    private static final List<Scope> SCOPES = List.of(Scope.all(), new Scope.At(HERE));

    /// One seed's log, what it makes of a partition, and the model.
    private static final class Run {
        private final SplittableRandom random;
        private final List<Map<ObjectToken, List<Row>>> copies = new ArrayList<>(List.of(Map.of()));
        private final List<LogEntry> entries = new ArrayList<>();
        private PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);

        private Run(long seed) {
            random = new SplittableRandom(seed);
        }

        private static ObjectToken token(int number) {
            return new ObjectToken(number == 0 ? "cr-" + number : "item-" + number);
        }

        private static TypeName type(ObjectToken token) {
            return token.text().startsWith("cr-") ? KEPT : ITEM;
        }

        private void write() {
            var version = new Version(copies.size());
            var now = new HashMap<>(copies.getLast());
            var changes = new ArrayList<ObjectChange>();
            for (var number :
                    random.ints(1 + random.nextInt(2), 0, 7).distinct().toArray()) {
                changes.add(change(version, token(number), now));
            }
            var who = Provenance.of("caller-" + random.nextInt(3))
                    .withReason(random.nextBoolean() ? Optional.of("reason " + version) : Optional.empty());
            entries.add(new LogEntry(
                    version, NOON.plusMillis(version.number() * 7), who, ChainHash.of(new byte[32]), false, changes));
            copies.add(now);
            partition.apply(new LogRow(
                    new Position(version.number()), List.of(new LogRow.Step(entries.getLast(), Optional.empty()))));
            if (random.nextInt(10) == 0) { // goes on from a checkpoint
                partition = PartitionContents.of(partition.image());
            }
        }

        private ObjectChange change(Version version, ObjectToken token, Map<ObjectToken, List<Row>> now) {
            var rows = now.get(token);
            if (rows != null && random.nextInt(5) == 0) {
                now.remove(token);
                return new ObjectChange(token, type(token), true, List.of(), rows);
            }
            var kept = new ArrayList<>(rows == null ? List.<Row>of() : rows);
            var ended = new ArrayList<Row>();
            var set = new ArrayList<Attribute>();
            for (var definition : DEFINITIONS) {
                var place = PLACES.get(random.nextInt(PLACES.size()));
                if (random.nextInt(3) == 0) {
                    kept.removeIf(row -> {
                        var same = row.attribute().definition().equals(definition)
                                && row.attribute().location().equals(place);
                        return same && ended.add(row);
                    });
                    if (random.nextInt(3) > 0) {
                        set.add(new Attribute(definition, place, value(definition)));
                    }
                }
            }
            set.forEach(attribute -> kept.add(new Row(attribute, version)));
            now.put(token, List.copyOf(kept));
            return new ObjectChange(token, type(token), false, set, ended);
        }

        private Value value(DefinitionName definition) {
            return definition.equals(StandardSchema.ENABLED)
                    ? new Value.Flag(random.nextBoolean())
                    : new Value.Text("value " + random.nextInt(3));
        }

        /// What a reader sees of an object at a version; empty: nothing.
        private Optional<Set<Attribute>> view(ObjectToken token, int version, Scope scope) {
            var rows = copies.get(version).get(token);
            if (rows == null) {
                return Optional.empty();
            }
            var all = rows.stream().map(Row::attribute).collect(Collectors.toSet());
            if (scope instanceof Scope.All) {
                return Optional.of(all);
            }
            var seen = new HashSet<Attribute>();
            for (var definition : DEFINITIONS) {
                var own = at(all, definition, Optional.of(HERE));
                seen.addAll(own.isEmpty() ? at(all, definition, Optional.empty()) : own);
            }
            var disabled = seen.stream().anyMatch(attribute -> attribute.value().equals(new Value.Flag(false)));
            return disabled ? Optional.empty() : Optional.of(seen);
        }

        private static Set<Attribute> at(Set<Attribute> all, DefinitionName definition, Optional<LocationId> place) {
            return all.stream()
                    .filter(attribute -> attribute.definition().equals(definition)
                            && attribute.location().equals(place))
                    .collect(Collectors.toSet());
        }
    }

    /// A difference without the versions of its rows, which the model does not have.
    private record Difference(ObjectDifference.Kind kind, Set<Attribute> set, Set<Attribute> ended) {}

    private static Set<Attribute> attributes(List<Row> rows) {
        return rows.stream().map(Row::attribute).collect(Collectors.toSet());
    }

    private static Optional<Difference> expected(Run run, ObjectToken token, int from, int to, Scope scope) {
        var before = run.view(token, from, scope);
        var after = run.view(token, to, scope);
        if (before.equals(after)) {
            return Optional.empty();
        }
        var set = new HashSet<>(after.orElse(Set.of()));
        set.removeAll(before.orElse(Set.of()));
        var ended = new HashSet<>(before.orElse(Set.of()));
        ended.removeAll(after.orElse(Set.of()));
        var kind = before.isEmpty()
                ? ObjectDifference.Kind.CREATED
                : after.isEmpty() ? ObjectDifference.Kind.DELETED : ObjectDifference.Kind.CHANGED;
        return Optional.of(new Difference(kind, set, ended));
    }

    @Seeds(200)
    void differencesAreThoseOfTheCopies(long seed) {
        var run = new Run(seed);
        for (var i = 0; i < 30; i++) {
            run.write();
        }
        for (var i = 0; i < 40; i++) {
            var from = run.random.nextInt(run.copies.size());
            var to = run.random.nextInt(run.copies.size());
            var scope = SCOPES.get(run.random.nextInt(2));
            var type = run.random.nextInt(4) == 0 ? Optional.of(KEPT) : Optional.<TypeName>empty();
            var expected = new TreeMap<PageKey, Difference>();
            for (var number = 0; number < 7; number++) {
                var token = Run.token(number);
                if (type.map(Run.type(token)::equals).orElse(Run.type(token).equals(ITEM))) {
                    expected(run, token, from, to, scope)
                            .ifPresent(difference -> expected.put(PageKey.of(token), difference));
                }
            }
            var found = new TreeMap<PageKey, Difference>();
            Optional<ObjectToken> after = Optional.empty();
            var more = true;
            while (more) {
                var slice = run.partition
                        .objects()
                        .differences(
                                new Selection(type, scope, Map.of()),
                                new Version(from),
                                new Version(to),
                                after,
                                1 + run.random.nextInt(3));
                for (var one : slice.objects()) {
                    assertThat(after.map(PageKey::of)
                                    .map(key -> PageKey.of(one.object()).compareTo(key) > 0)
                                    .orElse(true))
                            .as("in page order")
                            .isTrue();
                    after = Optional.of(one.object());
                    found.put(
                            PageKey.of(one.object()),
                            new Difference(one.kind(), attributes(one.set()), attributes(one.ended())));
                }
                more = slice.more();
            }
            assertThat(found).as("from %d to %d in %s", from, to, scope).isEqualTo(expected);
        }
    }

    @Seeds(200)
    void historiesAreWhatTheLogSays(long seed) {
        var run = new Run(seed);
        for (var i = 0; i < 30; i++) {
            run.write();
        }
        for (var i = 0; i < 40; i++) {
            var token = Run.token(run.random.nextInt(7));
            var attribute = run.random.nextBoolean() ? Optional.of(NAME) : Optional.<DefinitionName>empty();
            var scope = SCOPES.get(run.random.nextInt(2));
            var upTo = new Version(run.random.nextInt(run.copies.size()));
            var expected = new ArrayList<ObjectHistory.Entry>();
            var known = false;
            for (var entry : run.entries) {
                for (var change : entry.changes()) {
                    if (change.object().equals(token) && !entry.version().isAfter(upTo)) {
                        known = true;
                        expected(run, entry, change, attribute, scope).ifPresent(expected::add);
                    }
                }
            }
            var found = new ArrayList<ObjectHistory.Entry>();
            Optional<Version> after = Optional.empty();
            var more = known;
            while (more) {
                var history = run.partition
                        .history(
                                token,
                                new ObjectHistory.Query(attribute, scope, upTo, after, 1 + run.random.nextInt(4)))
                        .orElseThrow();
                found.addAll(history.entries());
                after = found.isEmpty()
                        ? after
                        : Optional.of(found.getLast().step().version());
                more = history.more();
            }
            assertThat(sorted(found)).isEqualTo(sorted(expected));
            if (!known) {
                assertThat(run.partition.history(
                                token, new ObjectHistory.Query(attribute, scope, upTo, Optional.empty(), 9)))
                        .isEmpty();
            }
        }
    }

    private static LogRow row(LogEntry entry) {
        return new LogRow(new Position(entry.version().number()), List.of(new LogRow.Step(entry, Optional.empty())));
    }

    /// One that lets go of rows now and then, beside one that keeps all: what it says that it holds is the same.
    @Seeds(200)
    void whoLetGoOfThePastSaysTheSameOfTheRest(long seed) {
        var run = new Run(seed);
        for (var i = 0; i < 40; i++) {
            run.write();
        }
        var whole = PartitionContents.of(PartitionImage.EMPTY);
        var left = PartitionContents.of(PartitionImage.EMPTY);
        for (var entry : run.entries) {
            whole.apply(row(entry));
            left.apply(row(entry));
            if (run.random.nextInt(3) == 0) {
                left.retain(run.random.nextInt(10));
            }
            if (run.random.nextInt(10) == 0) {
                left = PartitionContents.of(left.image());
            }
            for (var i = 0; i < 10; i++) {
                readsTheSame(run, left, whole);
            }
        }
        assertThat(left.floor()).isGreaterThan(Version.NONE);
        assertThat(left.floor()).isLessThanOrEqualTo(left.newest());
        assertThat(endedRows(left)).isLessThan(endedRows(whole));
    }

    /// One that begins with the state at a version, which comes in page by page, and goes on with the log: beside
    /// one that
    /// was there from the beginning.
    @Seeds(200)
    void whoBeganWithTheStateAtAVersionSaysTheSameOfAllThatFollowed(long seed) {
        var run = new Run(seed);
        for (var i = 0; i < 40; i++) {
            run.write();
        }
        var whole = PartitionContents.of(PartitionImage.EMPTY);
        run.entries.forEach(entry -> whole.apply(row(entry)));
        var begin = new Version(run.random.nextInt(run.copies.size()));
        var held = run.entries.getFirst();
        var copy = PartitionContents.of(PartitionImage.EMPTY);
        copy.apply(row(held)); // what the copy takes the place of
        var position = 1L;
        Optional<ObjectToken> after = Optional.empty();
        for (var more = true; more; ) {
            assertThat(copy.objects().image()).hasSize(held.changes().size());
            var slice = LoadedSlice.of(whole.objects(), begin, after, 1 + run.random.nextInt(3), 100);
            var part = new LoadPart(
                    after.isEmpty(), slice.objects(), slice.more() ? Optional.empty() : Optional.of(begin));
            copy.apply(new LogRow(new Position(++position), List.of(), List.of(), List.of(), Optional.of(part)));
            copy = run.random.nextInt(3) == 0 ? PartitionContents.of(copy.image()) : copy;
            after = slice.objects().isEmpty()
                    ? after
                    : Optional.of(slice.objects().getLast().object());
            more = slice.more();
        }
        assertThat(copy.isOfAnotherCopy(new Position(1))).isTrue();
        assertThat(copy.isOfAnotherCopy(new Position(position))).isFalse();
        for (var entry : run.entries.subList((int) begin.number(), run.entries.size())) {
            copy.apply(new LogRow(new Position(++position), List.of(new LogRow.Step(entry, Optional.empty()))));
        }
        for (var i = 0; i < 60; i++) {
            var span = whole.newest().number() - begin.number() + 1;
            var since = new Version(begin.number() + run.random.nextLong(span));
            var version = new Version(
                    since.number() + run.random.nextLong(whole.newest().number() - since.number() + 1));
            var scope = SCOPES.get(run.random.nextInt(2));
            var all = new Selection(Optional.empty(), scope, Map.of());
            assertThat(copy.objects().page(all, version, Order.PAGE_KEY, Optional.empty(), 10))
                    .isEqualTo(whole.objects().page(all, version, Order.PAGE_KEY, Optional.empty(), 10));
            assertThat(copy.objects().changes(all, since, version, Optional.empty(), 10))
                    .isEqualTo(whole.objects().changes(all, since, version, Optional.empty(), 10));
            assertThat(copy.objects().differences(all, version, since, Optional.empty(), 10))
                    .isEqualTo(whole.objects().differences(all, version, since, Optional.empty(), 10));
            var heads = Set.<Lookup>of(new Lookup.Head(Run.token(run.random.nextInt(7))));
            assertThat(copy.fetch(heads)).isEqualTo(whole.fetch(heads));
        }
    }

    private static long endedRows(PartitionContents contents) {
        return contents.image().objects().stream()
                .mapToLong(object -> object.ended().size())
                .sum();
    }

    private static void readsTheSame(Run run, PartitionContents left, PartitionContents whole) {
        var head = whole.newest();
        var version = new Version(run.random.nextLong(head.number() + 1));
        var since = new Version(run.random.nextLong(version.number() + 1));
        var token = Run.token(run.random.nextInt(7));
        var scope = SCOPES.get(run.random.nextInt(2));
        if (left.holds(token, version)) {
            assertThat(left.objects().object(token, version, scope))
                    .isEqualTo(whole.objects().object(token, version, scope));
        } else {
            assertThat(version).isLessThan(left.floor());
        }
        var all = new Selection(Optional.empty(), scope, Map.of());
        if (!left.floor().isAfter(version)) {
            assertThat(left.objects().page(all, version, Order.PAGE_KEY, Optional.empty(), 10))
                    .isEqualTo(whole.objects().page(all, version, Order.PAGE_KEY, Optional.empty(), 10));
            assertThat(left.objects().changes(all, since, version, Optional.empty(), 10))
                    .isEqualTo(whole.objects().changes(all, since, version, Optional.empty(), 10));
        }
        if (!left.floor().isAfter(since)) {
            assertThat(left.objects().differences(all, version, since, Optional.empty(), 10))
                    .isEqualTo(whole.objects().differences(all, version, since, Optional.empty(), 10));
        }
        var query = new ObjectHistory.Query(
                run.random.nextBoolean() ? Optional.of(PRICE) : Optional.empty(),
                scope,
                version,
                run.random.nextBoolean() ? Optional.of(since) : Optional.empty(),
                1 + run.random.nextInt(9));
        if (left.holdsHistory(token, query)) {
            assertThat(left.history(token, query)).isEqualTo(whole.history(token, query));
        }
        for (var lookup :
                List.of(new Lookup.Head(token), new Lookup.AsOf(token, version), new Lookup.LastLive(token))) {
            if (left.lackedBy(lookup, head).isEmpty()) {
                assertThat(left.fetch(List.of(lookup), head)).isEqualTo(whole.fetch(List.of(lookup), head));
            }
        }
    }

    /// What a version did to an object, where it is asked for.
    private static Optional<ObjectHistory.Entry> expected(
            Run run, LogEntry entry, ObjectChange change, Optional<DefinitionName> attribute, Scope scope) {
        var query = new ObjectHistory.Query(attribute, scope, entry.version(), Optional.empty(), 1);
        var set = change.set().stream()
                .map(value -> new Row(value, entry.version()))
                .filter(query::wants)
                .toList();
        var ended = change.ended().stream().filter(query::wants).toList();
        var before = run.copies.get((int) entry.version().number() - 1).containsKey(change.object());
        var bare = attribute.isEmpty() && (change.deleted() || !before);
        return set.isEmpty() && ended.isEmpty() && !bare
                ? Optional.empty()
                : Optional.of(new ObjectHistory.Entry(
                        new Written(entry.at(), entry.provenance()),
                        new ObjectHistory.Step(entry.version(), change.deleted(), set, ended)));
    }

    /// The rows of a step are in an order of their own.
    private static List<Object> sorted(List<ObjectHistory.Entry> entries) {
        return entries.stream()
                .<Object>map(entry -> List.of(
                        entry.written(),
                        entry.step().version(),
                        entry.step().deleted(),
                        Set.copyOf(entry.step().set()),
                        Set.copyOf(entry.step().ended())))
                .toList();
    }
}
